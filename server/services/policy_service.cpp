#include "services/policy_service.hpp"

#include <fmt/format.h>

namespace breakwater::services {

namespace {

/// For the audit log: the configured settings, with their API names.
std::string sentence_of(const reading_policy& policy) {
    std::string out;
    const auto add = [&out](std::string_view name, const std::optional<std::int64_t>& value) {
        if (value)
            out += fmt::format("{}{} {}", out.empty() ? "" : ", ", name, *value);
    };
    if (policy.min_interval)
        add("min_interval_ms",
            std::chrono::duration_cast<std::chrono::milliseconds>(*policy.min_interval).count());
    add("payload_limit_bytes", policy.payload_limit_bytes);
    add("backfill_per_second", policy.backfill_per_second);
    add("backfill_burst", policy.backfill_burst);
    add("keep_readings_days", policy.keep_readings_days);
    add("keep_rollups_days", policy.keep_rollups_days);
    return out.empty() ? "defaults" : out;
}

event_target policy_target(category kind) {
    return {target_type::policy, std::string{info(kind).slug}};
}

} // namespace

result<policy_view> policy_service::of(const device_id& device, category kind, const caller& caller) {
    if (auto allowed = devices_.authorise(identity::action::see_device, device, caller); !allowed)
        return pass(std::move(allowed));
    return policy_view{policies_.configured_for(device), policies_.of(device, kind)};
}

policy_view policy_service::of(category kind) const {
    const reading_policy policy = policies_.configured_for(kind);
    return {policy, policies_.defaults().overridden_by(policy)};
}

result<void> policy_service::publish(storage::transaction& tx,
                                     const registry::policy_registry::scope& changed,
                                     const reading_policy& policy, std::vector<device> devices) {
    std::erase_if(devices, [&](const device& item) {
        return policies_.expected_interval(item.id, item.category) ==
               policies_.expected_interval(item.id, item.category, changed, policy);
    });
    return tx.changes().publish(policy_saved{changed, policy, std::move(devices)});
}

result<void> policy_service::put(const device_id& device, const reading_policy& policy,
                                 const caller& caller) {
    return changes_.write(
        event_type::policy_update, "Policy of a device", target_of(target_type::device, device), caller,
        [&](storage::transaction& tx) -> result<void> {
            if (auto saved = tx.policies().put(device, policy); !saved)
                return saved;
            const auto stored = tx.devices().find(device);
            if (!stored)
                return std::unexpected(stored.error());
            std::vector<breakwater::device> changed;
            if (*stored)
                changed.push_back(**stored);
            auto recorded = tx.audit().append(
                event_of(caller, clock_.now(), event_type::policy_update, event_status::success,
                         target_of(target_type::device, device),
                         fmt::format("Policy of device {}: {}.", device.to_string(), sentence_of(policy))));
            if (!recorded)
                return pass(std::move(recorded));
            return publish(tx, device, policy, std::move(changed));
        });
}

result<void> policy_service::put(category kind, const reading_policy& policy, const caller& caller) {
    return changes_.write(
        event_type::policy_update, "Policy of a category", policy_target(kind), caller,
        [&](storage::transaction& tx) -> result<void> {
            if (auto saved = tx.policies().put(kind, policy); !saved)
                return saved;
            auto devices = tx.devices().list({.category = kind});
            if (!devices)
                return pass(std::move(devices));
            auto recorded = tx.audit().append(event_of(
                caller, clock_.now(), event_type::policy_update, event_status::success, policy_target(kind),
                fmt::format("Policy of category {}: {}.", info(kind).slug, sentence_of(policy))));
            if (!recorded)
                return pass(std::move(recorded));
            return publish(tx, kind, policy, std::move(*devices));
        });
}

} // namespace breakwater::services
