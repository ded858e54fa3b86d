#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "domain/device.hpp"
#include "domain/reading.hpp"
#include "services/caller.hpp"
#include "services/change_writer.hpp"
#include "services/device_observer.hpp"
#include "storage/audit_recorder.hpp"
#include "storage/database.hpp"
#include "storage/device_registry.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::services {

struct device_settings {
    /// A device's secret is 256 random bits, out of reach of any guessing, so the hash need not be slow; what
    /// must not be slow is a fleet that comes back after an outage.
    int secret_bcrypt_cost = 4;
    /// The simulator speaks for new devices, until they sign in themselves.
    bool simulates_new = false;
    /// Devices that an account may have, by its role; 0: as many as it likes.
    std::int64_t max_devices_of_user = 0;
    std::int64_t max_devices_of_admin = 0;
};

/// Readings that a new device starts with, so that its page is never empty.
using sample_source = std::function<std::vector<reading>(const device_id&, category, timestamp now)>;

struct device_details {
    breakwater::device device;
    std::optional<timestamp> last_reading_at;
};

struct new_secret {
    device_id id;
    std::string secret; ///< URL-safe base64 of 32 random bytes; shown this once, stored as a hash
    category kind = category::weather_station;
};

struct device_changes {
    std::optional<std::string> name;
    std::optional<category> kind;
    std::optional<device_status> status;
    std::string reason{}; ///< of `blocked`; empty: none is given
};

/// Who blocked a device, as far as `who` may know it: people see addresses of their own, administrators all.
[[nodiscard]] std::string author_of(const device_block& block, const caller& who);
/// Whether `who`, who may see the device, may release it.
[[nodiscard]] bool may_release(const device& blocked, const caller& who) noexcept;

/// Devices, for their owners and for administrators. Another's device is `forbidden`, and that is on record;
/// one that isn't there is `not_found`. Members block (database, hashing). Any thread may call.
class device_service {
public:
    struct parts {
        storage::database& store;
        storage::device_registry& devices;
        storage::audit_recorder& audit;
        const clock& time;
        random_source& random;
    };
    device_service(const parts& with, const device_settings& chosen, sample_source samples,
                   device_observer observer);

    /// `forbidden`, with the limit, where the account has as many devices as its role may have.
    result<new_secret> create(std::string_view name, category kind, const caller& who);
    /// `query.owner` is set here: a person sees their own, an administrator all.
    result<std::vector<device>> list(storage::device_query query, const caller& who);
    result<device_details> get(const device_id& id, const caller& who);
    /// `forbidden` where it would release what another of a higher rank blocked; says who did, and why.
    result<device_details> update(const device_id& id, const device_changes& changes, const caller& who);
    /// Removes it with its readings; tells when.
    result<timestamp> remove(const device_id& id, const caller& who);
    /// Blocks it: its tokens stop working at once.
    result<device> deactivate(const device_id& id, const caller& who);
    /// The same within a change of somebody else's: `why` and `reasons`, the rule and the alert that led to
    /// it, go on record. False where it is blocked already,
    /// by an author of that rank or a higher one. `not_found`.
    result<bool> quarantine(storage::transaction& tx, const device_id& id, device_block by,
                            std::string_view why, std::vector<event_target> reasons, const caller& who);
    /// A device has proved that it exists: the first time, it is real from now on, and never simulated again.
    result<void> note_sign_in(const device_id& id, const caller& who);
    /// The simulator begins: it speaks for every device that nobody heard yet. At the start.
    result<void> begin_simulation(const caller& who);
    /// Its tokens stop working at once, its secret stays.
    result<device> invalidate_tokens(const device_id& id, const caller& who);
    /// A new secret; the old one and all tokens stop working. The status stays as it is (contract, correction
    /// 3).
    result<new_secret> rotate_secret(const device_id& id, const caller& who);

    /// What is in memory of it, for whoever may see it.
    result<storage::device_state> state_of(const device_id& id, const caller& who);
    /// Whose it is, or an administrator. Records nothing.
    [[nodiscard]] bool may_see(const device_id& id, const caller& who) const;
    /// May `who` act on this device? From memory, so that it is cheap; records the denial.
    result<void> authorise(const device_id& id, const caller& who);

private:
    /// Changes a device as it is in the store; tells what goes on record.
    using change = std::function<result<security_event>(storage::transaction&, device&)>;
    result<device> change_in(storage::transaction& tx, const device_id& id, const change& how);
    result<device> apply(event_type type, const device_id& id, const caller& who, const change& how);
    result<std::string> hash_secret(std::string_view secret);
    std::string make_secret();

    parts with_;
    change_writer changes_;
    device_settings settings_;
    sample_source samples_;
    device_observer observer_;
};

} // namespace breakwater::services
