#include "storage/blocks/payload_shape.hpp"

#include "base/json_text.hpp"

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

std::vector<std::string> slot_paths(std::string_view shape) {
    std::vector<std::string> paths;
    std::string path;
    std::vector<std::size_t> above; // the path's length outside each open object or array
    std::size_t outside = 0;        // and outside the name that was read last
    for (std::size_t at = 0; at < shape.size(); ++at) {
        switch (shape[at]) {
        case '"': {
            const std::size_t end = json_string_end(shape, at);
            if (end == shape.npos)
                return paths;
            path.resize(outside);
            path += shape.substr(at, end - at);
            at = end - 1;
            break;
        }
        case '{':
        case '[':
            above.push_back(outside);
            outside = path.size();
            break;
        case '}':
        case ']':
            path.resize(outside);
            outside = above.empty() ? 0 : above.back();
            if (!above.empty())
                above.pop_back();
            break;
        case slot: paths.push_back(path); break;
        default: break;
        }
    }
    return paths;
}

} // namespace breakwater::storage::blocks
