#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "domain/security_event.hpp"
#include "services/caller.hpp"
#include "storage/catalogue.hpp"

#include <string_view>
#include <vector>

namespace breakwater::services {

/// The audit log. Members block. Any thread may call.
class audit_service {
public:
    audit_service(storage::catalogue& store, const clock& time) : store_{store}, clock_{time} {}

    /// All events. REQUIRES: the caller is an administrator.
    result<std::vector<security_event>> list(const storage::event_query& query);
    /// The events about the device. For its owner, hides other people's identity and address, and the other
    /// devices of an event. REQUIRES: `caller` may see the device.
    result<std::vector<security_event>> of_device(const device_id& device, storage::event_query query,
                                                  const caller& caller);
    /// Adds a simulated incident: a denial of that type, with `simulated` set (contract, correction 10).
    result<security_event> simulate(event_type type, std::string_view note, const caller& caller);

private:
    storage::catalogue& store_;
    const clock& clock_;
};

} // namespace breakwater::services
