#pragma once

#include "base/result.hpp"

#include <string>
#include <vector>

namespace breakwater::testing {

/// What was found wrong as `loc: msg` lines, in order; empty where the input was taken.
template <class T>
std::vector<std::string> complaints(const result<T>& outcome) {
    std::vector<std::string> lines;
    if (!outcome)
        for (const field_error& bad : outcome.error().fields)
            lines.push_back(bad.loc + ": " + bad.msg);
    return lines;
}

/// `text` so many times.
inline std::string times(std::size_t count, const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i)
        out += text;
    return out;
}

using lines = std::vector<std::string>;

} // namespace breakwater::testing
