#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "domain/security_event.hpp"
#include "services/caller.hpp"
#include "storage/audit_recorder.hpp"
#include "storage/database.hpp"

#include <optional>
#include <string_view>

namespace breakwater::services {

/// The way that every change of accounts and devices takes into the store. Any thread may call; blocks.
class change_writer {
public:
    change_writer(storage::database& store, storage::audit_recorder& audit, const clock& time)
        : store_{store}, audit_{audit}, clock_{time} {}

    /// Runs `work` where what let `who` in still holds, asked in the same transaction: a call may have waited
    /// long for its thread, or for a hash. `unauthenticated` where the account is gone or its sessions have
    /// ended; else what `work` returns. A denial is on record, as `type` of `subject` and about `target`,
    /// before it is returned.
    result<void> write(event_type type, std::string_view subject, std::optional<event_target> target,
                       const caller& who, storage::database::unit_of_work work);

private:
    storage::database& store_;
    storage::audit_recorder& audit_;
    const clock& clock_;
};

} // namespace breakwater::services
