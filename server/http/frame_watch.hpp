#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace breakwater::http {

/// Whether an endpoint may send that code in a close frame (RFC 6455 section 7.4): one that the RFC or IANA's
/// registry defines for that, or one of 3000 to 4999.
[[nodiscard]] constexpr bool is_sendable_close_code(unsigned code) noexcept {
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

/// Follows the frames (RFC 6455 section 5.2) in the bytes that a client sends, to see what Beast doesn't
/// tell: frames that cost work and bring no message, and close codes that it takes though nobody may send
/// them. Whatever else is wrong with a frame is Beast's to refuse. One object a connection.
class frame_watch {
public:
    /// Takes the next bytes. Returns how many frames began in them that bring no message further: pings,
    /// pongs, and pieces without a byte that aren't a message's last.
    [[nodiscard]] std::size_t pass(std::string_view bytes) noexcept;
    /// A close frame had a code that nobody may send.
    [[nodiscard]] bool bad_close_code() const noexcept { return bad_close_code_; }

private:
    [[nodiscard]] std::size_t header_length() const noexcept;
    [[nodiscard]] bool begin_payload() noexcept;
    void take_close_byte(char byte) noexcept;

    std::array<unsigned char, 14> header_{};
    std::size_t header_bytes_ = 0; ///< of `header_`; 0 within a payload
    std::uint64_t left_ = 0;       ///< of the payload
    std::size_t close_bytes_ = 2;  ///< of a close code that were taken; 2: none is expected
    unsigned close_code_ = 0;
    bool bad_close_code_ = false;
};

} // namespace breakwater::http
