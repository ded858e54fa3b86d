#pragma once

#include "base/result.hpp"

#include <string>
#include <vector>

namespace breakwater::testing {

/// The field errors as `loc: msg` lines, in order; empty if the input was accepted.
template <class T>
std::vector<std::string> complaints(const result<T>& outcome) {
    std::vector<std::string> out;
    if (!outcome)
        for (const field_error& field : outcome.error().fields)
            out.push_back(field.loc + ": " + field.msg);
    return out;
}

/// `text`, repeated `count` times.
inline std::string repeat(std::size_t count, const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i)
        out += text;
    return out;
}

using lines = std::vector<std::string>;

} // namespace breakwater::testing
