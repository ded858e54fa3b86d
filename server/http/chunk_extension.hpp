#pragma once

#include <cstdint>

namespace breakwater::http {

/// What may stand between a chunk's size and its CRLF (RFC 9112 section 7.1.1):
///     chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS ( token / quoted-string ) ] )
/// Read a byte at a time and forgotten: no extension is known here (which is what the section asks for).
/// White space must be followed by what the grammar puts there, so `5 CRLF` is none.
class chunk_extension {
public:
    /// Takes a byte. False where the grammar has none such there.
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
