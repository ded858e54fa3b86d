#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace breakwater::bench {

/// Reads one HTTP/1.1 response with a Content-Length, or in chunks (RFC 9112 section 7.1), from a stream. It
/// supports only what our own server sends: no chunk extensions, no trailers. Everything else is `broken`,
/// also bytes after the response.
class response_reader {
public:
    enum class state : std::uint8_t { incomplete, complete, broken };
    static constexpr std::size_t max_bytes = 16U << 20;

    /// Adds received bytes. After `complete` or `broken`, call `reset` first.
    state feed(std::string_view bytes);
    void reset() noexcept;

    // REQUIRES: the response is complete.
    [[nodiscard]] unsigned status() const noexcept { return status_; }
    [[nodiscard]] bool keeps_alive() const noexcept { return keeps_alive_; }
    [[nodiscard]] std::string_view body() const noexcept {
        return chunked_ ? std::string_view{decoded_} : std::string_view{text_}.substr(head_size_, body_size_);
    }
    /// Seconds of Retry-After; 0 without this header.
    [[nodiscard]] unsigned retry_after() const noexcept { return retry_after_; }

private:
    [[nodiscard]] bool read_head();
    [[nodiscard]] state read_chunks();

    std::string text_;
    std::string decoded_;      ///< the body, if it comes in chunks
    std::size_t chunk_at_ = 0; ///< where the next chunk begins in `text_`
    bool chunked_ = false;
    std::size_t head_size_ = 0; ///< 0: the head is incomplete
    std::size_t body_size_ = 0;
    unsigned status_ = 0;
    unsigned retry_after_ = 0;
    bool keeps_alive_ = true;
};

} // namespace breakwater::bench
