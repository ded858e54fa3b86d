#include "telemetry/payload_fields.hpp"

#include <array>
#include <cstddef>

namespace breakwater::telemetry {

namespace {

constexpr std::size_t max_depth = 64; ///< beyond what `read_json` lets in

/// The length of the string token at the front of `text`, with its quotes; 0 where there is none.
std::size_t string_length(std::string_view text) noexcept {
    if (!text.starts_with('"'))
        return 0;
    const std::size_t end = json_string_end(text, 0);
    return end == text.npos ? 0 : end;
}

/// The length of a scalar, an array or an object at the front; 0 where it isn't whole.
std::size_t value_length(std::string_view text) noexcept {
    std::size_t depth = 0;
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        if (c == '"') {
            const std::size_t length = string_length(text.substr(at));
            if (length == 0)
                return 0;
            at += length;
            if (depth == 0)
                return at;
            continue;
        }
        if (depth == 0 && (c == ',' || c == '}' || c == ']'))
            return at;
        ++at;
        if (c == '{' || c == '[')
            ++depth;
        else if ((c == '}' || c == ']') && --depth == 0)
            return at;
    }
    return depth == 0 ? text.size() : 0;
}

/// Appends the name so that each has one spelling: escapes are rare, and resolved where they are.
void append_name(std::string& path, std::string_view token) {
    if (token.find('\\') == token.npos)
        path += token;
    else
        append_json_string(path, unescape_json_string(token));
}

} // namespace

void for_each_field(std::string_view payload, const std::function<void(const payload_field&)>& visit) {
    std::string path;
    std::array<std::size_t, max_depth> above{}; // the path's length outside each open object
    std::size_t depth = 1;
    if (!payload.starts_with('{'))
        return;
    payload.remove_prefix(1);
    while (depth > 0 && !payload.empty()) {
        if (payload.front() == '}') {
            payload.remove_prefix(1);
            path.resize(above[--depth]);
            continue;
        }
        if (payload.front() == ',')
            payload.remove_prefix(1);
        const std::size_t name_length = string_length(payload);
        if (name_length == 0 || name_length + 2 > payload.size())
            return;
        const std::size_t outside = path.size();
        append_name(path, payload.substr(0, name_length));
        payload.remove_prefix(name_length + 1); // and the colon
        if (payload.starts_with('{') && !payload.starts_with("{}")) {
            if (depth == max_depth)
                return;
            above[depth++] = outside;
            payload.remove_prefix(1);
            continue;
        }
        const std::size_t length = value_length(payload);
        if (length == 0)
            return;
        visit({path, json_kind_of(payload.front()), payload.substr(0, length)});
        path.resize(outside);
        payload.remove_prefix(length);
    }
}

} // namespace breakwater::telemetry
