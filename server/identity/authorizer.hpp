#pragma once

#include "base/ids.hpp"
#include "identity/principal.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace breakwater::identity {

/// What somebody may want to do. Each has one row in the table of permissions.
enum class action : std::uint8_t {
    read_public_pages,
    sign_in,
    open_live_connection,
    send_readings,
    use_own_account,
    create_device,
    list_devices,
    see_device,
    change_device,
    release_device,
    see_fleet,
    outrank_owner,
    change_policies,
    list_alerts,
    handle_alert,
    see_alert_rules,
    see_incident_rules,
    change_alert_rules,
    manage_webhooks,
    manage_accounts,
    manage_invitations,
    read_audit_log,
    simulate_incident,
    release_retention,
};

/// The token that a call needs.
enum class token_kind : std::uint8_t {
    none,
    access, ///< of a person
    device
};

/// Who may do something. The system may do everything that a person may do.
enum class audience : std::uint8_t {
    everybody,
    devices, ///< any device; its token says for which one it acts
    people,
    owners,           ///< of the resource, and administrators
    permitted_owners, ///< owners if the resource permits it, and administrators
    administrators,
};

/// A row of the table of permissions.
struct permission {
    action what{};
    std::string_view name; ///< as docs/permissions.md prints it
    audience who{};
    std::string_view description;
};

/// What an action is about. By default it has no owner, for example the server itself.
struct resource {
    user_id owner = 0;
    bool permits_owner = true; ///< for `audience::permitted_owners`
};

/// All permissions, in the order of `action`.
[[nodiscard]] std::span<const permission> permissions() noexcept;
[[nodiscard]] const permission& permission_of(action what) noexcept;
/// The token without which `what` is refused.
[[nodiscard]] token_kind token_for(action what) noexcept;

/// Whether `who` may do `what` with `target`. No other code decides about access. Does not check whether the
/// token is still valid. Any thread may call; does not block, and costs a few comparisons.
[[nodiscard]] bool may(const principal& who, action what, const resource& target = {}) noexcept;

} // namespace breakwater::identity
