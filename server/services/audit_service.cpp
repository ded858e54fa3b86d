#include "services/audit_service.hpp"

#include <fmt/format.h>

namespace breakwater::services {

namespace {

struct staged {
    scenario what;
    std::string_view name;
    event_type type;
    actor_type actor;
    std::string_view sentence;
};

constexpr std::array<staged, 3> scenarios{{
    {scenario::jwt_invalid, "jwt_invalid", event_type::jwt_invalid, actor_type::anonymous,
     "A token with a forged signature was presented."},
    {scenario::missing_authorization, "missing_authorization", event_type::missing_authorization,
     actor_type::anonymous, "A protected call came without a token."},
    {scenario::device_forbidden, "device_forbidden", event_type::device_forbidden, actor_type::user,
     "A user tried to reach another user's device."},
}};

} // namespace

std::string_view to_string(scenario value) noexcept {
    return scenarios[static_cast<std::size_t>(value)].name;
}

std::optional<scenario> parse_scenario(std::string_view text) noexcept {
    for (const staged& known : scenarios)
        if (known.name == text)
            return known.what;
    return std::nullopt;
}

result<std::vector<security_event>> audit_service::list(const storage::event_query& query) {
    std::vector<security_event> found;
    auto done = store_.read([&](const storage::snapshot& view) -> result<void> {
        auto rows = view.audit().list(query);
        if (!rows)
            return pass(std::move(rows));
        found = std::move(*rows);
        return {};
    });
    if (!done)
        return pass(std::move(done));
    return found;
}

result<security_event> audit_service::simulate(scenario what, std::string_view note, const caller& who) {
    const staged& scene = scenarios[static_cast<std::size_t>(what)];
    security_event event{.created_at = clock_.now(),
                         .actor = scene.actor,
                         .actor_id = std::to_string(who.user),
                         .type = scene.type,
                         .status = event_status::denied,
                         .detail =
                             fmt::format("Simulated: {}{}{}", scene.sentence, note.empty() ? "" : " ", note),
                         .origin = who.origin,
                         .simulated = true};
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
