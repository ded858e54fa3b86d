#pragma once

#include "base/result.hpp"
#include "domain/security_event.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace breakwater::storage {

/// Selects events, newest first (events of the same time by id). Every member that is set narrows the
/// selection. The times are inclusive.
struct event_query {
    std::optional<timestamp> since;
    std::optional<timestamp> until;
    std::optional<actor_type> actor;
    std::optional<std::string> actor_id;
    std::optional<event_type> type;
    std::optional<event_status> status;
    /// Type of the event's main target. Together with `target_id`, other targets of the event match as well.
    std::optional<breakwater::target_type> target_type;
    std::optional<std::string> target_id; ///< REQUIRES: target_type
    bool routine = true;                  ///< false: without events that are `is_routine`
    std::optional<event_id> before;       ///< cursor: only events after this one in the order above
    std::size_t limit = 100;
};

/// Append-only: no function changes a row. Only `expire` removes rows, for retention.
class audit_log {
public:
    virtual ~audit_log() = default;

    virtual result<std::vector<security_event>> list(const event_query& query) const = 0;

    virtual result<event_id> append(const security_event& event) = 0;
    /// Removes at most `max_count` of the oldest events that were written before `before`. Returns how many,
    /// and adds that number to the stored expired count.
    virtual result<std::int64_t> expire(timestamp before, std::int64_t max_count) = 0;
    /// Returns the expired count and resets it to zero. The caller must write it to the audit log.
    virtual result<std::int64_t> take_expired_count() = 0;
};

} // namespace breakwater::storage
