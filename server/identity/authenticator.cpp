#include "identity/authenticator.hpp"

#include "base/overloaded.hpp"

#include <utility>

namespace breakwater::identity {

namespace {

std::unexpected<error> invalid_token() {
    return fail(errc::unauthenticated, "The token is invalid, has expired or was revoked.");
}

std::unexpected<error> lost_touch() {
    return fail_with_retry(errc::storage_unavailable,
                           "This server has lost touch with the database, and can't check who you are.",
                           std::chrono::seconds{1});
}

} // namespace

result<principal> authenticator::authenticate(const evidence& shown) const {
    if (store_.is_stale())
        return lost_touch();
    return std::visit(overloaded{[this](const access_token& token) { return person(token.text); },
                                 [this](const device_token& token) { return device(token.text); }},
                      shown);
}

void authenticator::redeem(std::string_view ticket, live_tickets::completion done) const {
    if (store_.is_stale())
        return done(lost_touch());
    tickets_.redeem(ticket, std::move(done));
}

result<principal> authenticator::person(std::string_view token) const {
    const auto claims = tokens_.verify_access(token);
    if (!claims)
        return invalid_token();
    const auto account = users_.find(claims->user);
    if (!account || account->session_version != claims->session_version)
        return invalid_token();
    return principal{.kind = principal::kind::person,
                     .user = claims->user,
                     .role = account->role,
                     .version = account->session_version,
                     .session = claims->session,
                     .expires_at = claims->expires_at};
}

result<principal> authenticator::device(std::string_view token) const {
    const auto claims = tokens_.verify_device(token);
    if (!claims)
        return invalid_token();
    const auto device = devices_.find(claims->device);
    if (!device)
        return invalid_token();
    // Once the device is released, the token is just an old one.
    if (device->status == device_status::blocked)
        return fail(errc::forbidden, "The device is blocked.");
    // A simulated device has never signed in: refusing the token makes the device sign in now.
    if (device->token_version != claims->token_version || device->simulated)
        return invalid_token();
    return principal{.kind = principal::kind::device,
                     .user = device->owner,
                     .device = claims->device,
                     .version = device->token_version,
                     .expires_at = claims->expires_at};
}

result<void> authenticator::still_valid(const principal& who) const {
    switch (who.kind) {
    case principal::kind::anonymous:
    case principal::kind::system: return {};
    case principal::kind::person: {
        // A change of the role also increments the version.
        const auto account = users_.find(who.user);
        return account && account->session_version == who.version ? result<void>{} : invalid_token();
    }
    case principal::kind::device: {
        const auto device = devices_.find(who.device);
        return device && device->token_version == who.version ? result<void>{} : invalid_token();
    }
    }
    return invalid_token();
}

void authenticator::attribute(security_event& refusal, std::string_view token) const {
    const auto holder = tokens_.holder_of(token);
    if (!holder)
        return;
    refusal.actor = holder->type;
    refusal.actor_id = holder->id;
    // Lists the refusal among the events of the holder, even if the event is about several objects.
    add_target(refusal,
               {holder->type == actor_type::device ? target_type::device : target_type::user, holder->id});
}

} // namespace breakwater::identity
