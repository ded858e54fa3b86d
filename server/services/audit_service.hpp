#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "domain/security_event.hpp"
#include "services/caller.hpp"
#include "storage/database.hpp"

#include <string_view>
#include <vector>

namespace breakwater::services {

/// The audit log. Members block. Any thread may call.
class audit_service {
public:
    audit_service(storage::database& store, const clock& time) : store_{store}, clock_{time} {}

    /// All of it. REQUIRES: an administrator asks.
    result<std::vector<security_event>> list(const storage::event_query& query);
    /// What is about the device: to its owner without who else acted, from where, and what else that was
    /// about. REQUIRES: `who` may see the device.
    result<std::vector<security_event>> of_device(const device_id& device, storage::event_query query,
                                                  const caller& who);
    /// Stages an incident: a denial of that type, marked as simulated in a field of its own (contract,
    /// correction 10).
    result<security_event> simulate(event_type what, std::string_view note, const caller& who);

private:
    storage::database& store_;
    const clock& clock_;
};

} // namespace breakwater::services
