#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace breakwater::bench {

/// Takes one HTTP/1.1 response off a stream, by its Content-Length; one response at a time, as in a closed
/// loop. Our own server is at the other end, so this knows what that sends and calls everything else broken.
class response_reader {
public:
    enum class state : std::uint8_t { incomplete, complete, broken };
    static constexpr std::size_t max_bytes = 16U << 20;

    /// Takes what came. After `complete` or `broken`, call `reset` first.
    state feed(std::string_view bytes);
    void reset() noexcept;

    // Of a complete response:
    [[nodiscard]] unsigned status() const noexcept { return status_; }
    [[nodiscard]] bool keeps_alive() const noexcept { return keeps_alive_; }
    [[nodiscard]] std::string_view body() const noexcept {
        return std::string_view{text_}.substr(head_size_, body_size_);
    }
    /// Seconds of Retry-After; 0 where there is none.
    [[nodiscard]] unsigned retry_after() const noexcept { return retry_after_; }

private:
    [[nodiscard]] bool read_head();

    std::string text_;
    std::size_t head_size_ = 0; ///< 0: not all there yet
    std::size_t body_size_ = 0;
    unsigned status_ = 0;
    unsigned retry_after_ = 0;
    bool keeps_alive_ = true;
};

} // namespace breakwater::bench
