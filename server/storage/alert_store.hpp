#pragma once

#include "base/result.hpp"
#include "domain/alert.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace breakwater::storage {

/// Selects alerts, newest first. Every member that is set narrows the selection.
struct alert_query {
    std::optional<user_id> owner{}; ///< only alerts of this account's devices
    std::optional<alert_state> state{};
    bool live = false; ///< only unresolved alerts
    std::optional<alert_severity> severity{};
    std::optional<device_id> device{};
    std::optional<rule_id> rule{};
    std::optional<alert_kind> kind{};
    std::optional<timestamp> quiet_since{}; ///< only alerts last raised before this time
    std::optional<bool> simulated{};
    std::optional<alert_id> before{}; ///< cursor: only alerts that come after this one in the list
    std::size_t limit = 100;
};

/// Rules and the alerts they raised. Removing a device removes its rules; its alerts stay and keep its name.
class alert_store {
public:
    virtual ~alert_store() = default;

    virtual result<std::vector<alert_rule>> rules() const = 0; ///< ordered by id
    virtual result<std::optional<alert_rule>> find_rule(rule_id id) const = 0;
    virtual result<std::vector<alert>> list(const alert_query& query) const = 0;
    virtual result<std::optional<alert>> find(alert_id id) const = 0;
    /// The newest alert, resolved or not, of this rule, device and subject. With `late`, searches only the
    /// late alerts; otherwise only the others.
    virtual result<std::optional<alert>> newest(rule_id rule, const std::optional<device_id>& device,
                                                std::string_view subject, bool late) const = 0;
    virtual result<alert_summary> summary(std::optional<user_id> owner) const = 0;

    /// `not_found` if the rule's device does not exist; `bad_state` if there are already `max_alert_rules`
    /// rules.
    virtual result<rule_id> insert_rule(const alert_rule& rule) = 0;
    /// Writes all members except `created_at`. `not_found` if the rule or its device does not exist.
    virtual result<void> update_rule(const alert_rule& rule) = 0;
    /// The rule's alerts stay, without a rule id. `not_found` if the rule does not exist.
    virtual result<void> remove_rule(rule_id id) = 0;
    /// `not_found` if the device does not exist; `bad_state` if an unresolved alert of the same rule, device
    /// and subject exists.
    virtual result<alert_id> insert(const alert& inserted) = 0;
    /// Writes summary, state, count, quarantine, times, people and note. Does not change `late`.
    virtual result<void> update(const alert& changed) = 0;
    /// Removes at most `max_count` alerts that were resolved before `before`. Returns how many.
    virtual result<std::int64_t> expire(timestamp before, std::int64_t max_count) = 0;
};

} // namespace breakwater::storage
