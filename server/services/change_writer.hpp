#pragma once

#include "audit/recorder.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "domain/security_event.hpp"
#include "services/caller.hpp"
#include "storage/catalogue.hpp"

#include <optional>
#include <string_view>

namespace breakwater::services {

/// Writes changes of accounts and devices to the store. Any thread may call. Blocks.
class change_writer {
public:
    change_writer(storage::catalogue& store, breakwater::audit::recorder& audit, const clock& time)
        : store_{store}, audit_{audit}, clock_{time} {}

    /// Checks in the same transaction that the session of `caller` is still valid, then runs `work`: the call
    /// may have waited for a thread or a hash. Returns `unauthenticated` when the account is deleted or its
    /// sessions have ended, otherwise the result of `work`. Records a denial as an event of `type` with
    /// `subject` and `target` before it returns.
    result<void> write(event_type type, std::string_view subject, std::optional<event_target> target,
                       const caller& caller, storage::catalogue::unit_of_work work);

private:
    storage::catalogue& store_;
    audit::recorder& audit_;
    const clock& clock_;
};

} // namespace breakwater::services
