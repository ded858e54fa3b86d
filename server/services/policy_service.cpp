#include "services/policy_service.hpp"

#include <fmt/format.h>

namespace breakwater::services {

namespace {

/// For the audit log: what is decided, in the API's words.
std::string sentence_of(const reading_policy& decided) {
    std::string out;
    const auto add = [&out](std::string_view name, const std::optional<std::int64_t>& value) {
        if (value)
            out += fmt::format("{}{} {}", out.empty() ? "" : ", ", name, *value);
    };
    if (decided.min_interval)
        add("min_interval_ms",
            std::chrono::duration_cast<std::chrono::milliseconds>(*decided.min_interval).count());
    add("payload_limit_bytes", decided.payload_limit_bytes);
    add("backfill_per_second", decided.backfill_per_second);
    add("backfill_burst", decided.backfill_burst);
    add("keep_readings_days", decided.keep_readings_days);
    add("keep_rollups_days", decided.keep_rollups_days);
    return out.empty() ? "nothing" : out;
}

event_target policy_target(category kind) {
    return {target_type::policy, std::string{info(kind).slug}};
}

} // namespace

result<policy_view> policy_service::of(const device_id& device, category kind, const caller& who) {
    if (auto allowed = devices_.authorise(device, who); !allowed)
        return pass(std::move(allowed));
    return policy_view{policies_.decided_for(device), policies_.of(device, kind)};
}

policy_view policy_service::of(category kind) const {
    const reading_policy decided = policies_.decided_for(kind);
    return {decided, policies_.defaults().with(decided)};
}

template <class Change>
void policy_service::apply(const std::vector<device>& concerned, const Change& change) {
    std::vector<std::chrono::seconds> before;
    before.reserve(concerned.size());
    for (const device& each : concerned)
        before.push_back(expected_interval(each));
    change();
    for (std::size_t n = 0; n < concerned.size(); ++n)
        if (expected_interval(concerned[n]) != before[n])
            interval_changed_(concerned[n]);
}

result<void> policy_service::put(const device_id& device, const reading_policy& decided, const caller& who) {
    return changes_.write(
        event_type::policy_update, "Policy of a device", target_of(target_type::device, device), who,
        [&](storage::transaction& tx) -> result<void> {
            if (auto done = tx.policies().put(device, decided); !done)
                return done;
            const auto found = tx.devices().find(device);
            if (!found)
                return std::unexpected(found.error());
            std::vector<breakwater::device> concerned;
            if (*found)
                concerned.push_back(**found);
            auto recorded = tx.audit().append(
                event_of(who, clock_.now(), event_type::policy_update, event_status::success,
                         target_of(target_type::device, device),
                         fmt::format("Policy of device {}: {}.", device.to_string(), sentence_of(decided))));
            if (!recorded)
                return pass(std::move(recorded));
            tx.after_commit([this, device, decided, concerned = std::move(concerned)] {
                apply(concerned, [&] { policies_.put(device, decided); });
            });
            return {};
        });
}

result<void> policy_service::put(category kind, const reading_policy& decided, const caller& who) {
    return changes_.write(
        event_type::policy_update, "Policy of a category", policy_target(kind), who,
        [&](storage::transaction& tx) -> result<void> {
            if (auto done = tx.policies().put(kind, decided); !done)
                return done;
            auto concerned = tx.devices().list({.category = kind});
            if (!concerned)
                return pass(std::move(concerned));
            auto recorded = tx.audit().append(event_of(
                who, clock_.now(), event_type::policy_update, event_status::success, policy_target(kind),
                fmt::format("Policy of category {}: {}.", info(kind).slug, sentence_of(decided))));
            if (!recorded)
                return pass(std::move(recorded));
            tx.after_commit([this, kind, decided, concerned = std::move(*concerned)] {
                apply(concerned, [&] { policies_.put(kind, decided); });
            });
            return {};
        });
}

} // namespace breakwater::services
