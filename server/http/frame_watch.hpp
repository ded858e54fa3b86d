#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace breakwater::http {

/// Whether an endpoint may send that code in a close frame (RFC 6455 section 7.4): the codes that the RFC or
/// the IANA registry defines for this use, and 3000 to 4999.
[[nodiscard]] constexpr bool is_sendable_close_code(unsigned code) noexcept {
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

/// Parses the frame headers (RFC 6455 section 5.2) in the bytes from a client, to detect what Beast does not
/// report: frames that cost work but carry no message data, and invalid close codes, which Beast accepts.
/// Beast refuses all other invalid frames. One object per connection.
class frame_watch {
public:
    /// Parses the next bytes. Returns the number of frame headers completed in them that carry no message
    /// data: pings, pongs, and empty fragments other than the last of a message.
    [[nodiscard]] std::size_t parse(std::string_view bytes) noexcept;
    /// Whether a close frame had an invalid code.
    [[nodiscard]] bool bad_close_code() const noexcept { return bad_close_code_; }

private:
    [[nodiscard]] std::size_t header_length() const noexcept;
    [[nodiscard]] bool begin_payload() noexcept;
    void read_close_byte(char byte) noexcept;

    std::array<unsigned char, 14> header_{};
    std::size_t header_bytes_ = 0; ///< bytes in `header_`; 0 within a payload
    std::uint64_t remaining_ = 0;  ///< bytes of the payload to come
    std::size_t close_bytes_ = 2;  ///< bytes read of a close code; 2: none is expected
    unsigned close_code_ = 0;
    bool bad_close_code_ = false;
};

} // namespace breakwater::http
