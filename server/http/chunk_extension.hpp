#pragma once

#include <cstdint>

namespace breakwater::http {

/// Validates the text between the size of a chunk and its CRLF (RFC 9112 section 7.1.1):
///     chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS ( token / quoted-string ) ] )
/// Reads one byte at a time and ignores the extension, as the section requires for unknown extensions.
/// Refuses white space without an extension after it, such as `5 CRLF`.
class chunk_extension {
public:
    /// Reads the next byte. False if the grammar does not allow it here.
    [[nodiscard]] bool step(char c) noexcept;
    /// Whether the line may end here.
    [[nodiscard]] bool may_end() const noexcept;

private:
    enum class state : std::uint8_t {
        after_size,
        before_semicolon, ///< after white space
        before_name,
        name,
        after_name, ///< after white space
        before_value,
        value,
        quoted,
        escaped,
        after_quoted
    };

    state state_ = state::after_size;
};

} // namespace breakwater::http
