#pragma once

#include "base/result.hpp"
#include "domain/invitation.hpp"

#include <optional>
#include <vector>

namespace breakwater::storage {

class invitation_store {
public:
    virtual ~invitation_store() = default;

    virtual result<std::optional<invitation>> find(const std::array<std::uint8_t, 32>& token_hash) const = 0;
    /// Invitations that are neither used nor expired at `now`, newest first.
    virtual result<std::vector<invitation>> open(timestamp now) const = 0;

    virtual result<invitation_id> insert(const invitation& inserted) = 0;
    virtual result<void> mark_used(invitation_id id, timestamp at) = 0;
    /// `not_found`.
    virtual result<void> remove(invitation_id id) = 0;
    /// Removes invitations that expired before `before`, used or not.
    virtual result<void> purge(timestamp before) = 0;
};

} // namespace breakwater::storage
