#pragma once

#include "base/ids.hpp"
#include "base/json_text.hpp"
#include "base/result.hpp"
#include "identity/principal.hpp"
#include "live/live_event.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace breakwater::live {

/// The subscriptions of one client. They select from the events that the client may see.
///
///     {"id": "a", "all": true}                      events of all devices
///     {"id": "b", "devices": ["…", "…"]}            events of these devices
///     {"id": "c", "categories": ["ip_camera"]}      events of devices in these categories
///     {"id": "d", "security_events": true}          audit events (administrators only)
///     {"id": "e", "alerts": true}                   alerts of own devices; administrators: all alerts
///     "include_simulated": false                    excludes simulated events
class subscriptions {
public:
    static constexpr std::size_t max_count = 32;     ///< of one client
    static constexpr std::size_t max_devices = 1000; ///< of one subscription
    static constexpr std::size_t max_id_length = 64; ///< bytes

    /// Adds a subscription, or replaces the one with the same id. `invalid_input` with a description;
    /// `forbidden` for security events if `client` may not read the audit log.
    result<void> add(const json_document& description, const identity::principal& client);
    /// Returns false if there is no subscription with that id.
    bool remove(const std::string& id) { return by_id_.erase(id) != 0; }

    [[nodiscard]] bool matches(const live_event& event) const;
    [[nodiscard]] bool empty() const noexcept { return by_id_.empty(); }

private:
    struct subscription {
        bool all = false;
        bool security_events = false;
        bool alerts = false;
        bool include_simulated = true;
        unsigned categories = 0; ///< one bit for each category
        std::unordered_set<device_id> devices;
    };
    std::unordered_map<std::string, subscription> by_id_;
};

} // namespace breakwater::live
