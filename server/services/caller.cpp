#include "services/caller.hpp"

namespace breakwater::services {

result<void> still_signed_in(const storage::user_store& users, const caller& who) {
    if (who.session_version == 0)
        return {};
    const auto account = users.find(who.user);
    if (!account)
        return std::unexpected(account.error());
    if (!*account)
        return fail(errc::unauthenticated, "The account no longer exists.");
    // A new password or role counts the version up, so that comparing it is enough.
    if ((*account)->session_version != who.session_version)
        return fail(errc::unauthenticated, "The session has ended.");
    return {};
}

} // namespace breakwater::services
