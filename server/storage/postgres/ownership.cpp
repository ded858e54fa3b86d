#include "storage/postgres/ownership.hpp"

#include "base/log.hpp"
#include "base/thread.hpp"

#include <algorithm>
#include <string>

namespace breakwater::storage::postgres {

namespace {

/// Devices that one unit of work claims, or hands over.
constexpr std::size_t devices_per_unit = 256;
/// Devices without a node that one unit of work takes.
constexpr std::int64_t devices_per_adoption = 1000;
constexpr std::chrono::milliseconds max_pause{100};

/// The notifications to a node.
std::string channel_of(std::int64_t lane) {
    return "breakwater_owners_" + std::to_string(lane);
}

/// Sends them with the commit, one to each node.
result<void> notify(connection& db, std::vector<std::int64_t> lanes) {
    std::ranges::sort(lanes);
    lanes.erase(std::ranges::unique(lanes).begin(), lanes.end());
    for (const std::int64_t lane : lanes)
        if (lane != 0)
            if (auto sent = db.run_later("SELECT pg_notify($1, '')", channel_of(lane)); !sent)
                return sent;
    return {};
}

error still_elsewhere() {
    return {.code = errc::overloaded,
            .detail = "Another server holds the device; try again shortly.",
            .retry_after = std::chrono::seconds{1}};
}

} // namespace

ownership::ownership(settings options, writer& writer, shared_state& shared, lane_follower& lanes,
                     ownership_feed& followers, change_feed& changes, std::function<void()> on_due)
    : settings_{std::move(options)},
      writer_{writer},
      shared_{shared},
      lanes_{lanes},
      followers_{followers},
      on_due_{std::move(on_due)},
      follows_{changes, *this} {}

result<void> ownership::start() {
    std::vector<device_key> keys;
    std::vector<device_id> ids;
    auto loaded = writer_.run([&](writer::access& open) -> result<void> {
        connection& db = open.db;
        if (auto locked = db.lock_entities(); !locked)
            return locked;
        if (auto taken = db.run_later("INSERT INTO device_owners (bucket, device, lane)"
                                      " SELECT key & 255, key, $1 FROM devices AS d WHERE NOT EXISTS"
                                      " (SELECT 1 FROM device_owners AS o"
                                      " WHERE o.bucket = d.key & 255 AND o.device = d.key)",
                                      open.own.lane);
            !taken)
            return taken;
        return db
            .prepare("SELECT o.device, d.id FROM device_owners AS o JOIN devices AS d ON d.key = o.device"
                     " WHERE o.lane = $1")
            .bind(open.own.lane)
            .for_each([&](const statement& row) -> result<void> {
                keys.push_back(row.integer(0));
                ids.push_back(row.id(1));
                return {};
            });
    });
    if (!loaded)
        return loaded;
    for (const device_key key : keys)
        shared_.buffered.set_owned(key, true);
    {
        const lock_guard lock{mutex_};
        owned_.insert(ids.begin(), ids.end());
    }
    thread_ = start_thread("db owners", [this] { loop(); });
    return {};
}

void ownership::stop() {
    stopping_ = true;
    if (thread_.joinable())
        thread_.join();
    std::unordered_map<device_id, std::vector<waiter>> left;
    {
        const lock_guard lock{mutex_};
        std::swap(left, wanted_);
        unclaimed_.clear();
    }
    for (auto& [device, waiters] : left)
        for (waiter& each : waiters)
            each.done(std::unexpected(still_elsewhere()));
}

bool ownership::owns(const device_id& device) const {
    const lock_guard lock{mutex_};
    return owned_.contains(device);
}

void ownership::acquire(const device_id& device, device_ownership::acquire_handler done) {
    switch (want(device, done)) {
    case answer::later: return;
    case answer::later_by_claim: return submit_claim();
    case answer::owned: return done({});
    case answer::refused: return done(std::unexpected(still_elsewhere()));
    }
}

/// Moves from `done` if the answer comes later.
ownership::answer ownership::want(const device_id& device, device_ownership::acquire_handler& done) {
    const lock_guard lock{mutex_};
    if (owned_.contains(device))
        return answer::owned;
    if (stopping_ || (wanted_.size() >= settings_.max_wanted && !wanted_.contains(device)))
        return answer::refused;
    const auto [position, is_new] = wanted_.try_emplace(device);
    position->second.push_back({steady_clock::now() + settings_.max_wait, std::move(done)});
    if (is_new)
        unclaimed_.push_back(device);
    if (claiming_ || !is_new)
        return answer::later;
    claiming_ = true;
    return answer::later_by_claim;
}

void ownership::follow(const change& committed) {
    if (const auto* removed = std::get_if<device_removed>(&committed)) {
        const lock_guard lock{mutex_};
        owned_.erase(removed->id);
    }
}

/// REQUIRES: the caller set `claiming_`.
void ownership::submit_claim() {
    const auto devices = std::make_shared<std::vector<device_id>>();
    {
        const lock_guard lock{mutex_};
        const auto rest =
            unclaimed_.begin() + static_cast<std::ptrdiff_t>(std::min(unclaimed_.size(), devices_per_unit));
        devices->assign(unclaimed_.begin(), rest);
        unclaimed_.erase(unclaimed_.begin(), rest);
    }
    const auto outcome = std::make_shared<claim_outcome>();
    writer_.submit([this, devices, outcome](writer::access& open) { return claim(open, *devices, *outcome); },
                   [this, devices, outcome](result<void> done) {
                       if (!done) // whoever waits for one of them learns why
                           outcome->missing = *devices;
                       complete_claim(*outcome, done);
                   },
                   engine::priority::ahead);
}

result<void> ownership::claim(writer::access& open, const std::vector<device_id>& devices,
                              claim_outcome& outcome) {
    connection& db = open.db;
    if (auto locked = db.lock_entities(); !locked)
        return locked;
    std::unordered_map<device_key, device_id> found;
    auto read = db.prepare("SELECT key, id FROM devices WHERE id = ANY ($1)")
                    .bind(std::span{devices})
                    .for_each([&](const statement& row) -> result<void> {
                        found.emplace(row.integer(0), row.id(1));
                        return {};
                    });
    if (!read)
        return read;
    std::unordered_set<device_id> existing;
    std::vector<device_key> keys;
    for (const auto& [key, id] : found) {
        existing.insert(id);
        if (!open.own.departing.contains(key)) // it comes back later
            keys.push_back(key);
    }
    const auto taken =
        db.prepare("INSERT INTO device_owners AS o (bucket, device, lane)"
                   " SELECT key & 255, key, $2 FROM unnest($1) AS asked (key)"
                   " ON CONFLICT (bucket, device) DO UPDATE SET lane = excluded.lane, wanted = 0"
                   " WHERE o.lane = excluded.lane"
                   " OR NOT EXISTS (SELECT 1 FROM nodes WHERE nodes.lane = o.lane OR"
                   " (nodes.lane = o.wanted AND o.wanted <> excluded.lane)) RETURNING device")
            .bind(std::span<const device_key>{keys}, open.own.lane)
            .rows([](const statement& row) { return row.integer(0); });
    if (!taken)
        return std::unexpected(taken.error());
    for (const device_key key : *taken) {
        outcome.gained.push_back(found.at(key));
        std::erase(keys, key);
    }
    std::ranges::copy_if(devices, std::back_inserter(outcome.missing),
                         [&](const device_id& id) { return !existing.contains(id); });
    if (auto asked = ask_owners(open, keys); !asked)
        return asked;
    return outcome.gained.empty() ? result<void>{} : gain(open, *taken, outcome.gained);
}

result<void> ownership::ask_owners(writer::access& open, std::span<const device_key> devices) {
    if (devices.empty())
        return {};
    auto owners = open.db
                      .prepare("UPDATE device_owners AS o SET wanted = $2 FROM unnest($1) AS asked (key)"
                               " WHERE o.bucket = asked.key & 255 AND o.device = asked.key"
                               " AND o.wanted = 0 AND o.lane <> $2 RETURNING o.lane")
                      .bind(devices, open.own.lane)
                      .rows([](const statement& row) { return row.integer(0); });
    if (!owners)
        return std::unexpected(owners.error());
    return notify(open.db, std::move(*owners));
}

result<void> ownership::gain(writer::access& open, const std::vector<device_key>& keys,
                             const std::vector<device_id>& ids) {
    // Their readings may have ids beyond those that are reserved for this lane.
    open.memory.next_reading_id = open.memory.end_reading_id;
    if (auto refreshed = lanes_.refresh(open.db); !refreshed)
        return pass(std::move(refreshed));
    open.after.push_back({.call = [this, keys, ids] {
        bool due = false;
        for (const device_key key : keys)
            due = shared_.buffered.set_owned(key, true) || due;
        {
            const lock_guard lock{mutex_};
            owned_.insert(ids.begin(), ids.end());
        }
        if (due)
            on_due_();
    }});
    return followers_.take_over(open.transaction, ids);
}

void ownership::complete_claim(const claim_outcome& outcome, const result<void>& done) {
    std::vector<waiter> gained;
    std::vector<waiter> refused;
    bool goes_on = false;
    {
        const lock_guard lock{mutex_};
        const auto take_waiters = [this](const std::vector<device_id>& devices, bool forget,
                                         std::vector<waiter>& out) REQUIRES(mutex_) {
            for (const device_id& device : devices) {
                const auto position = wanted_.find(device);
                if (position == wanted_.end())
                    continue;
                std::ranges::move(position->second, std::back_inserter(out));
                position->second.clear();
                if (forget)
                    wanted_.erase(position);
            }
        };
        // After a failure the claim may have taken place: the device stays wanted.
        take_waiters(outcome.gained, done.has_value(), done ? gained : refused);
        take_waiters(outcome.missing, done.has_value(), refused);
        goes_on = done && !unclaimed_.empty();
        claiming_ = goes_on;
    }
    if (goes_on)
        submit_claim();
    for (waiter& each : gained)
        each.done({});
    for (waiter& each : refused)
        each.done(done ? fail(errc::not_found, "The device does not exist.") : std::unexpected(done.error()));
}

void ownership::claim_again() {
    bool starts = false;
    {
        const lock_guard lock{mutex_};
        if (claiming_ || wanted_.empty())
            return;
        unclaimed_.clear();
        for (const auto& [device, waiters] : wanted_)
            unclaimed_.push_back(device);
        starts = claiming_ = true;
    }
    if (starts)
        submit_claim();
}

void ownership::refuse_late() {
    const auto now = steady_clock::now();
    std::vector<waiter> late;
    {
        const lock_guard lock{mutex_};
        for (auto& [device, waiters] : wanted_) {
            const auto rest =
                std::ranges::find_if(waiters, [now](const waiter& each) { return each.deadline > now; });
            late.insert(late.end(), std::make_move_iterator(waiters.begin()), std::make_move_iterator(rest));
            waiters.erase(waiters.begin(), rest);
        }
    }
    for (waiter& each : late)
        each.done(std::unexpected(still_elsewhere()));
}

void ownership::loop() {
    while (!stopping_ && !writer_.fenced()) {
        if (const auto done = look(); done) {
            failing_ = false;
            continue;
        } else if (!std::exchange(failing_, true)) {
            log::write(log::level::warning, "devices can't be handed over to other nodes",
                       {{"detail", done.error().detail}});
        }
        db_.reset();
        refuse_late();
        std::this_thread::sleep_for(max_pause);
    }
}

result<void> ownership::look() {
    const auto renewed = connection::renew(db_, settings_.server, !failing_);
    if (!renewed)
        return std::unexpected(renewed.error());
    if (*renewed)
        if (auto listens = db_->execute_script("LISTEN " + channel_of(writer_.lane())); !listens)
            return listens;
    if (auto departed = depart(); !departed)
        return departed;
    claim_again();
    for (auto waited = std::chrono::milliseconds{0}; waited < settings_.interval && !stopping_;
         waited += max_pause) {
        const auto notified = db_->wait_for_notification(max_pause);
        if (!notified)
            return std::unexpected(notified.error());
        refuse_late();
        if (*notified)
            break;
    }
    return {};
}

result<void> ownership::depart() {
    std::vector<std::shared_ptr<const departure>> unfinished;
    {
        const lock_guard lock{mutex_};
        std::swap(unfinished, unfinished_);
    }
    for (const auto& leaving : unfinished)
        hand_over(leaving);
    for (device_key after = 0;;) {
        const auto leaving = std::make_shared<departure>();
        std::size_t count = 0;
        auto read =
            db_->prepare("SELECT o.device, d.id FROM device_owners AS o"
                         " JOIN devices AS d ON d.key = o.device"
                         " WHERE o.lane = $1 AND o.wanted <> 0 AND o.device > $2"
                         " ORDER BY o.device LIMIT $3")
                .bind(std::int64_t{writer_.lane()}, after, static_cast<std::int64_t>(devices_per_unit))
                .for_each([&](const statement& row) -> result<void> {
                    ++count;
                    after = row.integer(0);
                    const lock_guard lock{mutex_};
                    if (!departing_.insert(row.id(1)).second)
                        return {};
                    owned_.erase(row.id(1));
                    leaving->keys.push_back(after);
                    leaving->ids.push_back(row.id(1));
                    return {};
                });
        if (read && !leaving->keys.empty())
            read = close(*leaving);
        if (!read) {
            const lock_guard lock{mutex_};
            for (const device_id& id : leaving->ids) {
                departing_.erase(id);
                owned_.insert(id);
            }
            return read;
        }
        if (!leaving->keys.empty())
            followers_.finish(leaving->ids, [this, leaving] { hand_over(leaving); });
        if (count < devices_per_unit)
            return {};
    }
}

/// When it returns, all readings of the devices that this node has stored are published, and none follow.
result<void> ownership::close(const departure& leaving) {
    return writer_.run(
        [&leaving](writer::access& open) -> result<void> {
            open.after.push_back({.call = [&leaving, &own = open.own, &memory = open.memory] {
                own.departing.insert(leaving.keys.begin(), leaving.keys.end());
                for (const device_id& id : leaving.ids)
                    memory.devices.erase(id);
            }});
            return {};
        },
        engine::priority::ahead);
}

void ownership::hand_over(std::shared_ptr<const departure> leaving) {
    const departure& devices = *leaving;
    writer_.submit([this, &devices](writer::access& open) { return hand_over(open, devices); },
                   [this, leaving = std::move(leaving)](const result<void>& done) mutable {
                       if (done)
                           return;
                       const lock_guard lock{mutex_};
                       unfinished_.push_back(std::move(leaving));
                   },
                   engine::priority::ahead);
}

result<void> ownership::hand_over(writer::access& open, const departure& leaving) {
    connection& db = open.db;
    if (auto locked = db.lock_entities(); !locked)
        return locked;
    // After a failure this may have been done before, and the devices may have changed at their new owner.
    std::vector<device_key> keys;
    std::vector<device_id> ids;
    auto read = db.prepare("SELECT o.device, d.id FROM unnest($1) AS asked (key) JOIN device_owners AS o"
                           " ON o.bucket = asked.key & 255 AND o.device = asked.key AND o.lane = $2"
                           " JOIN devices AS d ON d.key = o.device")
                    .bind(std::span<const device_key>{leaving.keys}, open.own.lane)
                    .for_each([&](const statement& row) -> result<void> {
                        keys.push_back(row.integer(0));
                        ids.push_back(row.id(1));
                        return {};
                    });
    if (!read)
        return read;
    if (!keys.empty()) {
        if (auto saved = followers_.hand_over(open.transaction, ids); !saved)
            return saved;
        // Until the node that wants the device takes it, nobody owns it. If that node has gone, another one
        // adopts the device.
        auto owners =
            db.prepare("UPDATE device_owners AS o SET lane = 0, wanted = CASE WHEN EXISTS"
                       " (SELECT 1 FROM nodes WHERE nodes.lane = o.wanted) THEN o.wanted ELSE 0 END"
                       " FROM unnest($1) AS asked (key)"
                       " WHERE o.bucket = asked.key & 255 AND o.device = asked.key RETURNING o.wanted")
                .bind(std::span<const device_key>{keys})
                .rows([](const statement& row) { return row.integer(0); });
        if (!owners)
            return std::unexpected(owners.error());
        if (auto notified = notify(db, std::move(*owners)); !notified)
            return notified;
    }
    open.after.push_back({.call = [this, leaving, &own = open.own] {
        for (const device_key key : leaving.keys) {
            shared_.buffered.set_owned(key, false);
            own.departing.erase(key);
        }
        const lock_guard lock{mutex_};
        for (const device_id& id : leaving.ids)
            departing_.erase(id);
    }});
    return {};
}

result<std::size_t> ownership::adopt_from(std::int64_t lane) {
    std::size_t count = 0;
    auto done = writer_.run([&](writer::access& open) -> result<void> {
        connection& db = open.db;
        if (auto locked = db.lock_entities(); !locked)
            return locked;
        std::vector<device_key> keys;
        std::vector<device_id> ids;
        auto taken =
            db.prepare("UPDATE device_owners AS o SET lane = $2 FROM devices AS d"
                       " WHERE d.key = o.device AND (o.bucket, o.device) IN"
                       " (SELECT bucket, device FROM device_owners AS free WHERE lane = $1 AND NOT EXISTS"
                       " (SELECT 1 FROM nodes WHERE nodes.lane = free.wanted) LIMIT $3)"
                       " AND o.lane = $1 AND NOT EXISTS (SELECT 1 FROM nodes WHERE nodes.lane = $1)"
                       " RETURNING o.device, d.id")
                .bind(lane, open.own.lane, devices_per_adoption)
                .for_each([&](const statement& row) -> result<void> {
                    keys.push_back(row.integer(0));
                    ids.push_back(row.id(1));
                    return {};
                });
        if (!taken)
            return taken;
        count = keys.size();
        return keys.empty() ? result<void>{} : gain(open, keys, ids);
    });
    if (!done)
        return pass(std::move(done));
    return count;
}

} // namespace breakwater::storage::postgres
