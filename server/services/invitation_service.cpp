#include "services/invitation_service.hpp"

#include "base/encoding.hpp"
#include "crypto/digest.hpp"

#include <fmt/format.h>

#include <array>

namespace breakwater::services {

result<std::vector<invitation>> invitation_service::list() {
    return storage::ask(with_.store, [this](const storage::snapshot& view) {
        return view.invitations().open(with_.time.now());
    });
}

result<new_invitation> invitation_service::create(std::string_view email, role kind, std::chrono::hours life,
                                                  const caller& who) {
    const timestamp now = with_.time.now();
    std::array<std::uint8_t, 32> bytes{};
    with_.random.fill(bytes);
    new_invitation made{.token = base64url_encode(bytes)};
    made.stored = {.token_hash = crypto::sha256(as_bytes(made.token)),
                   .email = std::string{email},
                   .role = kind,
                   .created_by = who.system ? 0 : who.user,
                   .created_at = now,
                   .expires_at = now + life};
    auto stored = changes_.write(
        event_type::invitation_create, "Invitation", std::nullopt, who,
        [&](storage::transaction& tx) -> result<void> {
            if (auto purged = tx.invitations().purge(now); !purged)
                return purged;
            const auto open = tx.invitations().open(now);
            if (!open)
                return std::unexpected(open.error());
            if (std::ssize(*open) >= max_open_invitations)
                return fail(errc::bad_state, "Too many invitations wait to be used; withdraw some first.");
            const auto id = tx.invitations().insert(made.stored);
            if (!id)
                return std::unexpected(id.error());
            made.stored.id = *id;
            auto recorded =
                tx.audit().append(event_of(who, now, event_type::invitation_create, event_status::success,
                                           target_of(target_type::invitation, *id),
                                           fmt::format("Invitation {} for {} as {}.", *id,
                                                       email.empty() ? "anybody" : email, to_string(kind))));
            return recorded ? result<void>{} : pass(std::move(recorded));
        });
    if (!stored)
        return pass(std::move(stored));
    return made;
}

result<void> invitation_service::remove(invitation_id id, const caller& who) {
    return changes_.write(
        event_type::invitation_delete, fmt::format("Invitation {}", id),
        target_of(target_type::invitation, id), who, [&](storage::transaction& tx) -> result<void> {
            if (auto removed = tx.invitations().remove(id); !removed)
                return removed;
            auto recorded = tx.audit().append(event_of(
                who, with_.time.now(), event_type::invitation_delete, event_status::success,
                target_of(target_type::invitation, id), fmt::format("Invitation {} withdrawn.", id)));
            return recorded ? result<void>{} : pass(std::move(recorded));
        });
}

} // namespace breakwater::services
