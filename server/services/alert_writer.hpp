#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "domain/alert.hpp"
#include "services/caller.hpp"
#include "storage/catalogue.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace breakwater::services {

/// Stores changes of alerts within the transactions of others: with each change it queues the messages to
/// webhooks and publishes the change. Any thread may call.
class alert_writer {
public:
    /// Webhooks learn of an automatic resolution only after `reopen_within`, since the alert may be reopened
    /// until then.
    alert_writer(const clock& time, std::chrono::minutes reopen_within)
        : time_{time}, reopen_within_{reopen_within} {}

    /// Queues messages about the alert's present state, and publishes it. `not_found`.
    result<void> notify(storage::transaction& tx, alert_id id, alert_change change);
    /// `resolved_by` names the person; empty: the alert resolves automatically.
    result<void> resolve(storage::transaction& tx, alert ended, timestamp at, std::string_view resolved_by);
    /// Resolves the alerts that match `query` and are not resolved, at most 10,000 in one transaction.
    result<void> resolve_all(storage::transaction& tx, const storage::alert_query& query, timestamp at,
                             std::string_view resolved_by);
    /// Resolves the alerts of a simulated device, within the change that makes it real.
    result<void> resolve_simulated(storage::transaction& tx, const device_id& device);
    /// Runs within the change that removes a device: resolves its alerts and records the removal of its
    /// rules.
    result<void> prepare_device_removal(storage::transaction& tx, const device_id& device,
                                        const caller& caller);

    /// Counts since the start of the server.
    [[nodiscard]] std::uint64_t raised() const noexcept { return raised_; }
    [[nodiscard]] std::uint64_t resolved() const noexcept { return resolved_; }

private:
    result<void> notify_webhooks(storage::transaction& tx, const alert& alert, alert_change change);

    const clock& time_;
    const std::chrono::minutes reopen_within_;
    std::atomic<std::uint64_t> raised_{0};
    std::atomic<std::uint64_t> resolved_{0};
};

/// An event about the rule and its device.
[[nodiscard]] security_event event_of_rule(const caller& caller, timestamp at, event_type type,
                                           const alert_rule& rule, std::string detail);

/// The name of the acting person, as an alert shows it. `unauthenticated` if the account was deleted.
[[nodiscard]] result<std::string> acting_name(const storage::user_store& users, const caller& caller);

} // namespace breakwater::services
