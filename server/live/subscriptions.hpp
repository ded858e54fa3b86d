#pragma once

#include "base/ids.hpp"
#include "base/json_text.hpp"
#include "base/result.hpp"
#include "live/live_event.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace breakwater::live {

/// What one client wants to hear, of what it may.
///
///     {"id": "a", "all": true}                      everything that happens to devices
///     {"id": "b", "devices": ["…", "…"]}            … to these
///     {"id": "c", "categories": ["ip_camera"]}      … to those of these kinds
///     {"id": "d", "security_events": true}          what is put on record (administrators)
///     {"id": "e", "alerts": true}                   alerts of one's devices; of all, for administrators
///     "include_simulated": false                    leaves out what is simulated
class subscriptions {
public:
    static constexpr std::size_t most = 32;           ///< of one client
    static constexpr std::size_t most_devices = 1000; ///< of one subscription
    static constexpr std::size_t longest_id = 64;     ///< bytes

    /// Adds one, or replaces that of the same id. `invalid_input` with a sentence; `forbidden` for security
    /// events where the client is no administrator.
    result<void> add(const json_document& described, bool administrator);
    /// False where there is none of that id.
    bool remove(const std::string& id) { return wanted_.erase(id) != 0; }

    [[nodiscard]] bool wants(const live_event& event) const;
    [[nodiscard]] bool empty() const noexcept { return wanted_.empty(); }

private:
    struct subscription {
        bool all = false;
        bool security_events = false;
        bool alerts = false;
        bool simulated = true;
        unsigned categories = 0; ///< a bit each
        std::unordered_set<device_id> devices;
    };
    std::unordered_map<std::string, subscription> wanted_;
};

} // namespace breakwater::live
