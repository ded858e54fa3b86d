#pragma once

#include "http/chunk_extension.hpp"
#include "http/request_validator.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace breakwater::http {

/// Decodes a chunked body (RFC 9112 section 7.1), as strictly as the request validator reads a header: CRLF
/// only, sizes of hexadecimal digits only. Validates chunk extensions and trailer fields, limits their size
/// and ignores them. One object per body.
class chunked_decoder {
public:
    /// `max_body`: limit for the decoded bytes.
    explicit chunked_decoder(std::size_t max_body) noexcept : max_body_{max_body} {}

    /// Decodes as much of `bytes` as possible, removes that from the front and appends the data to `out`.
    [[nodiscard]] verdict feed(std::string_view& bytes, std::string& out);
    [[nodiscard]] bool done() const noexcept { return state_ == state::done; }

    static constexpr std::size_t max_extension_bytes = 4U << 10; ///< for all chunks of a body together
    static constexpr std::size_t max_trailer_bytes = 4U << 10;

private:
    enum class state : std::uint8_t {
        size,
        extension,
        size_lf,
        data,
        data_cr,
        data_lf,
        trailer_start,
        trailer,
        trailer_lf,
        end_lf,
        done
    };

    verdict step(char c);
    verdict step_size(char c);
    verdict step_trailer(char c);

    const std::size_t max_body_;
    state state_ = state::size;
    unsigned size_digits_ = 0;
    std::uint64_t remaining_ = 0; ///< bytes of the chunk
    std::size_t total_ = 0;       ///< bytes of the chunks so far
    chunk_extension extension_;   ///< of the chunk
    std::size_t extension_bytes_ = 0;
    std::size_t trailer_bytes_ = 0;
    bool in_trailer_name_ = false;
};

} // namespace breakwater::http
