#pragma once

#include <string>

namespace breakwater {

/// Empties `text` and gives its memory back. `text = {}` keeps it: the library copies the short string into
/// the room that is there.
inline void free_memory(std::string& text) noexcept {
    std::string{}.swap(text);
}

} // namespace breakwater
