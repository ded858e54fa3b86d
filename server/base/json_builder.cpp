#include "base/json_builder.hpp"

#include "base/json_text.hpp"

#include <cstddef>
#include <utility>

namespace breakwater {

void json_builder::add(std::string_view value) {
    if (!empty())
        text_ += ',';
    text_ += value;
}

void json_builder::add(std::string_view key, std::string_view value) {
    add(json_string(key));
    text_ += ':';
    text_ += value;
}

std::string json_builder::finish() && {
    text_ += close_;
    return std::move(text_);
}

std::string json_string(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

std::string indented_json(std::string_view json) {
    std::string out;
    std::size_t depth = 0;
    bool in_string = false;
    const auto new_line = [&] {
        out += '\n';
        out.append(depth * 2, ' ');
    };
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (in_string) {
            out += c;
            if (c == '\\')
                out += json[++i];
            else if (c == '"')
                in_string = false;
            continue;
        }
        switch (c) {
        case ' ':
        case '\n':
        case '\r':
        case '\t': break;
        case '{':
        case '[':
            out += c;
            ++depth;
            new_line();
            break;
        case '}':
        case ']':
            --depth;
            if (const auto last = out.find_last_not_of(" \n"); out[last] == (c == '}' ? '{' : '['))
                out.resize(last + 1); // an empty object or array stays on one line
            else
                new_line();
            out += c;
            break;
        case ',':
            out += c;
            new_line();
            break;
        case ':': out += ": "; break;
        case '"': in_string = true; [[fallthrough]];
        default: out += c;
        }
    }
    out += '\n';
    return out;
}

} // namespace breakwater
