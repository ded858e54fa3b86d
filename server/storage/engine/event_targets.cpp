#include "storage/engine/event_targets.hpp"

#include "base/json_text.hpp"

namespace breakwater::storage::engine {

std::optional<event_targets> read_event_targets(std::string_view type, std::string_view id,
                                                std::string_view others) {
    event_targets out;
    if (type.empty())
        return out;
    const auto first_kind = parse_target_type(type);
    if (!first_kind)
        return std::nullopt;
    out.first = event_target{*first_kind, std::string{id}};
    const auto elements = split_json_array(others, max_other_targets);
    if (!elements)
        return std::nullopt;
    for (const std::string_view element : *elements) {
        const auto pair = split_json_array(element, 2);
        if (!pair || pair->size() != 2)
            return std::nullopt;
        const auto kind = parse_target_type(unescape_json_string((*pair)[0]));
        if (!kind)
            return std::nullopt;
        out.others.push_back({*kind, unescape_json_string((*pair)[1])});
    }
    return out;
}

std::string other_targets_text(const std::vector<event_target>& others) {
    std::string out = "[";
    for (const event_target& target : others) {
        out += out.size() > 1 ? R"(,[")" : R"([")";
        out += to_string(target.type);
        out += "\",";
        append_json_string(out, target.id);
        out += ']';
    }
    out += ']';
    return out;
}

} // namespace breakwater::storage::engine
