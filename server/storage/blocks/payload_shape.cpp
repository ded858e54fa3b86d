#include "storage/blocks/payload_shape.hpp"

#include "base/json_text.hpp"
#include "domain/field_name.hpp"

#include <cstddef>

namespace breakwater::storage::blocks {

namespace {

std::size_t scalar_length(std::string_view text, std::size_t start) noexcept {
    std::size_t end = start;
    while (end < text.size() && text[end] != ',' && text[end] != '}' && text[end] != ']')
        ++end;
    return end - start;
}

} // namespace

bool split_payload(std::string_view text, std::string& shape, std::vector<std::string_view>& values) {
    shape.clear();
    const std::size_t old_size = values.size();
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
    values.resize(old_size);
    return text.empty();
}

std::vector<std::string> slot_names(std::string_view shape) {
    struct container {
        std::size_t length; ///< length of the container's name in `name`
        std::size_t next;   ///< index of the next array element
        bool is_array;
    };
    std::vector<std::string> names;
    std::string name; // name of the current or next value
    std::vector<container> open;
    std::size_t array_depth = 0;  // depth of the outermost enclosing array; 0: not in an array
    std::size_t array_values = 0; // values counted so far in that array
    const auto begin_value = [&] {
        if (open.empty() || !open.back().is_array)
            return; // the key has set the name
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
                array_values = 0;
            }
            break;
        case '}':
        case ']':
            if (open.size() == array_depth)
                array_depth = 0;
            else if (at > 0 && (shape[at - 1] == '{' || shape[at - 1] == '['))
                ++array_values; // an empty container counts as a value
            if (!open.empty())
                open.pop_back();
            break;
        case slot:
            begin_value();
            names.push_back(array_depth == 0 || array_values < max_array_values ? name : std::string{});
            ++array_values;
            break;
        default: break;
        }
    }
    return names;
}

} // namespace breakwater::storage::blocks
