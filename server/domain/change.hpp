#pragma once

#include "base/ids.hpp"
#include "domain/alert.hpp"
#include "domain/category.hpp"
#include "domain/device.hpp"
#include "domain/outbox.hpp"
#include "domain/policy.hpp"
#include "domain/user.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace breakwater {

/// The kinds of committed changes that other parts of the server follow. Each holds the state after the
/// change, so that a follower need not read it from the database. Exceptions: `rule_changed` holds only the
/// id, and `message_queued` only the kind of destination.

struct account_saved {
    user account;
};

struct account_removed {
    user_id id = 0;
};

enum class device_change : std::uint8_t { created, updated };

struct device_saved {
    device state;
    device_change kind = device_change::updated;
};

struct device_removed {
    device_id id;
    user_id owner = 0;
};

struct policy_saved {
    std::variant<category, device_id> scope;
    reading_policy policy;
    std::vector<device> affected; ///< devices whose expected interval the change replaces
};

/// A rule was added, changed or removed.
struct rule_changed {
    rule_id id = 0;
};

struct alert_saved {
    alert state;
    alert_change kind = alert_change::updated;
};

/// A sign-in session that ended before its expiry.
struct session_ended {
    uuid session;
};

/// A message for a destination of this kind waits in the outbox.
struct message_queued {
    destination_kind destination = destination_kind::webhook;
};

using change = std::variant<account_saved, account_removed, device_saved, device_removed, policy_saved,
                            rule_changed, alert_saved, session_ended, message_queued>;

/// What a change is about, as the change log stores it.
struct change_subject {
    std::string_view kind; ///< "user", "device", "policy", "rule", "alert", "session" or "outbox"
    std::string key; ///< the id of the object; for a policy the slug of its category, or its device's id; for
                     ///< the outbox the kind of destination
    // What the object itself doesn't tell, or not after its removal.
    std::uint8_t action = 0; ///< for a device a `device_change`, for an alert an `alert_change`
    user_id owner = 0;       ///< of a device
};

[[nodiscard]] change_subject subject_of(const change& committed);

} // namespace breakwater
