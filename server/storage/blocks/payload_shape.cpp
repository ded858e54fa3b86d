#include "storage/blocks/payload_shape.hpp"

#include "base/json_text.hpp"
#include "domain/field_name.hpp"

#include <cstddef>

namespace breakwater::storage::blocks {

namespace {

std::size_t scalar_length(std::string_view text, std::size_t at) noexcept {
    std::size_t end = at;
    while (end < text.size() && text[end] != ',' && text[end] != '}' && text[end] != ']')
        ++end;
    return end - at;
}

} // namespace

bool take_apart(std::string_view text, std::string& shape, std::vector<std::string_view>& values) {
    shape.clear();
    const std::size_t before = values.size();
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        if (c == '"') {
            const std::size_t end = json_string_end(text, at);
            if (end == text.npos)
                break;
            const std::string_view token = text.substr(at, end - at);
            at = end;
            if (at < text.size() && text[at] == ':') {
                if (token.find(slot) != token.npos)
                    break;
                shape += token;
            } else {
                shape += slot;
                values.push_back(token);
            }
        } else if (c == '{' || c == '}' || c == '[' || c == ']' || c == ',' || c == ':') {
            shape += c;
            ++at;
        } else {
            const std::size_t length = scalar_length(text, at);
            shape += slot;
            values.push_back(text.substr(at, length));
            at += length;
        }
        if (at == text.size())
            return true;
    }
    values.resize(before);
    return text.empty();
}

std::vector<std::string> slot_names(std::string_view shape) {
    struct container {
        std::size_t length; ///< of its own name
        std::size_t next;   ///< element
        bool is_array;
    };
    std::vector<std::string> names;
    std::string name; // of what is read, or is about to be
    std::vector<container> open;
    std::size_t array_depth = 0; // of the outermost array around; 0: none
    std::size_t named = 0;       // of its values
    const auto begin_value = [&] {
        if (open.empty() || !open.back().is_array)
            return; // the key was its name
        name.resize(open.back().length);
        append_field_index(name, open.back().next++);
    };
    for (std::size_t at = 0; at < shape.size(); ++at) {
        switch (shape[at]) {
        case '"': {
            const std::size_t end = json_string_end(shape, at);
            if (end == shape.npos)
                return names;
            name.resize(open.empty() ? 0 : open.back().length);
            append_field_key(name, unescape_json_string(shape.substr(at, end - at)));
            at = end - 1;
            break;
        }
        case '{':
        case '[':
            begin_value();
            open.push_back({.length = name.size(), .next = 0, .is_array = shape[at] == '['});
            if (shape[at] == '[' && array_depth == 0) {
                array_depth = open.size();
                named = 0;
            }
            break;
        case '}':
        case ']':
            if (open.size() == array_depth)
                array_depth = 0;
            else if (at > 0 && (shape[at - 1] == '{' || shape[at - 1] == '['))
                ++named; // an empty one is a value, too
            if (!open.empty())
                open.pop_back();
            break;
        case slot:
            begin_value();
            names.push_back(array_depth == 0 || named < max_array_values ? name : std::string{});
            ++named;
            break;
        default: break;
        }
    }
    return names;
}

} // namespace breakwater::storage::blocks
