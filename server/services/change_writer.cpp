#include "services/change_writer.hpp"

#include <fmt/format.h>

#include <utility>

namespace breakwater::services {

namespace {

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

/// Of the caller or of what they ask; not that the thing isn't there, nor that the store fails.
bool is_denial(errc code) {
    return code == errc::bad_state || code == errc::unauthenticated || code == errc::forbidden;
}

} // namespace

result<void> change_writer::write(event_type type, std::string_view subject,
                                  std::optional<event_target> target, const caller& who,
                                  storage::database::unit_of_work work) {
    auto done = store_.write([&](storage::transaction& tx) -> result<void> {
        if (auto still = still_signed_in(tx.users(), who); !still)
            return still;
        return work(tx);
    });
    if (done || !is_denial(done.error().code))
        return done;
    if (auto recorded =
            audit_.record_and_wait(event_of(who, clock_.now(), type, event_status::denied, std::move(target),
                                            fmt::format("{}: {}", subject, done.error().detail)));
        !recorded)
        return recorded;
    return done;
}

} // namespace breakwater::services
