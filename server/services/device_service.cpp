#include "services/device_service.hpp"

#include "base/encoding.hpp"
#include "base/time.hpp"
#include "crypto/password_hash.hpp"

#include <fmt/format.h>

#include <array>

namespace breakwater::services {

using identity::action;

namespace {

std::unexpected<error> no_such_device() {
    return fail(errc::not_found, "Device not found.");
}

/// Runs in the transaction that adds the device, so that no other device is added in between.
result<void> check_device_quota(const storage::device_store& devices, const user& owner,
                                const device_settings& settings) {
    const std::int64_t limit =
        owner.role == role::admin ? settings.max_devices_of_admin : settings.max_devices_of_user;
    if (limit == 0)
        return {};
    const auto count = devices.count(owner.id, limit);
    if (!count)
        return std::unexpected(count.error());
    if (*count < limit)
        return {};
    return std::unexpected(
        error{.code = errc::forbidden,
              .detail = fmt::format("Your account has reached its limit of {} devices. Delete one, or ask an "
                                    "administrator for a higher limit.",
                                    *count),
              .limit = limit_info{.name = "devices", .quota = limit}});
}

/// A new block does not replace the block by somebody of a higher rank.
bool outranks(const device& blocked, const device_block& new_block) noexcept {
    return blocked.status == device_status::blocked && !blocked.owner_may_release() &&
           new_block.owner_may_release;
}

void block(device& changed, device_block new_block) {
    changed.deactivated_at = new_block.at;
    ++changed.token_version; // old tokens stay invalid after a reactivation (contract, correction 2)
    if (!outranks(changed, new_block))
        changed.block = std::move(new_block);
    changed.status = device_status::blocked;
}

result<device_block> block_by(const storage::user_store& users, const caller& caller, std::string reason,
                              timestamp now) {
    const bool outranks_owner = caller.may(action::outrank_owner);
    device_block block{.author = outranks_owner ? block_author::administrator : block_author::owner,
                       .owner_may_release = !outranks_owner,
                       .user = caller.principal.is_system() ? 0 : caller.principal.user,
                       .reason = std::move(reason),
                       .at = now};
    if (caller.principal.is_system()) {
        block.name = "the server's shell";
        return block;
    }
    auto account = users.find(caller.principal.user);
    if (!account)
        return pass(std::move(account));
    if (*account)
        block.name = std::move((*account)->email);
    return block;
}

result<void> insert_secret(storage::transaction& tx, const device_id& id, const std::string& hash,
                           timestamp now) {
    auto inserted = tx.credentials().insert(
        {.subject = id, .kind = credential_kind::device_secret, .verifier = hash, .created_at = now});
    return inserted ? result<void>{} : pass(std::move(inserted));
}

std::string reason_suffix(std::string_view reason) {
    return reason.empty() ? "." : fmt::format(": {}", reason);
}

error release_refusal(const device& blocked, const caller& caller) {
    const device_block block = blocked.block.value_or(device_block{});
    return {.code = errc::forbidden,
            .detail = fmt::format(
                "The device was blocked by {}{}{} An administrator can release it.", author_of(block, caller),
                blocked.block ? fmt::format(" on {}", format_rfc3339(
                                                          std::chrono::floor<std::chrono::seconds>(block.at)))
                              : std::string{},
                reason_suffix(block.reason))};
}

} // namespace

std::string author_of(const device_block& block, const caller& caller) {
    if (block.author == block_author::rule)
        return block.name.empty() ? std::string{"an alert rule"} : fmt::format("alert rule {:?}", block.name);
    const bool is_own = block.user != 0 && block.user == caller.principal.user;
    if (!block.name.empty() && (is_own || caller.may(action::see_fleet)))
        return block.name;
    return block.author == block_author::owner ? "its owner" : "an administrator";
}

bool may_release(const device& blocked, const caller& caller) noexcept {
    return caller.may(action::release_device,
                      {.owner = blocked.owner, .permits_owner = blocked.owner_may_release()});
}

device_service::device_service(const dependencies& deps, const device_settings& settings,
                               sample_source samples)
    : deps_{deps},
      changes_{deps.store, deps.audit, deps.time},
      settings_{settings},
      samples_{std::move(samples)} {}

std::string device_service::make_secret() {
    std::array<std::uint8_t, 32> bytes{};
    deps_.random.fill(bytes);
    return base64url_encode(bytes);
}

result<std::string> device_service::hash_secret(std::string_view secret) {
    return crypto::hash_password(secret, settings_.secret_bcrypt_cost, deps_.random);
}

bool device_service::may_see(const device_id& id, const caller& caller) const {
    const auto device = deps_.devices.find(id);
    return device && caller.may(action::see_device, {.owner = device->owner});
}

result<void> device_service::authorise(action what, const device_id& id, const caller& caller) {
    const auto device = deps_.devices.find(id);
    if (!device)
        return no_such_device();
    if (caller.may(what, {.owner = device->owner}))
        return {};
    if (auto recorded = deps_.audit.record_and_wait(
            event_of(caller, deps_.time.now(), event_type::device_forbidden, event_status::denied,
                     target_of(target_type::device, id),
                     fmt::format("Tried to access device {} of user {}.", id.to_string(), device->owner)));
        !recorded)
        return recorded;
    return fail(errc::forbidden, "This device belongs to another user. Ask its owner or an administrator.");
}

result<registry::device_state> device_service::state_of(const device_id& id, const caller& caller) {
    if (auto allowed = authorise(action::see_device, id, caller); !allowed)
        return pass(std::move(allowed));
    const auto state = deps_.devices.find(id);
    if (!state)
        return no_such_device();
    return *state;
}

result<new_secret> device_service::create(std::string_view name, category kind, const caller& caller) {
    const timestamp now = deps_.time.now();
    const std::string secret = make_secret();
    auto hash = hash_secret(secret);
    if (!hash)
        return pass(std::move(hash));
    const device added{.id = uuid::random(deps_.random),
                       .owner = caller.principal.user,
                       .name = std::string{name},
                       .category = kind,
                       .created_at = now,
                       .updated_at = now,
                       .deactivated_at = std::nullopt,
                       .simulated = settings_.simulates_new};
    std::vector<reading> samples = samples_(added.id, kind, now);
    auto stored = changes_.write(
        event_type::device_create, "New device", std::nullopt, caller,
        [&](storage::transaction& tx) -> result<void> {
            // The account may have been deleted since its token was checked: it must not get a new device.
            const auto owner = tx.users().find(caller.principal.user);
            if (!owner)
                return std::unexpected(owner.error());
            if (!*owner)
                return fail(errc::unauthenticated, "This account was deleted.");
            if (auto allowed = check_device_quota(tx.devices(), **owner, settings_);
                !allowed && !caller.principal.is_system())
                return allowed;
            if (auto inserted = tx.devices().insert(added); !inserted)
                return inserted;
            if (auto inserted = insert_secret(tx, added.id, *hash, now); !inserted)
                return inserted;
            if (auto recorded = tx.audit().append(
                    event_of(caller, now, event_type::device_create, event_status::success,
                             target_of(target_type::device, added.id),
                             fmt::format("Device {} ({}) created{}.", added.id.to_string(), info(kind).slug,
                                         caller.principal.is_system()
                                             ? fmt::format(" for user {}", caller.principal.user)
                                             : "")));
                !recorded)
                return pass(std::move(recorded));
            if (!samples.empty()) {
                if (auto appended = tx.readings().append(samples); !appended)
                    return appended;
                security_event seeded{.created_at = now,
                                      .actor = actor_type::system,
                                      .type = event_type::reading_seed,
                                      .status = event_status::success,
                                      .target = target_of(target_type::device, added.id),
                                      .detail = fmt::format("{} sample readings for device {}.",
                                                            samples.size(), added.id.to_string()),
                                      .origin = caller.origin};
                if (auto recorded = tx.audit().append(seeded); !recorded)
                    return pass(std::move(recorded));
            }
            return tx.changes().publish(device_saved{added, device_change::created});
        });
    if (!stored)
        return pass(std::move(stored));
    return new_secret{added.id, secret, kind};
}

result<std::vector<device>> device_service::list(storage::device_query query, const caller& caller) {
    if (!caller.may(action::see_fleet))
        query.owner = caller.principal.user;
    return storage::fetch(deps_.store,
                          [&](const storage::snapshot& view) { return view.devices().list(query); });
}

result<device_details> device_service::get(const device_id& id, const caller& caller) {
    if (auto allowed = authorise(action::see_device, id, caller); !allowed)
        return pass(std::move(allowed));
    return storage::fetch(deps_.store, [&](const storage::snapshot& view) -> result<device_details> {
        auto row = view.devices().find(id);
        if (!row)
            return pass(std::move(row));
        if (!*row)
            return no_such_device();
        // Simulated readings do not count for a device that is real or may still sign in.
        auto last = view.readings().last_received(id, (*row)->simulated);
        if (!last)
            return pass(std::move(last));
        return device_details{std::move(**row), *last};
    });
}

result<device> device_service::change_within(storage::transaction& tx, const device_id& id,
                                             const change& modify) {
    auto row = tx.devices().find(id);
    if (!row)
        return pass(std::move(row));
    if (!*row)
        return no_such_device();
    device changed = std::move(**row);
    const auto event = modify(tx, changed);
    if (!event)
        return std::unexpected(event.error());
    changed.updated_at = deps_.time.now();
    if (auto updated = tx.devices().update(changed); !updated)
        return pass(std::move(updated));
    if (auto recorded = tx.audit().append(*event); !recorded)
        return pass(std::move(recorded));
    if (auto published = tx.changes().publish(device_saved{changed}); !published)
        return pass(std::move(published));
    return changed;
}

result<device> device_service::apply(event_type type, const device_id& id, const caller& caller,
                                     const change& modify) {
    if (auto allowed = authorise(action::change_device, id, caller); !allowed)
        return pass(std::move(allowed));
    device changed;
    auto stored = changes_.write(type, id.to_string(), target_of(target_type::device, id), caller,
                                 [&](storage::transaction& tx) -> result<void> {
                                     auto result_device = change_within(tx, id, modify);
                                     if (!result_device)
                                         return pass(std::move(result_device));
                                     changed = std::move(*result_device);
                                     return {};
                                 });
    if (!stored)
        return pass(std::move(stored));
    return changed;
}

result<bool> device_service::quarantine(storage::transaction& tx, const device_id& id, device_block new_block,
                                        std::string_view cause, std::vector<event_target> reasons,
                                        const caller& caller) {
    auto row = tx.devices().find(id);
    if (!row)
        return pass(std::move(row));
    // A rule takes over a block by the owner, who could release the device at once.
    if (*row && (*row)->status == device_status::blocked &&
        !((*row)->owner_may_release() && !new_block.owner_may_release))
        return false;
    auto blocked =
        change_within(tx, id, [&](storage::transaction&, device& changed) -> result<security_event> {
            block(changed, std::move(new_block));
            auto event = event_of(caller, deps_.time.now(), event_type::device_block, event_status::success,
                                  target_of(target_type::device, id),
                                  fmt::format("Device {} blocked: {}", id.to_string(), cause));
            for (event_target& reason : reasons)
                add_target(event, std::move(reason));
            return event;
        });
    if (!blocked)
        return pass(std::move(blocked));
    return true;
}

result<device_details> device_service::update(const device_id& id, const device_changes& changes,
                                              const caller& caller) {
    const bool blocks = changes.status == device_status::blocked;
    const event_type type = blocks ? event_type::device_block : event_type::device_update;
    auto changed =
        apply(type, id, caller, [&](storage::transaction& tx, device& row) -> result<security_event> {
            const timestamp now = deps_.time.now();
            if (changes.name)
                row.name = *changes.name;
            if (changes.kind)
                row.category = *changes.kind;
            if (blocks) {
                auto new_block = block_by(tx.users(), caller, changes.reason, now);
                if (!new_block)
                    return pass(std::move(new_block));
                block(row, std::move(*new_block));
            } else if (changes.status && row.status == device_status::blocked) {
                if (!may_release(row, caller))
                    return std::unexpected(release_refusal(row, caller));
                row.status = device_status::active;
                row.block.reset();
            }
            return event_of(caller, now, type, event_status::success, target_of(target_type::device, id),
                            fmt::format("Device {} updated: name {:?}, category {}, status {}{}",
                                        id.to_string(), row.name, info(row.category).slug,
                                        to_string(row.status), reason_suffix(blocks ? changes.reason : "")));
        });
    if (!changed)
        return pass(std::move(changed));
    return get(id, caller);
}

result<device> device_service::deactivate(const device_id& id, const caller& caller) {
    return apply(event_type::device_block, id, caller,
                 [&](storage::transaction& tx, device& row) -> result<security_event> {
                     const timestamp now = deps_.time.now();
                     auto new_block = block_by(tx.users(), caller, {}, now);
                     if (!new_block)
                         return pass(std::move(new_block));
                     block(row, std::move(*new_block));
                     return event_of(caller, now, event_type::device_block, event_status::success,
                                     target_of(target_type::device, id),
                                     fmt::format("Device {} blocked.", id.to_string()));
                 });
}

result<void> device_service::record_sign_in(const device_id& id, const caller& caller) {
    return deps_.store.write([&](storage::transaction& tx) -> result<void> {
        auto row = tx.devices().find(id);
        if (!row)
            return pass(std::move(row));
        if (!*row)
            return no_such_device();
        if ((*row)->signed_in_at)
            return {};
        if (auto prepared = deps_.alerts.resolve_simulated(tx, id); !prepared)
            return prepared;
        auto changed =
            change_within(tx, id, [&](storage::transaction&, device& first) -> result<security_event> {
                const timestamp now = deps_.time.now();
                auto event = event_of(caller, now, event_type::device_update, event_status::success,
                                      target_of(target_type::device, id),
                                      fmt::format("Device {} signed in for the first time{}.", id.to_string(),
                                                  first.simulated ? "; it is no longer simulated" : ""));
                event.actor = actor_type::device;
                event.actor_id = id.to_string();
                first.signed_in_at = now;
                first.simulated = false;
                return event;
            });
        return changed ? result<void>{} : pass(std::move(changed));
    });
}

result<void> device_service::begin_simulation(const caller& caller) {
    std::vector<device_id> unheard;
    deps_.devices.for_each([&](const device_id& id, const registry::device_state& state) {
        if (!state.real && !state.simulated)
            unheard.push_back(id);
    });
    if (unheard.empty())
        return {};
    return deps_.store.write([&](storage::transaction& tx) -> result<void> {
        for (const device_id& id : unheard) {
            auto row = tx.devices().find(id);
            if (!row)
                return pass(std::move(row));
            if (!*row || (*row)->is_real())
                continue;
            device changed = std::move(**row);
            changed.simulated = true;
            if (auto updated = tx.devices().update(changed); !updated)
                return updated;
            if (auto published = tx.changes().publish(device_saved{std::move(changed)}); !published)
                return published;
        }
        auto event =
            event_of(caller, deps_.time.now(), event_type::device_update, event_status::success, std::nullopt,
                     fmt::format("{} devices are simulated until they sign in.", unheard.size()));
        for (const device_id& id : unheard)
            add_target(event, target_of(target_type::device, id));
        auto recorded = tx.audit().append(event);
        return recorded ? result<void>{} : pass(std::move(recorded));
    });
}

result<device> device_service::invalidate_tokens(const device_id& id, const caller& caller) {
    return apply(event_type::device_token_invalidate, id, caller,
                 [&](storage::transaction&, device& row) -> result<security_event> {
                     const timestamp now = deps_.time.now();
                     ++row.token_version;
                     row.deactivated_at = now;
                     return event_of(caller, now, event_type::device_token_invalidate, event_status::success,
                                     target_of(target_type::device, id),
                                     fmt::format("Tokens of device {} invalidated.", id.to_string()));
                 });
}

result<new_secret> device_service::rotate_secret(const device_id& id, const caller& caller) {
    if (auto allowed = authorise(action::change_device, id, caller); !allowed)
        return pass(std::move(allowed));
    const std::string secret = make_secret();
    auto hash = hash_secret(secret);
    if (!hash)
        return pass(std::move(hash));
    auto changed = apply(event_type::device_secret_rotate, id, caller,
                         [&](storage::transaction& tx, device& row) -> result<security_event> {
                             const timestamp now = deps_.time.now();
                             constexpr auto kind = credential_kind::device_secret;
                             if (auto removed = tx.credentials().remove(id, kind); !removed)
                                 return pass(std::move(removed));
                             if (auto inserted = insert_secret(tx, id, *hash, now); !inserted)
                                 return pass(std::move(inserted));
                             ++row.token_version;
                             return event_of(caller, now, event_type::device_secret_rotate,
                                             event_status::success, target_of(target_type::device, id),
                                             fmt::format("Secret of device {} rotated.", id.to_string()));
                         });
    if (!changed)
        return pass(std::move(changed));
    return new_secret{id, secret, changed->category};
}

result<timestamp> device_service::remove(const device_id& id, const caller& caller) {
    if (auto allowed = authorise(action::change_device, id, caller); !allowed)
        return pass(std::move(allowed));
    const timestamp now = deps_.time.now();
    auto stored = changes_.write(
        event_type::device_delete, id.to_string(), target_of(target_type::device, id), caller,
        [&](storage::transaction& tx) -> result<void> {
            if (auto prepared = deps_.alerts.prepare_device_removal(tx, id, caller); !prepared)
                return prepared;
            const auto row = tx.devices().find(id);
            if (!row)
                return std::unexpected(row.error());
            if (!*row)
                return no_such_device();
            if (auto removed = tx.devices().remove(id); !removed)
                return removed;
            if (auto recorded = tx.audit().append(event_of(
                    caller, now, event_type::device_delete, event_status::success,
                    target_of(target_type::device, id), fmt::format("Device {} deleted.", id.to_string())));
                !recorded)
                return pass(std::move(recorded));
            return tx.changes().publish(device_removed{id, (*row)->owner});
        });
    if (!stored)
        return pass(std::move(stored));
    return now;
}

} // namespace breakwater::services
