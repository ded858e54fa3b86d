#include "live/subscriptions.hpp"

#include "identity/authorizer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

namespace breakwater::live {

namespace {

result<bool> read_flag(const json_document& object, std::string_view name, bool default_value) {
    const auto* member = object.find(name);
    if (member == nullptr)
        return default_value;
    if (member->kind != json_kind::boolean)
        return fail(errc::invalid_input, fmt::format("{} must be true or false.", name));
    return object.value(*member) == "true";
}

/// Calls `add` with each string of an optional array. `add` returns whether the string is valid.
result<void> read_strings(const json_document& object, std::string_view name, std::size_t max_count,
                          const std::function<bool(std::string)>& add) {
    const auto* member = object.find(name);
    if (member == nullptr)
        return {};
    const auto invalid = [name] {
        return fail(errc::invalid_input, fmt::format("{0} must be an array of valid {0}.", name));
    };
    if (member->kind != json_kind::array)
        return invalid();
    const auto elements = split_json_array(object.value(*member), max_count);
    if (!elements)
        return fail(errc::invalid_input, fmt::format("{} has more than {} elements.", name, max_count));
    for (const std::string_view element : *elements)
        if (!element.starts_with('"') || !add(unescape_json_string(element)))
            return invalid();
    return {};
}

} // namespace

result<void> subscriptions::add(const json_document& description, const identity::principal& client) {
    const auto* id = description.find("id");
    if (id == nullptr || id->kind != json_kind::string || id->length > max_id_length)
        return fail(errc::invalid_input,
                    fmt::format("id must be a string of at most {} bytes.", max_id_length));
    std::string name = unescape_json_string(description.value(*id));
    if (by_id_.size() >= max_count && !by_id_.contains(name))
        return fail(errc::invalid_input, fmt::format("There may be at most {} subscriptions.", max_count));
    subscription added;
    const auto all = read_flag(description, "all", false);
    const auto security = read_flag(description, "security_events", false);
    const auto alerts = read_flag(description, "alerts", false);
    const auto simulated = read_flag(description, "include_simulated", true);
    for (const auto* flag : {&all, &security, &alerts, &simulated})
        if (!*flag)
            return std::unexpected(flag->error());
    added.all = *all;
    added.security_events = *security;
    added.alerts = *alerts;
    added.include_simulated = *simulated;
    if (added.security_events && !may(client, identity::action::read_audit_log))
        return fail(errc::forbidden, "Only an administrator may subscribe to security events.");
    if (auto read = read_strings(description, "devices", max_devices,
                                 [&](const std::string& text) {
                                     const auto device = uuid::parse(text);
                                     return device && (added.devices.insert(*device), true);
                                 });
        !read)
        return read;
    if (auto read = read_strings(description, "categories", category_count,
                                 [&](const std::string& text) {
                                     const auto category = parse_category(text);
                                     added.categories |= category ? 1U << std::to_underlying(*category) : 0U;
                                     return category.has_value();
                                 });
        !read)
        return read;
    if (!added.all && !added.security_events && !added.alerts && added.categories == 0 &&
        added.devices.empty())
        return fail(errc::invalid_input,
                    "A subscription must have devices, categories, all, security_events or alerts.");
    by_id_.insert_or_assign(std::move(name), std::move(added));
    return {};
}

bool subscriptions::matches(const live_event& event) const {
    return std::ranges::any_of(by_id_, [&](const auto& entry) {
        const subscription& selection = entry.second;
        if (event.simulated && !selection.include_simulated)
            return false;
        if (event.kind == live_kind::security_event)
            return selection.security_events;
        if (event.kind == live_kind::alert)
            return selection.alerts;
        if (event.is_removal && selection.categories != 0)
            return true; // the category of a deleted device is not known
        return selection.all || (selection.categories >> std::to_underlying(event.category) & 1U) != 0 ||
               selection.devices.contains(event.device);
    });
}

} // namespace breakwater::live
