#pragma once

#include <string>

namespace breakwater {

/// Empties `text` and frees its memory. `text = {}` would keep the memory: the standard library copies the
/// short string into the existing buffer.
inline void free_memory(std::string& text) noexcept {
    std::string{}.swap(text);
}

} // namespace breakwater
