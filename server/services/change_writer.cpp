#include "services/change_writer.hpp"

#include <fmt/format.h>

#include <utility>

namespace breakwater::services {

namespace {

result<void> check_session(const storage::user_store& users, const caller& caller) {
    if (!caller.principal.is_person() || caller.principal.version == 0)
        return {};
    const auto account = users.find(caller.principal.user);
    if (!account)
        return std::unexpected(account.error());
    if (!*account)
        return fail(errc::unauthenticated, "This account was deleted.");
    // A new password or role increments the version.
    if ((*account)->session_version != caller.principal.version)
        return fail(errc::unauthenticated, "Your session has ended. Sign in again.");
    return {};
}

/// Whether the call was denied. A missing object or a storage failure is no denial.
bool is_denial(errc code) {
    return code == errc::bad_state || code == errc::unauthenticated || code == errc::forbidden;
}

} // namespace

result<void> change_writer::write(event_type type, std::string_view subject,
                                  std::optional<event_target> target, const caller& caller,
                                  storage::catalogue::unit_of_work work) {
    auto outcome = store_.write([&](storage::transaction& tx) -> result<void> {
        if (auto session = check_session(tx.users(), caller); !session)
            return session;
        return work(tx);
    });
    if (outcome || !is_denial(outcome.error().code))
        return outcome;
    if (auto recorded = audit_.record_and_wait(
            event_of(caller, clock_.now(), type, event_status::denied, std::move(target),
                     fmt::format("{}: {}", subject, outcome.error().detail)));
        !recorded)
        return recorded;
    return outcome;
}

} // namespace breakwater::services
