#include "services/invitation_service.hpp"

#include "base/encoding.hpp"
#include "crypto/digest.hpp"

#include <fmt/format.h>

#include <array>

namespace breakwater::services {

result<std::vector<invitation>> invitation_service::list() {
    return storage::fetch(deps_.store, [this](const storage::snapshot& view) {
        return view.invitations().open(deps_.time.now());
    });
}

result<new_invitation> invitation_service::create(std::string_view email, role kind, std::chrono::hours life,
                                                  const caller& caller) {
    const timestamp now = deps_.time.now();
    std::array<std::uint8_t, 32> bytes{};
    deps_.random.fill(bytes);
    new_invitation created{.token = base64url_encode(bytes)};
    created.stored = {.token_hash = crypto::sha256(as_bytes(created.token)),
                      .email = std::string{email},
                      .role = kind,
                      .created_by = caller.principal.is_system() ? 0 : caller.principal.user,
                      .created_at = now,
                      .expires_at = now + life};
    auto stored = changes_.write(
        event_type::invitation_create, "Invitation", std::nullopt, caller,
        [&](storage::transaction& tx) -> result<void> {
            if (auto purged = tx.invitations().purge(now); !purged)
                return purged;
            const auto open = tx.invitations().open(now);
            if (!open)
                return std::unexpected(open.error());
            if (std::ssize(*open) >= max_open_invitations)
                return fail(errc::bad_state, "Too many invitations are open. Withdraw some of them first.");
            const auto id = tx.invitations().insert(created.stored);
            if (!id)
                return std::unexpected(id.error());
            created.stored.id = *id;
            auto recorded =
                tx.audit().append(event_of(caller, now, event_type::invitation_create, event_status::success,
                                           target_of(target_type::invitation, *id),
                                           fmt::format("Invitation {} for {} as {}.", *id,
                                                       email.empty() ? "anybody" : email, to_string(kind))));
            return recorded ? result<void>{} : pass(std::move(recorded));
        });
    if (!stored)
        return pass(std::move(stored));
    return created;
}

result<void> invitation_service::remove(invitation_id id, const caller& caller) {
    return changes_.write(
        event_type::invitation_delete, fmt::format("Invitation {}", id),
        target_of(target_type::invitation, id), caller, [&](storage::transaction& tx) -> result<void> {
            if (auto removed = tx.invitations().remove(id); !removed)
                return removed;
            auto recorded = tx.audit().append(event_of(
                caller, deps_.time.now(), event_type::invitation_delete, event_status::success,
                target_of(target_type::invitation, id), fmt::format("Invitation {} withdrawn.", id)));
            return recorded ? result<void>{} : pass(std::move(recorded));
        });
}

} // namespace breakwater::services
