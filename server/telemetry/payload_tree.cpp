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
                    fmt::format("The column name {:?} is not valid. {}", name, path.error().detail));
    if (!path)
        path = field_path{std::string{name}};
    std::size_t current = 0;
    for (const field_step& step : *path) {
        std::string token;
        if (const auto* key = std::get_if<std::string>(&step)) {
            append_json_string(token, *key);
            current = child(current, std::move(token), std::nullopt);
        } else {
            current = child(current, {}, std::get<std::size_t>(step));
        }
    }
    if (nodes_[current].column)
        return fail(errc::invalid_input, fmt::format("The column {:?} appears twice.", name));
    nodes_[current].column = column;
    return {};
}

std::size_t payload_tree::child(std::size_t parent, std::string token, std::optional<std::size_t> index) {
    node created{.token = std::move(token), .index = index.value_or(0)};
    auto& siblings = index ? nodes_[parent].elements : nodes_[parent].members;
    // Elements are sorted by index, members keep the order of the columns.
    const auto index_of = [this](std::size_t sibling) { return nodes_[sibling].index; };
    const auto token_of = [this](std::size_t sibling) -> const std::string& { return nodes_[sibling].token; };
    const auto position = index ? std::ranges::lower_bound(siblings, *index, {}, index_of)
                                : std::ranges::find(siblings, created.token, token_of);
    if (position != siblings.end() && nodes_[*position].index == created.index)
        return *position;
    siblings.insert(position, nodes_.size());
    nodes_.push_back(std::move(created)); // invalidates `siblings`
    return nodes_.size() - 1;
}

result<void> payload_tree::append(std::string& out, std::span<const std::string> cells,
                                  const append_value& value) const {
    const auto has_content = append(out, nodes_.front(), cells, value);
    if (!has_content)
        return std::unexpected(has_content.error());
    if (!*has_content)
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
    bool has_members = false;
    for (const std::size_t member : at.members) {
        const std::size_t before = out.size();
        out += has_members ? ',' : '{';
        (out += nodes_[member].token) += ':';
        const auto appended = append(out, nodes_[member], cells, value);
        if (!appended)
            return appended;
        has_members = has_members || *appended;
        if (!*appended)
            out.resize(before);
    }
    if (has_members) {
        out += '}';
        ++kinds;
    }
    std::size_t next = 0; // index of the next element
    for (const std::size_t element : at.elements) {
        const std::size_t before = out.size();
        const std::size_t first = next;
        for (; next < nodes_[element].index; ++next)
            out += next == 0 ? "[null" : ",null";
        out += next == 0 ? '[' : ',';
        const auto appended = append(out, nodes_[element], cells, value);
        if (!appended)
            return appended;
        if (*appended) {
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
        return fail(errc::invalid_input, fmt::format("{} has both a value and fields.", at.token));
    return kinds == 1;
}

} // namespace breakwater::telemetry
