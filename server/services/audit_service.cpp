#include "services/audit_service.hpp"

#include <fmt/format.h>

namespace breakwater::services {

namespace {

std::string_view sentence_of(event_type what) {
    switch (what) {
    case event_type::jwt_invalid: return "A token with a forged signature was presented.";
    case event_type::missing_authorization: return "A protected call came without a token.";
    case event_type::device_forbidden: return "A user tried to reach another user's device.";
    default: return "An incident was staged.";
    }
}

} // namespace

result<std::vector<security_event>> audit_service::list(const storage::event_query& query) {
    return storage::ask(store_, [&](const storage::snapshot& view) { return view.audit().list(query); });
}

result<security_event> audit_service::simulate(event_type what, std::string_view note, const caller& who) {
    security_event event =
        event_of(who, clock_.now(), what, event_status::denied,
                 fmt::format("Simulated: {}{}{}", sentence_of(what), note.empty() ? "" : " ", note));
    event.simulated = true;
    auto stored = store_.write([&](storage::transaction& tx) -> result<void> {
        const auto id = tx.audit().append(event);
        if (!id)
            return std::unexpected(id.error());
        event.id = *id;
        return {};
    });
    if (!stored)
        return pass(std::move(stored));
    return event;
}

} // namespace breakwater::services
