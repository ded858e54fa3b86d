#include "live/subscriptions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

namespace breakwater::live {

namespace {

result<bool> flag(const json_document& from, std::string_view name, bool missing) {
    const auto* found = from.find(name);
    if (found == nullptr)
        return missing;
    if (found->kind != json_kind::boolean)
        return fail(errc::invalid_input, fmt::format("{} must be true or false.", name));
    return from.value(*found) == "true";
}

/// Calls `take` with each text of an array that may be missing; it says whether the text makes sense.
result<void> each_text(const json_document& from, std::string_view name, std::size_t most,
                       const std::function<bool(std::string)>& take) {
    const auto* found = from.find(name);
    if (found == nullptr)
        return {};
    const auto wrong = [name] {
        return fail(errc::invalid_input, fmt::format("{} must be an array of what there is.", name));
    };
    if (found->kind != json_kind::array)
        return wrong();
    const auto elements = split_json_array(from.value(*found), most);
    if (!elements)
        return fail(errc::invalid_input, fmt::format("{} has more than {} elements.", name, most));
    for (const std::string_view each : *elements)
        if (!each.starts_with('"') || !take(unescape_json_string(each)))
            return wrong();
    return {};
}

} // namespace

result<void> subscriptions::add(const json_document& described, bool administrator) {
    const auto* id = described.find("id");
    if (id == nullptr || id->kind != json_kind::string || id->length > longest_id)
        return fail(errc::invalid_input, fmt::format("id must be a text of at most {} bytes.", longest_id));
    std::string name = unescape_json_string(described.value(*id));
    if (wanted_.size() >= most && !wanted_.contains(name))
        return fail(errc::invalid_input, fmt::format("There may be {} subscriptions.", most));
    subscription made;
    const auto all = flag(described, "all", false);
    const auto security = flag(described, "security_events", false);
    const auto alerts = flag(described, "alerts", false);
    const auto simulated = flag(described, "include_simulated", true);
    for (const auto* each : {&all, &security, &alerts, &simulated})
        if (!*each)
            return std::unexpected(each->error());
    made.all = *all;
    made.security_events = *security;
    made.alerts = *alerts;
    made.simulated = *simulated;
    if (made.security_events && !administrator)
        return fail(errc::forbidden, "Only an administrator may hear of security events.");
    if (auto taken = each_text(described, "devices", most_devices,
                               [&](const std::string& text) {
                                   const auto device = uuid::parse(text);
                                   return device && (made.devices.insert(*device), true);
                               });
        !taken)
        return taken;
    if (auto taken = each_text(described, "categories", category_count,
                               [&](const std::string& text) {
                                   const auto kind = parse_category(text);
                                   made.categories |= kind ? 1U << std::to_underlying(*kind) : 0U;
                                   return kind.has_value();
                               });
        !taken)
        return taken;
    if (!made.all && !made.security_events && !made.alerts && made.categories == 0 && made.devices.empty())
        return fail(errc::invalid_input,
                    "A subscription names devices, categories, all, security_events or alerts.");
    wanted_.insert_or_assign(std::move(name), std::move(made));
    return {};
}

bool subscriptions::wants(const live_event& event) const {
    return std::ranges::any_of(wanted_, [&](const auto& entry) {
        const subscription& each = entry.second;
        if (event.simulated && !each.simulated)
            return false;
        if (event.kind == live_kind::security_event)
            return each.security_events;
        if (event.kind == live_kind::alert)
            return each.alerts;
        if (event.gone && each.categories != 0)
            return true; // of which kind it was isn't known any more
        return each.all || (each.categories >> std::to_underlying(event.category) & 1U) != 0 ||
               each.devices.contains(event.device);
    });
}

} // namespace breakwater::live
