#pragma once

#include <string>
#include <string_view>

namespace breakwater::storage::engine {

/// The text with a symbol (U+2400) in place of each U+0000. For the audit log of a backend whose texts can't
/// contain this character: no request may prevent its own record.
[[nodiscard]] inline std::string with_nul_symbols(std::string_view text) {
    std::string out;
    for (const char character : text)
        if (character == '\0')
            out += "\u2400";
        else
            out += character;
    return out;
}

} // namespace breakwater::storage::engine
