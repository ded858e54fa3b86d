#pragma once

#include "audit/recorder.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "domain/alert.hpp"
#include "services/alert_writer.hpp"
#include "services/caller.hpp"
#include "services/change_writer.hpp"
#include "services/device_service.hpp"
#include "storage/catalogue.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace breakwater::services {

struct alert_settings {
    /// If the condition of an automatically resolved alert returns within this time, the same alert is
    /// reopened. So webhooks learn of the resolution only after this time.
    std::chrono::minutes reopen_within{5};
    /// New alerts of one rule for the devices of one person: `burst` at once, then one in each interval.
    /// Further ones are deferred, and one common alert reports that they wait.
    double burst = 100;
    std::chrono::seconds refill_interval{6};
    /// An alert on incidents resolves after this time without another incident.
    std::chrono::hours incidents_end_after{24};
};

/// Counts since the start of the server.
struct alert_counters {
    std::uint64_t raised = 0;
    std::uint64_t resolved = 0;
    std::uint64_t deferred = 0; ///< because there were too many at once
};

/// Alerts and the rules that raise them. People see the alerts of their devices, administrators see all. Only
/// administrators change rules. Members block (database). Any thread may call.
class alert_service {
public:
    struct dependencies {
        storage::catalogue& store;
        device_service& devices;
        alert_writer& writer;
        breakwater::audit::recorder& audit;
        const clock& time;
    };
    alert_service(const dependencies& deps, const alert_settings& settings);

    /// Overwrites `query.owner`: the caller decides whose alerts are listed.
    result<std::vector<alert>> list(storage::alert_query query, const caller& caller);
    result<alert> get(alert_id id, const caller& caller);
    result<alert_summary> summary(const caller& caller);
    /// A person is handling the alert. `bad_state` if it is not open.
    result<alert> acknowledge(alert_id id, std::string_view note, const caller& caller);
    /// A person resolves the alert. `bad_state` when it is resolved already.
    result<alert> resolve(alert_id id, std::string_view note, const caller& caller);

    result<std::vector<alert_rule>> rules();
    result<alert_rule> rule(rule_id id);
    /// `invalid_input` when `check` refuses it, `not_found` when its device does not exist.
    result<alert_rule> create_rule(alert_rule added, const caller& caller);
    /// Resolves the alerts of the rule when its condition or its scope changes.
    result<alert_rule> update_rule(alert_rule changed, const caller& caller);
    /// Resolves the alerts of the rule.
    result<void> remove_rule(rule_id id, const caller& caller);

    /// Applies all evaluations or, with a storage error, none. Returns the evaluations beyond the allowance:
    /// offer them again later. One thread at a time.
    result<std::vector<rule_evaluation>> apply(std::span<const rule_evaluation> evaluations);
    /// Resolves alerts on incidents that have been quiet for `incidents_end_after`. Call about once an hour.
    result<void> resolve_quiet_incidents();

    [[nodiscard]] alert_counters counters() const noexcept {
        return {deps_.writer.raised(), deps_.writer.resolved(), deferred_};
    }

private:
    struct allowance {
        double remaining = 0;
        steady_point at{};
    };
    [[nodiscard]] result<void> authorise(const alert& alert, const caller& caller);
    result<alert> change_state(alert_id id, event_type type, std::string_view note, const caller& caller);
    result<void> apply_one(storage::transaction& tx, const rule_evaluation& evaluation,
                           std::vector<rule_evaluation>& deferred);
    result<void> raise(storage::transaction& tx, const alert_rule& rule, const rule_evaluation& evaluation,
                       std::vector<rule_evaluation>& deferred);
    result<void> raise_existing(storage::transaction& tx, const alert_rule& rule, alert existing,
                                const rule_evaluation& evaluation);
    result<void> raise_new(storage::transaction& tx, const alert_rule& rule,
                           const rule_evaluation& evaluation);
    /// Blocks the device if the rule has `quarantine`, but never because of simulated or late readings.
    /// Returns whether it blocked the device.
    result<bool> quarantine_device(storage::transaction& tx, const alert_rule& rule,
                                   const rule_evaluation& evaluation, std::optional<alert_id> alert);
    /// Adds a late alert: its condition was over before its readings arrived. A late alert blocks no device,
    /// and never changes the alert for the current state.
    result<void> raise_late(storage::transaction& tx, const alert_rule& rule,
                            const rule_evaluation& evaluation, std::vector<rule_evaluation>& deferred);
    /// Defers an evaluation beyond the allowance, and raises the common alert for all deferred ones.
    result<void> defer(storage::transaction& tx, const alert_rule& rule, const rule_evaluation& evaluation,
                       std::vector<rule_evaluation>& deferred);
    [[nodiscard]] result<bool> take_allowance(storage::transaction& tx, const rule_evaluation& evaluation);

    const dependencies deps_;
    const alert_settings settings_;
    change_writer changes_;
    /// For `apply`: by rule, owner, and whether the readings are simulated.
    std::map<std::tuple<rule_id, user_id, bool>, allowance> allowances_;
    std::atomic<std::uint64_t> deferred_{0};
};

} // namespace breakwater::services
