#pragma once

#include "base/result.hpp"
#include "domain/alert.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace breakwater::storage {

/// Which alerts, newest first. Every member narrows.
struct alert_query {
    std::optional<user_id> owner{}; ///< only of this person's devices
    std::optional<alert_state> state{};
    bool live = false; ///< only what isn't resolved
    std::optional<alert_severity> severity{};
    std::optional<device_id> device{};
    std::optional<rule_id> rule{};
    std::optional<alert_kind> kind{};
    std::optional<timestamp> quiet_since{}; ///< only what was raised last before this
    std::optional<bool> simulated{};
    std::optional<alert_id> before{}; ///< only what comes after this one in that order: a cursor
    std::size_t limit = 100;
};

/// Of what isn't resolved.
struct alert_summary {
    std::int64_t open = 0;
    std::int64_t acknowledged = 0;
    std::int64_t info = 0;
    std::int64_t warning = 0;
    std::int64_t critical = 0;
};

/// Rules and the alerts they raised. Rules of a device go with it; its alerts stay, with its name.
class alert_store {
public:
    virtual ~alert_store() = default;

    virtual result<std::vector<alert_rule>> rules() const = 0; ///< by id
    virtual result<std::optional<alert_rule>> find_rule(rule_id id) const = 0;
    virtual result<std::vector<alert>> list(const alert_query& query) const = 0;
    virtual result<std::optional<alert>> find(alert_id id) const = 0;
    /// The newest of that rule, device and subject, resolved or not, of those that are late or of the others.
    virtual result<std::optional<alert>> newest(rule_id rule, const std::optional<device_id>& device,
                                                std::string_view subject, bool late) const = 0;
    virtual result<alert_summary> summary(std::optional<user_id> owner) const = 0;

    /// `not_found` where it is for a device that is gone; `bad_state` past `max_alert_rules`.
    virtual result<rule_id> insert_rule(const alert_rule& added) = 0;
    /// All but `created_at`. `not_found`, also for a device that is gone.
    virtual result<void> update_rule(const alert_rule& changed) = 0;
    /// Its alerts stay, without it. `not_found`.
    virtual result<void> remove_rule(rule_id id) = 0;
    /// `not_found` where the device is gone; `bad_state` where one like it isn't resolved yet.
    virtual result<alert_id> insert(const alert& added) = 0;
    /// Summary, state, count, quarantine, times, people and note; not whether it is late.
    virtual result<void> update(const alert& changed) = 0;
    /// Removes at most `most` of what was resolved before `limit`; tells how many.
    virtual result<std::int64_t> expire(timestamp limit, std::int64_t most) = 0;
};

} // namespace breakwater::storage
