#pragma once

#include "audit/recorder.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "domain/device.hpp"
#include "domain/reading.hpp"
#include "registry/device_registry.hpp"
#include "services/alert_writer.hpp"
#include "services/caller.hpp"
#include "services/change_writer.hpp"
#include "storage/catalogue.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::services {

struct device_settings {
    /// A device secret has 256 random bits and cannot be guessed, so its hash need not be slow. A fast hash
    /// lets a whole fleet sign in quickly after an outage.
    int secret_bcrypt_cost = 4;
    /// The simulator sends readings for each new device until the device is real (decision 0021).
    bool simulates_new = false;
    /// Limit for the devices of an account, by the account's role. 0: no limit.
    std::int64_t max_devices_of_user = 0;
    std::int64_t max_devices_of_admin = 0;
};

/// Makes the sample readings of a new device, so that its page is never empty.
using sample_source = std::function<std::vector<reading>(const device_id&, category, timestamp now)>;

struct device_details {
    breakwater::device device;
    std::optional<timestamp> last_reading_at;
};

struct new_secret {
    device_id id;
    std::string secret; ///< URL-safe base64 of 32 random bytes; returned only once, stored as a hash
    category kind = category::weather_station;
};

struct device_changes {
    std::optional<std::string> name;
    std::optional<category> kind;
    std::optional<device_status> status;
    std::string reason{}; ///< why the device is blocked; empty when the caller gives no reason
};

/// The author of the block, as `caller` may see it. People see no e-mail address but their own,
/// administrators see all.
[[nodiscard]] std::string author_of(const device_block& block, const caller& caller);
/// Whether `caller` may release the blocked device. REQUIRES: `caller` may see the device.
[[nodiscard]] bool may_release(const device& blocked, const caller& caller) noexcept;

/// Devices, for their owners and for administrators. If a user tries to access another person's device, the
/// functions return `forbidden` and record the attempt. If the device does not exist, they return
/// `not_found`. The functions block (database, hashing) unless they only read memory. Any thread may call.
class device_service {
public:
    struct dependencies {
        storage::catalogue& store;
        const registry::device_registry& devices;
        alert_writer& alerts;
        breakwater::audit::recorder& audit;
        const clock& time;
        random_source& random;
    };
    device_service(const dependencies& deps, const device_settings& settings, sample_source samples);

    /// Adds a device to the caller's account. `forbidden`, with the limit, when the account already has as
    /// many devices as its role allows.
    result<new_secret> create(std::string_view name, category kind, const caller& caller);
    /// Callers who may not see the whole fleet get only their own devices, whatever `query.owner` is.
    result<std::vector<device>> list(storage::device_query query, const caller& caller);
    result<device_details> get(const device_id& id, const caller& caller);
    /// `forbidden` when the change would release a device and the caller may not (`may_release`). The error
    /// names the block's author and reason. Then nothing is changed.
    result<device_details> update(const device_id& id, const device_changes& changes, const caller& caller);
    /// Deletes the device and its readings. Returns the time of the deletion.
    result<timestamp> remove(const device_id& id, const caller& caller);
    /// Blocks the device. Its tokens stop working at once.
    result<device> deactivate(const device_id& id, const caller& caller);
    /// Blocks the device for an alert rule, within the transaction `tx`. Records `cause` as text, and the
    /// alert rule and the alert (`reasons`) as targets. Returns false, and changes nothing, when the device
    /// is blocked already and `new_block` has no higher rank than that block. `not_found` when the device
    /// does not exist.
    result<bool> quarantine(storage::transaction& tx, const device_id& id, device_block new_block,
                            std::string_view cause, std::vector<event_target> reasons, const caller& caller);
    /// Records the first sign-in of a device. From then on the device is real and never simulated again.
    result<void> record_sign_in(const device_id& id, const caller& caller);
    /// Marks every device as simulated that never signed in and never sent a reading. Call at the start if
    /// the simulator is on.
    result<void> begin_simulation(const caller& caller);
    /// The device's tokens stop working at once; its secret stays valid.
    result<device> invalidate_tokens(const device_id& id, const caller& caller);
    /// Creates a new secret; the old one and all tokens stop working. The status does not change (contract,
    /// correction 3).
    result<new_secret> rotate_secret(const device_id& id, const caller& caller);

    /// The device's state in memory. `forbidden`, and recorded, when the caller may not see the device.
    result<registry::device_state> state_of(const device_id& id, const caller& caller);
    /// Whether the caller may see the device. Records nothing and does not block.
    [[nodiscard]] bool may_see(const device_id& id, const caller& caller) const;
    /// Returns `forbidden` when the caller may not do `what` with the device, and records the denial. Cheap
    /// otherwise, because it reads only memory.
    result<void> authorise(identity::action what, const device_id& id, const caller& caller);

private:
    /// Changes a device that was read from the store. Returns the event to record.
    using change = std::function<result<security_event>(storage::transaction&, device&)>;
    result<device> change_within(storage::transaction& tx, const device_id& id, const change& modify);
    result<device> apply(event_type type, const device_id& id, const caller& caller, const change& modify);
    result<std::string> hash_secret(std::string_view secret);
    std::string make_secret();

    dependencies deps_;
    change_writer changes_;
    device_settings settings_;
    sample_source samples_;
};

} // namespace breakwater::services
