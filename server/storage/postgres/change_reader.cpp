#include "storage/postgres/change_reader.hpp"

#include "base/log.hpp"
#include "base/thread.hpp"
#include "storage/engine/store_views.hpp"

#include <charconv>
#include <string>
#include <utility>

namespace breakwater::storage::postgres {

namespace {

constexpr std::int64_t changes_per_unit = 200;
/// So that the thread notices soon that it shall stop.
constexpr std::chrono::milliseconds max_wait{100};

struct stored_change {
    std::string kind;
    std::string key;
    int action = 0;
    std::int64_t owner = 0;
};

std::int64_t number_in(const std::string& key) {
    std::int64_t number = 0;
    (void)std::from_chars(key.data(), key.data() + key.size(), number);
    return number;
}

result<std::optional<change>> user_change(const snapshot& state, const stored_change& stored) {
    const user_id id = number_in(stored.key);
    auto account = state.users().find(id);
    if (!account)
        return pass(std::move(account));
    return *account ? change{account_saved{std::move(**account)}} : change{account_removed{id}};
}

result<std::optional<change>> device_change_of(const snapshot& state, const stored_change& stored) {
    const auto id = uuid::parse(stored.key);
    if (!id)
        return std::nullopt;
    auto found = state.devices().find(*id);
    if (!found)
        return pass(std::move(found));
    if (*found)
        return device_saved{std::move(**found), static_cast<device_change>(stored.action)};
    return device_removed{*id, stored.owner};
}

/// Names all devices in the scope: this node can't tell which of them the change concerns.
result<std::optional<change>> policy_change(const snapshot& state, const stored_change& stored) {
    if (const auto id = uuid::parse(stored.key)) {
        const auto policies = state.policies().of_devices();
        if (!policies)
            return std::unexpected(policies.error());
        policy_saved saved{.scope = device_id{*id}};
        for (const auto& [device, policy] : *policies)
            if (device == *id)
                saved.policy = policy;
        auto found = state.devices().find(*id);
        if (!found)
            return pass(std::move(found));
        if (*found)
            saved.affected.push_back(std::move(**found));
        return saved;
    }
    const auto kind = parse_category(stored.key);
    if (!kind)
        return std::nullopt;
    const auto policies = state.policies().of_categories();
    if (!policies)
        return std::unexpected(policies.error());
    policy_saved saved{.scope = *kind};
    for (const auto& [other, policy] : *policies)
        if (other == *kind)
            saved.policy = policy;
    auto devices = state.devices().list({.category = kind});
    if (!devices)
        return pass(std::move(devices));
    saved.affected = std::move(*devices);
    return saved;
}

result<std::optional<change>> alert_change_of(const snapshot& state, const stored_change& stored) {
    auto found = state.alerts().find(number_in(stored.key));
    if (!found)
        return pass(std::move(found));
    if (!*found)
        return std::nullopt;
    return alert_saved{std::move(**found), static_cast<alert_change>(stored.action)};
}

/// The change with the present state of its object. Empty if there is nothing to follow any more.
result<std::optional<change>> load(const snapshot& state, const stored_change& stored) {
    if (stored.kind == "user")
        return user_change(state, stored);
    if (stored.kind == "device")
        return device_change_of(state, stored);
    if (stored.kind == "policy")
        return policy_change(state, stored);
    if (stored.kind == "alert")
        return alert_change_of(state, stored);
    if (stored.kind == "rule")
        return rule_changed{number_in(stored.key)};
    if (stored.kind == "session")
        if (const auto session = uuid::parse(stored.key))
            return session_ended{*session};
    if (stored.kind == "outbox")
        return message_queued{destination_kind::webhook};
    return std::nullopt;
}

} // namespace

change_reader::change_reader(settings options, writer& writer, shared_state& shared, lane_follower& lanes,
                             change_feed& feed)
    : settings_{std::move(options)}, writer_{writer}, shared_{shared}, lanes_{lanes}, feed_{feed} {}

void change_reader::stop() {
    stopping_ = true;
    if (thread_.joinable())
        thread_.join();
}

result<void> change_reader::begin(connection& db) {
    const auto newest = db.prepare("SELECT max(position) FROM changes").number();
    if (!newest)
        return std::unexpected(newest.error());
    position_ = *newest;
    return {};
}

void change_reader::start() {
    looked_at_ = steady_clock::now().time_since_epoch().count();
    thread_ = start_thread("db changes", [this] { loop(); });
}

bool change_reader::stale() const noexcept {
    const steady_clock::rep looked_at = looked_at_.load(std::memory_order_relaxed);
    if (looked_at == 0)
        return false;
    return steady_clock::now() - steady_clock::time_point{steady_clock::duration{looked_at}} >
           settings_.max_age;
}

void change_reader::loop() {
    while (!stopping_ && !writer_.fenced()) {
        if (const auto done = look(); done) {
            failing_ = false;
            continue;
        } else if (!std::exchange(failing_, true)) {
            log::write(log::level::warning, "changes of other nodes can't be read",
                       {{"detail", done.error().detail}});
        }
        db_.reset();
        std::this_thread::sleep_for(max_wait);
    }
}

result<void> change_reader::look() {
    const auto renewed = connection::renew(db_, settings_.server, !failing_);
    if (!renewed)
        return std::unexpected(renewed.error());
    if (*renewed)
        if (auto listens = db_->execute_script("LISTEN breakwater_changes"); !listens)
            return listens;
    for (bool any = true; any;) {
        const auto began = steady_clock::now();
        const auto found = anything_new();
        if (!found)
            return std::unexpected(found.error());
        any = *found;
        if (!any)
            looked_at_.store(began.time_since_epoch().count(), std::memory_order_relaxed);
        else if (auto delivered = writer_.run(
                     [this](writer::access& open) { return deliver(open.db, open.own, open.after); },
                     engine::priority::ahead);
                 !delivered)
            return delivered;
    }
    for (auto waited = std::chrono::milliseconds{0}; waited < settings_.interval && !stopping_;
         waited += max_wait) {
        const auto notified = db_->wait_for_notification(max_wait);
        if (!notified)
            return std::unexpected(notified.error());
        if (*notified)
            break;
    }
    return {};
}

result<bool> change_reader::anything_new() {
    statement query = db_->prepare("SELECT coalesce(max(position), 0) > $1 FROM changes");
    const auto row = query.bind(position_.load()).step();
    if (!row)
        return std::unexpected(row.error());
    return query.boolean(0);
}

result<void> change_reader::deliver(connection& db, lane_state& own, engine::actions& after) {
    std::vector<stored_change> foreign;
    std::int64_t last = position_;
    auto read = db.prepare("SELECT position, kind, key, action, owner, lane FROM changes"
                           " WHERE position > $1 ORDER BY position LIMIT $2")
                    .bind(last, changes_per_unit)
                    .for_each([&](const statement& row) -> result<void> {
                        if (row.integer(0) != last + 1) { // positions have no gaps
                            log::write(log::level::error, "this node missed changes of other nodes");
                            writer_.fence();
                            return fail(errc::storage_unavailable,
                                        "This server missed changes of others in the database.");
                        }
                        last = row.integer(0);
                        if (row.integer(5) != own.lane)
                            foreign.push_back({.kind = row.text(1),
                                               .key = row.text(2),
                                               .action = static_cast<int>(row.integer(3)),
                                               .owner = row.integer(4)});
                        return {};
                    });
    if (!read)
        return read;
    const engine::store_snapshot<store_set> state{db, shared_, lanes_, nullptr, &own};
    std::vector<change> changes;
    for (const stored_change& stored : foreign) {
        auto loaded = load(state, stored);
        if (!loaded)
            return pass(std::move(loaded));
        if (*loaded)
            changes.push_back(std::move(**loaded));
    }
    after.push_back({.call =
                         [this, last, changes = std::move(changes)] {
                             for (const change& each : changes)
                                 feed_.deliver(each);
                             position_ = last;
                         },
                     .is_of_caller = false});
    return {};
}

} // namespace breakwater::storage::postgres
