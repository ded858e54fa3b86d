#include "identity/authorizer.hpp"

#include <array>
#include <cstddef>

namespace breakwater::identity {

namespace {

constexpr std::array table{
    permission{action::read_public_pages, "read public pages", audience::everybody,
               "Health, metrics (METRICS_TOKEN decides who may read them), the documents, the web client, "
               "the list of categories."},
    permission{action::sign_in, "sign in", audience::everybody,
               "Registers an account, signs in, or exchanges a refresh token or a device secret for tokens."},
    permission{action::open_live_connection, "open a live connection", audience::everybody,
               "Opens the WebSocket. Its first message must contain a ticket or an access token."},
    permission{action::send_readings, "send readings", audience::devices,
               "Stores readings of the device itself, singly or in batches."},
    permission{
        action::use_own_account, "use one's own account", audience::people,
        "Lists and ends the caller's sessions, changes the caller's password, gets a ticket for a live "
        "connection."},
    permission{action::create_device, "create a device", audience::people,
               "The device belongs to its creator, who can have as many devices as the quota allows."},
    permission{action::list_devices, "list devices", audience::people,
               "Lists, searches and exports. Owners see their devices and readings only."},
    permission{action::see_device, "see a device", audience::owners,
               "Its state, readings, series, policy and security events, and the alerts and rules about it."},
    permission{action::change_device, "change a device", audience::owners,
               "Renames, blocks or deletes it, rotates its secret, or invalidates its tokens."},
    permission{action::release_device, "release a blocked device", audience::permitted_owners,
               "Owners can't release a device that was blocked by an administrator, or by a rule without "
               "`owner_may_release`."},
    permission{action::see_fleet, "see the whole fleet", audience::administrators,
               "Devices, readings, alerts and live events of all owners, and the authors of blocks."},
    permission{action::outrank_owner, "outrank the owner", audience::administrators,
               "The owner can't release a device that somebody with this permission blocked."},
    permission{action::change_policies, "change policies", audience::administrators,
               "Limits and retention of readings, for a category or a device."},
    permission{action::list_alerts, "list alerts", audience::people,
               "Owners see the alerts of their devices only."},
    permission{action::handle_alert, "handle an alert", audience::owners,
               "Reads, acknowledges or resolves an alert of a device. Alerts about the server, and about "
               "deleted devices, have no owner."},
    permission{action::see_alert_rules, "see alert rules", audience::people,
               "Rules for a device are visible to those who see the device."},
    permission{action::see_incident_rules, "see rules for incidents", audience::administrators,
               "Their thresholds would help an attacker."},
    permission{action::change_alert_rules, "change alert rules", audience::administrators, ""},
    permission{action::manage_webhooks, "manage webhooks", audience::administrators,
               "Webhooks and their deliveries."},
    permission{action::manage_accounts, "manage accounts", audience::administrators,
               "Creates, changes, disables and deletes accounts."},
    permission{action::manage_invitations, "manage invitations", audience::administrators, ""},
    permission{action::read_audit_log, "read the audit log", audience::administrators,
               "All security events, stored and live, and who caused the events of a device."},
    permission{action::simulate_incident, "simulate an incident", audience::administrators,
               "Records a security event that is marked as simulated."},
    permission{action::release_retention, "release retention", audience::administrators,
               "Confirms the server's clock after a jump."},
};

constexpr bool is_complete() noexcept {
    for (std::size_t i = 0; i < table.size(); ++i)
        if (table.at(i).what != static_cast<action>(i))
            return false;
    return table.back().what == action::release_retention;
}
static_assert(is_complete(), "one row for each action, in their order");

bool is_administrator(const principal& who) noexcept {
    return who.is_system() || (who.is_person() && who.role == role::admin);
}

bool owns(const principal& who, const resource& target) noexcept {
    return who.is_person() && target.owner != 0 && target.owner == who.user;
}

} // namespace

std::span<const permission> permissions() noexcept {
    return table;
}

const permission& permission_of(action what) noexcept {
    return table[static_cast<std::size_t>(what)];
}

token_kind token_for(action what) noexcept {
    switch (permission_of(what).who) {
    case audience::everybody: return token_kind::none;
    case audience::devices: return token_kind::device;
    case audience::people:
    case audience::owners:
    case audience::permitted_owners:
    case audience::administrators: break;
    }
    return token_kind::access;
}

bool may(const principal& who, action what, const resource& target) noexcept {
    switch (permission_of(what).who) {
    case audience::everybody: return true;
    case audience::devices: return who.kind == principal::kind::device;
    case audience::people: return who.is_person() || who.is_system();
    case audience::owners: return owns(who, target) || is_administrator(who);
    case audience::permitted_owners:
        return (target.permits_owner && owns(who, target)) || is_administrator(who);
    case audience::administrators: return is_administrator(who);
    }
    return false;
}

} // namespace breakwater::identity
