#include "services/device_service.hpp"

#include "base/encoding.hpp"
#include "base/time.hpp"
#include "crypto/password_hash.hpp"

#include <fmt/format.h>

#include <array>

namespace breakwater::services {

namespace {

std::unexpected<error> no_such_device() {
    return fail(errc::not_found, "Device not found.");
}

/// The account's quota of devices, asked where nothing can come in between.
result<void> check_device_quota(const storage::device_store& devices, const user& owner,
                                const device_settings& settings) {
    const std::int64_t most =
        owner.role == role::admin ? settings.max_devices_of_admin : settings.max_devices_of_user;
    if (most == 0)
        return {};
    const auto count = devices.count(owner.id, most);
    if (!count)
        return std::unexpected(count.error());
    if (*count < most)
        return {};
    return std::unexpected(
        error{.code = errc::forbidden,
              .detail = fmt::format("The account has {} devices, which is its limit. Delete one, or ask an "
                                    "administrator for more.",
                                    *count),
              .limit = limit_info{.name = "devices", .quota = most}});
}

/// Whoever blocks anew what another of a higher rank blocked doesn't take that one's place.
bool outranks(const device& blocked, const device_block& by) noexcept {
    return blocked.status == device_status::blocked && !blocked.owner_may_release() && by.owner_may_release;
}

void block(device& changed, device_block by) {
    changed.deactivated_at = by.at;
    ++changed
          .token_version; // however it is blocked: old tokens stay dead after a reactivation (correction 2)
    if (!outranks(changed, by))
        changed.block = std::move(by);
    changed.status = device_status::blocked;
}

result<device_block> block_by(const storage::user_store& users, const caller& who, std::string reason,
                              timestamp now) {
    device_block by{.author = who.administrator ? block_author::administrator : block_author::owner,
                    .owner_may_release = !who.administrator,
                    .user = who.system ? 0 : who.user,
                    .reason = std::move(reason),
                    .at = now};
    if (who.system) {
        by.name = "the server's shell";
        return by;
    }
    auto account = users.find(who.user);
    if (!account)
        return pass(std::move(account));
    if (*account)
        by.name = std::move((*account)->email);
    return by;
}

std::string because(std::string_view reason) {
    return reason.empty() ? "." : fmt::format(": {}", reason);
}

error not_released(const device& blocked, const caller& who) {
    const device_block by = blocked.block.value_or(device_block{});
    return {.code = errc::forbidden,
            .detail = fmt::format(
                "The device was blocked by {}{}{} An administrator can release it.", author_of(by, who),
                blocked.block
                    ? fmt::format(" on {}", format_rfc3339(std::chrono::floor<std::chrono::seconds>(by.at)))
                    : std::string{},
                because(by.reason))};
}

} // namespace

std::string author_of(const device_block& block, const caller& who) {
    if (block.author == block_author::rule)
        return block.name.empty() ? std::string{"an alert rule"} : fmt::format("alert rule {:?}", block.name);
    if (!block.name.empty() && (who.administrator || (block.user != 0 && block.user == who.user)))
        return block.name;
    return block.author == block_author::owner ? "its owner" : "an administrator";
}

bool may_release(const device& blocked, const caller& who) noexcept {
    return who.administrator || blocked.owner_may_release();
}

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
                     target_of(target_type::device, id),
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
                       .deactivated_at = std::nullopt,
                       .simulated = settings_.simulates_new};
    std::vector<reading> samples = samples_(added.id, kind, now);
    auto stored = changes_.write(
        event_type::device_create, "New device", std::nullopt, who,
        [&](storage::transaction& tx) -> result<void> {
            // An account that was deleted since its token was checked must not leave a device behind.
            const auto owner = tx.users().find(who.user);
            if (!owner)
                return std::unexpected(owner.error());
            if (!*owner)
                return fail(errc::unauthenticated, "The account no longer exists.");
            if (auto fits = check_device_quota(tx.devices(), **owner, settings_); !fits && !who.system)
                return fits;
            if (auto inserted = tx.devices().insert(added); !inserted)
                return inserted;
            if (auto recorded = tx.audit().append(
                    event_of(who, now, event_type::device_create, event_status::success,
                             target_of(target_type::device, added.id),
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
                                      .target = target_of(target_type::device, added.id),
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
        // What was made up of a device that exists, or may come yet, was never heard.
        auto last = view.readings().last_received(id, (*row)->simulated);
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
    const auto event = how(tx, changed);
    if (!event)
        return std::unexpected(event.error());
    changed.updated_at = with_.time.now();
    if (auto updated = tx.devices().update(changed); !updated)
        return pass(std::move(updated));
    if (auto recorded = tx.audit().append(*event); !recorded)
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
    auto stored = changes_.write(type, id.to_string(), target_of(target_type::device, id), who,
                                 [&](storage::transaction& tx) -> result<void> {
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

result<bool> device_service::quarantine(storage::transaction& tx, const device_id& id, device_block by,
                                        std::string_view why, std::vector<event_target> reasons,
                                        const caller& who) {
    auto row = tx.devices().find(id);
    if (!row)
        return pass(std::move(row));
    // What its owner blocked, and could let go again at once, a rule takes over.
    if (*row && (*row)->status == device_status::blocked &&
        !((*row)->owner_may_release() && !by.owner_may_release))
        return false;
    auto blocked = change_in(tx, id, [&](storage::transaction&, device& changed) -> result<security_event> {
        block(changed, std::move(by));
        auto event = event_of(who, with_.time.now(), event_type::device_block, event_status::success,
                              target_of(target_type::device, id),
                              fmt::format("Device {} blocked: {}", id.to_string(), why));
        for (event_target& each : reasons)
            add_target(event, std::move(each));
        return event;
    });
    if (!blocked)
        return pass(std::move(blocked));
    return true;
}

result<device_details> device_service::update(const device_id& id, const device_changes& changes,
                                              const caller& who) {
    const bool blocks = changes.status == device_status::blocked;
    const event_type type = blocks ? event_type::device_block : event_type::device_update;
    auto changed = apply(type, id, who, [&](storage::transaction& tx, device& row) -> result<security_event> {
        const timestamp now = with_.time.now();
        if (changes.name)
            row.name = *changes.name;
        if (changes.kind)
            row.category = *changes.kind;
        if (blocks) {
            auto by = block_by(tx.users(), who, changes.reason, now);
            if (!by)
                return pass(std::move(by));
            block(row, std::move(*by));
        } else if (changes.status && row.status == device_status::blocked) {
            if (!may_release(row, who))
                return std::unexpected(not_released(row, who));
            row.status = device_status::active;
            row.block.reset();
        }
        return event_of(who, now, type, event_status::success, target_of(target_type::device, id),
                        fmt::format("Device {} updated: name {:?}, category {}, status {}{}", id.to_string(),
                                    row.name, info(row.category).slug, to_string(row.status),
                                    because(blocks ? changes.reason : "")));
    });
    if (!changed)
        return pass(std::move(changed));
    return get(id, who);
}

result<device> device_service::deactivate(const device_id& id, const caller& who) {
    return apply(event_type::device_block, id, who,
                 [&](storage::transaction& tx, device& row) -> result<security_event> {
                     const timestamp now = with_.time.now();
                     auto by = block_by(tx.users(), who, {}, now);
                     if (!by)
                         return pass(std::move(by));
                     block(row, std::move(*by));
                     return event_of(who, now, event_type::device_block, event_status::success,
                                     target_of(target_type::device, id),
                                     fmt::format("Device {} blocked.", id.to_string()));
                 });
}

result<void> device_service::note_sign_in(const device_id& id, const caller& who) {
    return with_.store.write([&](storage::transaction& tx) -> result<void> {
        auto row = tx.devices().find(id);
        if (!row)
            return pass(std::move(row));
        if (!*row)
            return no_such_device();
        if ((*row)->signed_in_at)
            return {};
        if (auto told = observer_.becoming_real(tx, id); !told)
            return told;
        auto changed = change_in(tx, id, [&](storage::transaction&, device& first) -> result<security_event> {
            const timestamp now = with_.time.now();
            auto event = event_of(who, now, event_type::device_update, event_status::success,
                                  target_of(target_type::device, id),
                                  fmt::format("Device {} signed in for the first time{}.", id.to_string(),
                                              first.simulated ? "; it is not simulated any more" : ""));
            event.actor = actor_type::device;
            event.actor_id = id.to_string();
            first.signed_in_at = now;
            first.simulated = false;
            return event;
        });
        return changed ? result<void>{} : pass(std::move(changed));
    });
}

result<void> device_service::begin_simulation(const caller& who) {
    std::vector<device_id> found;
    with_.devices.for_each([&](const device_id& id, const storage::device_state& known) {
        if (!known.real && !known.simulated)
            found.push_back(id);
    });
    if (found.empty())
        return {};
    return with_.store.write([&](storage::transaction& tx) -> result<void> {
        for (const device_id& id : found) {
            auto row = tx.devices().find(id);
            if (!row)
                return pass(std::move(row));
            if (!*row || (*row)->is_real())
                continue;
            device changed = std::move(**row);
            changed.simulated = true;
            if (auto updated = tx.devices().update(changed); !updated)
                return updated;
            tx.after_commit([this, changed] {
                with_.devices.put(changed);
                observer_.updated(changed);
            });
        }
        auto event =
            event_of(who, with_.time.now(), event_type::device_update, event_status::success, std::nullopt,
                     fmt::format("{} devices are simulated until they sign in.", found.size()));
        for (const device_id& id : found)
            add_target(event, target_of(target_type::device, id));
        auto recorded = tx.audit().append(event);
        return recorded ? result<void>{} : pass(std::move(recorded));
    });
}

result<device> device_service::invalidate_tokens(const device_id& id, const caller& who) {
    return apply(event_type::device_token_invalidate, id, who,
                 [&](storage::transaction&, device& row) -> result<security_event> {
                     const timestamp now = with_.time.now();
                     ++row.token_version;
                     row.deactivated_at = now;
                     return event_of(who, now, event_type::device_token_invalidate, event_status::success,
                                     target_of(target_type::device, id),
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
    auto changed = apply(event_type::device_secret_rotate, id, who,
                         [&](storage::transaction&, device& row) -> result<security_event> {
                             row.secret_hash = std::move(*hash);
                             ++row.token_version;
                             return event_of(who, with_.time.now(), event_type::device_secret_rotate,
                                             event_status::success, target_of(target_type::device, id),
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
        event_type::device_delete, id.to_string(), target_of(target_type::device, id), who,
        [&](storage::transaction& tx) -> result<void> {
            if (auto told = observer_.deleting(tx, id, who); !told)
                return told;
            if (auto removed = tx.devices().remove(id); !removed)
                return removed;
            if (auto recorded = tx.audit().append(event_of(
                    who, now, event_type::device_delete, event_status::success,
                    target_of(target_type::device, id), fmt::format("Device {} deleted.", id.to_string())));
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
