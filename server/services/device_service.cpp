#include "services/device_service.hpp"

#include "base/encoding.hpp"
#include "crypto/password_hash.hpp"

#include <fmt/format.h>

#include <array>

namespace breakwater::services {

namespace {

std::unexpected<error> no_such_device() {
    return fail(errc::not_found, "Device not found.");
}

void block(device& changed, timestamp now) {
    changed.status = device_status::blocked;
    changed.deactivated_at = now;
    ++changed
          .token_version; // however it is blocked: old tokens stay dead after a reactivation (correction 2)
}

} // namespace

device_service::device_service(const parts& with, const device_settings& chosen, sample_source samples,
                               device_observer observer)
    : with_{with},
      changes_{with.store, with.audit, with.time},
      settings_{chosen},
      samples_{std::move(samples)},
      observer_{std::move(observer)} {}

std::string device_service::make_secret() {
    std::array<std::uint8_t, 32> bytes{};
    with_.random.fill(bytes);
    return base64url_encode(bytes);
}

result<std::string> device_service::hash_secret(std::string_view secret) {
    return crypto::hash_password(secret, settings_.secret_bcrypt_cost, with_.random);
}

bool device_service::may_see(const device_id& id, const caller& who) const {
    const auto known = with_.devices.find(id);
    return known && (known->owner == who.user || who.administrator);
}

result<void> device_service::authorise(const device_id& id, const caller& who) {
    const auto known = with_.devices.find(id);
    if (!known)
        return no_such_device();
    if (known->owner == who.user || who.administrator)
        return {};
    if (auto recorded = with_.audit.record_and_wait(
            event_of(who, with_.time.now(), event_type::device_forbidden, event_status::denied,
                     fmt::format("Tried to reach device {} of user {}.", id.to_string(), known->owner)));
        !recorded)
        return recorded;
    return fail(errc::forbidden, "This device belongs to another user.");
}

result<storage::device_state> device_service::state_of(const device_id& id, const caller& who) {
    if (auto allowed = authorise(id, who); !allowed)
        return pass(std::move(allowed));
    const auto known = with_.devices.find(id);
    if (!known)
        return no_such_device();
    return *known;
}

result<new_secret> device_service::create(std::string_view name, category kind, const caller& who) {
    const timestamp now = with_.time.now();
    const std::string secret = make_secret();
    auto hash = hash_secret(secret);
    if (!hash)
        return pass(std::move(hash));
    const device added{.id = uuid::random(with_.random),
                       .owner = who.user,
                       .name = std::string{name},
                       .category = kind,
                       .secret_hash = std::move(*hash),
                       .created_at = now,
                       .updated_at = now,
                       .deactivated_at = std::nullopt};
    std::vector<reading> samples = samples_(added.id, kind, now);
    auto stored = changes_.write(
        event_type::device_create, "New device", who, [&](storage::transaction& tx) -> result<void> {
            // An account that was deleted since its token was checked must not leave a device behind.
            const auto owner = tx.users().find(who.user);
            if (!owner)
                return std::unexpected(owner.error());
            if (!*owner)
                return fail(errc::unauthenticated, "The account no longer exists.");
            if (auto inserted = tx.devices().insert(added); !inserted)
                return inserted;
            if (auto recorded = tx.audit().append(
                    event_of(who, now, event_type::device_create, event_status::success,
                             fmt::format("Device {} ({}) created{}.", added.id.to_string(), info(kind).slug,
                                         who.system ? fmt::format(" for user {}", who.user) : "")));
                !recorded)
                return pass(std::move(recorded));
            if (!samples.empty()) {
                if (auto appended = tx.readings().append(samples); !appended)
                    return appended;
                security_event seeded{.created_at = now,
                                      .actor = actor_type::system,
                                      .type = event_type::reading_seed,
                                      .status = event_status::success,
                                      .detail = fmt::format("{} sample readings for device {}.",
                                                            samples.size(), added.id.to_string()),
                                      .origin = who.origin};
                if (auto recorded = tx.audit().append(seeded); !recorded)
                    return pass(std::move(recorded));
            }
            tx.after_commit([this, added] {
                with_.devices.put(added);
                observer_.created(added);
            });
            return {};
        });
    if (!stored)
        return pass(std::move(stored));
    return new_secret{added.id, secret, kind};
}

result<std::vector<device>> device_service::list(storage::device_query query, const caller& who) {
    query.owner = who.administrator ? std::nullopt : std::optional{who.user};
    return storage::ask(with_.store,
                        [&](const storage::snapshot& view) { return view.devices().list(query); });
}

result<device_details> device_service::get(const device_id& id, const caller& who) {
    if (auto allowed = authorise(id, who); !allowed)
        return pass(std::move(allowed));
    return storage::ask(with_.store, [&](const storage::snapshot& view) -> result<device_details> {
        auto row = view.devices().find(id);
        if (!row)
            return pass(std::move(row));
        if (!*row)
            return no_such_device();
        auto last = view.readings().last_received(id);
        if (!last)
            return pass(std::move(last));
        return device_details{std::move(**row), *last};
    });
}

result<device> device_service::change_in(storage::transaction& tx, const device_id& id, const change& how) {
    auto row = tx.devices().find(id);
    if (!row)
        return pass(std::move(row));
    if (!*row)
        return no_such_device();
    device changed = std::move(**row);
    const security_event event = how(changed);
    changed.updated_at = with_.time.now();
    if (auto updated = tx.devices().update(changed); !updated)
        return pass(std::move(updated));
    if (auto recorded = tx.audit().append(event); !recorded)
        return pass(std::move(recorded));
    tx.after_commit([this, changed] {
        with_.devices.put(changed);
        observer_.updated(changed);
    });
    return changed;
}

result<device> device_service::apply(event_type type, const device_id& id, const caller& who,
                                     const change& how) {
    if (auto allowed = authorise(id, who); !allowed)
        return pass(std::move(allowed));
    device changed;
    auto stored = changes_.write(type, id.to_string(), who, [&](storage::transaction& tx) -> result<void> {
        auto made = change_in(tx, id, how);
        if (!made)
            return pass(std::move(made));
        changed = std::move(*made);
        return {};
    });
    if (!stored)
        return pass(std::move(stored));
    return changed;
}

result<bool> device_service::quarantine(storage::transaction& tx, const device_id& id, std::string_view why,
                                        const caller& who) {
    auto row = tx.devices().find(id);
    if (!row)
        return pass(std::move(row));
    if (*row && (*row)->status == device_status::blocked)
        return false;
    auto blocked = change_in(tx, id, [&](device& changed) {
        const timestamp now = with_.time.now();
        block(changed, now);
        return event_of(who, now, event_type::device_block, event_status::success,
                        fmt::format("Device {} blocked: {}", id.to_string(), why));
    });
    if (!blocked)
        return pass(std::move(blocked));
    return true;
}

result<device_details> device_service::update(const device_id& id, const device_changes& changes,
                                              const caller& who) {
    const bool blocks = changes.status == device_status::blocked;
    const event_type type = blocks ? event_type::device_block : event_type::device_update;
    auto changed = apply(type, id, who, [&](device& row) {
        const timestamp now = with_.time.now();
        if (changes.name)
            row.name = *changes.name;
        if (changes.kind)
            row.category = *changes.kind;
        if (blocks)
            block(row, now);
        else if (changes.status)
            row.status = *changes.status;
        return event_of(who, now, type, event_status::success,
                        fmt::format("Device {} updated: name {:?}, category {}, status {}.", id.to_string(),
                                    row.name, info(row.category).slug, to_string(row.status)));
    });
    if (!changed)
        return pass(std::move(changed));
    return get(id, who);
}

result<device> device_service::deactivate(const device_id& id, const caller& who) {
    return apply(event_type::device_block, id, who, [&](device& row) {
        const timestamp now = with_.time.now();
        block(row, now);
        return event_of(who, now, event_type::device_block, event_status::success,
                        fmt::format("Device {} blocked.", id.to_string()));
    });
}

result<device> device_service::invalidate_tokens(const device_id& id, const caller& who) {
    return apply(event_type::device_token_invalidate, id, who, [&](device& row) {
        const timestamp now = with_.time.now();
        ++row.token_version;
        row.deactivated_at = now;
        return event_of(who, now, event_type::device_token_invalidate, event_status::success,
                        fmt::format("Tokens of device {} invalidated.", id.to_string()));
    });
}

result<new_secret> device_service::rotate_secret(const device_id& id, const caller& who) {
    if (auto allowed = authorise(id, who); !allowed)
        return pass(std::move(allowed));
    const std::string secret = make_secret();
    auto hash = hash_secret(secret);
    if (!hash)
        return pass(std::move(hash));
    auto changed = apply(event_type::device_secret_rotate, id, who, [&](device& row) {
        row.secret_hash = std::move(*hash);
        ++row.token_version;
        return event_of(who, with_.time.now(), event_type::device_secret_rotate, event_status::success,
                        fmt::format("Secret of device {} rotated.", id.to_string()));
    });
    if (!changed)
        return pass(std::move(changed));
    return new_secret{id, secret, changed->category};
}

result<timestamp> device_service::remove(const device_id& id, const caller& who) {
    if (auto allowed = authorise(id, who); !allowed)
        return pass(std::move(allowed));
    const timestamp now = with_.time.now();
    auto stored = changes_.write(
        event_type::device_delete, id.to_string(), who, [&](storage::transaction& tx) -> result<void> {
            if (auto told = observer_.deleting(tx, id, who); !told)
                return told;
            if (auto removed = tx.devices().remove(id); !removed)
                return removed;
            if (auto recorded =
                    tx.audit().append(event_of(who, now, event_type::device_delete, event_status::success,
                                               fmt::format("Device {} deleted.", id.to_string())));
                !recorded)
                return pass(std::move(recorded));
            tx.after_commit([this, id] {
                const auto known = with_.devices.find(id);
                with_.devices.remove(id);
                if (known)
                    observer_.deleted(id, known->owner);
            });
            return {};
        });
    if (!stored)
        return pass(std::move(stored));
    return now;
}

} // namespace breakwater::services
