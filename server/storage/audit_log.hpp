#pragma once

#include "base/result.hpp"
#include "domain/security_event.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace breakwater::storage {

/// Which events, newest first (those of the same time by id). Every member narrows; the times are inclusive.
struct event_query {
    std::optional<timestamp> since;
    std::optional<timestamp> until;
    std::optional<actor_type> actor;
    std::optional<std::string> actor_id;
    std::optional<event_type> type;
    std::optional<event_status> status;
    /// Of the thing that the event is about; with `target_id`, also among others that it is about.
    std::optional<breakwater::target_type> target_type;
    std::optional<std::string> target_id; ///< REQUIRES: target_type
    bool routine = true;                  ///< false: what `is_routine` is left out
    std::optional<event_id> before;       ///< only what comes after this one in that order: a cursor
    std::size_t limit = 100;
};

/// Append-only: there is no member that changes a row, and one that removes, for retention.
class audit_log {
public:
    virtual ~audit_log() = default;

    virtual result<std::vector<security_event>> list(const event_query& query) const = 0;

    virtual result<event_id> append(const security_event& event) = 0;
    /// Removes at most `most` of the oldest events written before `limit`; tells how many, and adds that to a
    /// count that is kept.
    virtual result<std::int64_t> expire(timestamp limit, std::int64_t most) = 0;
    /// That count: how many events were removed since it was last taken. Whoever takes it puts it on record.
    virtual result<std::int64_t> take_expired_count() = 0;
};

} // namespace breakwater::storage
