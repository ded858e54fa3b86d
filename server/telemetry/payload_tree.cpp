#include "telemetry/payload_tree.hpp"

#include "base/json_text.hpp"
#include "domain/field_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace breakwater::telemetry {

result<void> payload_tree::add(std::string_view name, std::size_t column) {
    auto path = parse_field_name(name);
    if (!path && path.error().code == errc::too_large)
        return fail(errc::invalid_input,
                    fmt::format("The column {:?} can't be read. {}", name, path.error().detail));
    if (!path)
        path = field_path{std::string{name}};
    std::size_t at = 0;
    for (const field_step& step : *path) {
        std::string token;
        if (const auto* key = std::get_if<std::string>(&step)) {
            append_json_string(token, *key);
            at = child(at, std::move(token), std::nullopt);
        } else {
            at = child(at, {}, std::get<std::size_t>(step));
        }
    }
    if (nodes_[at].column)
        return fail(errc::invalid_input, fmt::format("The column {:?} is there twice.", name));
    nodes_[at].column = column;
    return {};
}

std::size_t payload_tree::child(std::size_t parent, std::string token, std::optional<std::size_t> index) {
    node made{.token = std::move(token), .index = index.value_or(0)};
    auto& siblings = index ? nodes_[parent].elements : nodes_[parent].members;
    // Elements stand in their order, members as they come.
    const auto place = index
                           ? std::ranges::lower_bound(siblings, *index, {},
                                                      [this](std::size_t each) { return nodes_[each].index; })
                           : std::ranges::find(siblings, made.token,
                                               [this](std::size_t each) { return nodes_[each].token; });
    if (place != siblings.end() && nodes_[*place].index == made.index)
        return *place;
    siblings.insert(place, nodes_.size());
    nodes_.push_back(std::move(made)); // `siblings` is gone now
    return nodes_.size() - 1;
}

result<void> payload_tree::append(std::string& out, std::span<const std::string> cells,
                                  const append_value& value) const {
    const auto any = append(out, nodes_.front(), cells, value);
    if (!any)
        return std::unexpected(any.error());
    if (!*any)
        out += "{}";
    return {};
}

result<bool> payload_tree::append(std::string& out, const node& at, std::span<const std::string> cells,
                                  const append_value& value) const {
    int kinds = 0;
    if (at.column && !cells[*at.column].empty()) {
        value(out, cells[*at.column]);
        ++kinds;
    }
    bool any = false;
    for (const std::size_t each : at.members) {
        const std::size_t before = out.size();
        out += any ? ',' : '{';
        (out += nodes_[each].token) += ':';
        const auto there = append(out, nodes_[each], cells, value);
        if (!there)
            return there;
        any = any || *there;
        if (!*there)
            out.resize(before);
    }
    if (any) {
        out += '}';
        ++kinds;
    }
    std::size_t next = 0; // element
    for (const std::size_t each : at.elements) {
        const std::size_t before = out.size();
        const std::size_t first = next;
        for (; next < nodes_[each].index; ++next)
            out += next == 0 ? "[null" : ",null";
        out += next == 0 ? '[' : ',';
        const auto there = append(out, nodes_[each], cells, value);
        if (!there)
            return there;
        if (*there) {
            ++next;
        } else {
            out.resize(before);
            next = first;
        }
    }
    if (next > 0) {
        out += ']';
        ++kinds;
    }
    if (kinds > 1)
        return fail(errc::invalid_input, fmt::format("{} is a value and has fields, too.", at.token));
    return kinds == 1;
}

} // namespace breakwater::telemetry
