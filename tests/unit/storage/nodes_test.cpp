#include "storage/postgres/postgres_database.hpp"
#include "support/cutting_proxy.hpp"
#include "support/postgres_server.hpp"
#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <map>
#include <mutex>
#include <thread>

namespace breakwater::storage::postgres {
namespace {

/// Two nodes on one database. The first is behind a proxy.
class nodes : public testing::Test {
protected:
    void SetUp() override {
        server_.create(name_);
        first_ = open("host=" + proxy_.folder().string() + " user=breakwater dbname=" + name_);
        second_ = open(server_.url_of(name_));
        ASSERT_TRUE(first_->write([](transaction& tx) -> result<void> {
            auto added = tx.users().insert({.email = "ann@example.com"});
            return added ? result<void>{} : pass(std::move(added));
        }));
    }
    void TearDown() override {
        proxy_.resume();
        first_.reset();
        second_.reset();
        server_.drop(name_);
    }

    std::unique_ptr<database> open(const std::string& url,
                                   std::chrono::milliseconds max_handover = std::chrono::seconds{30}) {
        auto opened = postgres::open({.url = url,
                                      .background_compaction = false,
                                      .statement_timeout = std::chrono::milliseconds{3000},
                                      .doubt_timeout = std::chrono::milliseconds{300},
                                      .beat_interval = std::chrono::milliseconds{20},
                                      .beats_until_dead = 25,
                                      .max_handover = max_handover,
                                      .max_change_age = std::chrono::milliseconds{1500}},
                                     random_);
        EXPECT_TRUE(opened) << opened.error().detail;
        return opened ? std::move(*opened) : nullptr;
    }

    device_id add_device(database& node) {
        const device_id id = uuid::random(random_);
        EXPECT_TRUE(node.write(
            [&](transaction& tx) { return tx.devices().insert({.id = id, .owner = 1, .name = "Mast"}); }));
        return id;
    }
    /// The outcome of the last reading.
    append_outcome append(database& node, const device_id& device, std::size_t count = 1) {
        std::vector<reading> readings;
        for (std::size_t i = 0; i < count; ++i)
            readings.push_back({.device_id = device,
                                .received_at = timestamp{std::chrono::seconds{++seconds_}},
                                .payload = R"({"n":)" + std::to_string(seconds_) + "}"});
        const auto done = node.write([&](transaction& tx) { return tx.readings().append(readings); });
        last_id_ = readings.back().id;
        return done ? readings.back().outcome : append_outcome::none;
    }
    /// Waits until the node owns the device.
    static result<void> acquire(database& node, const device_id& device) {
        std::promise<result<void>> outcome;
        node.acquire(device, [&](result<void> done) { outcome.set_value(std::move(done)); });
        return outcome.get_future().get();
    }
    static std::vector<reading> page(database& node, const device_id& device) {
        std::vector<reading> readings;
        const auto done = node.read([&](const snapshot& state) -> result<void> {
            auto read = state.readings().page({.device_id = device}, reading_order::oldest_first,
                                              std::nullopt, 10'000);
            if (!read)
                return pass(std::move(read));
            EXPECT_EQ(state.readings().summary({.device_id = device})->total,
                      static_cast<std::int64_t>(read->size()));
            readings = std::move(*read);
            return {};
        });
        EXPECT_TRUE(done);
        return readings;
    }
    void expect_both_have(const device_id& device, std::size_t count) {
        for (database* node : {first_.get(), second_.get()}) {
            const auto readings = page(*node, device);
            ASSERT_EQ(readings.size(), count);
            for (std::size_t i = 1; i < count; ++i)
                EXPECT_LT(readings[i - 1].id, readings[i].id);
        }
    }
    std::string value_of(const std::string& sql) { return server_.value_of(name_, sql); }
    void wait_for(const std::string& sql, const std::string& value) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
        while (value_of(sql) != value && std::chrono::steady_clock::now() < deadline)
            std::this_thread::yield();
        ASSERT_EQ(value_of(sql), value) << sql;
    }

    test::postgres_server& server_ = test::postgres_server::instance();
    const std::string name_ = "nodes";
    test::cutting_proxy proxy_{server_.folder()};
    test::seeded_random random_;
    int seconds_ = 0;
    reading_id last_id_ = 0;
    std::unique_ptr<database> first_;
    std::unique_ptr<database> second_;
};

TEST_F(nodes, show_each_others_readings_at_once) {
    const device_id mast = add_device(*first_);
    const device_id buoy = add_device(*second_);
    for (std::size_t round = 1; round <= 3; ++round) {
        EXPECT_EQ(append(*first_, mast, 3), append_outcome::stored);
        EXPECT_EQ(append(*second_, buoy, 3), append_outcome::stored);
        expect_both_have(mast, 3 * round);
        expect_both_have(buoy, 3 * round);
    }
    const std::vector<device_id> both{mast, buoy};
    for (database* node : {first_.get(), second_.get()})
        EXPECT_TRUE(node->read([&](const snapshot& state) -> result<void> {
            EXPECT_EQ(state.readings().active_since(timestamp{})->size(), 2U);
            const auto latest = state.readings().latest(both, false).value();
            EXPECT_EQ(latest.front().fields.size(), 1U);
            EXPECT_EQ(latest.back().received_at, timestamp{std::chrono::seconds{seconds_}});
            return {};
        }));
}

TEST_F(nodes, append_to_a_device_only_as_its_owner) {
    const device_id mast = add_device(*first_);
    EXPECT_EQ(append(*first_, mast), append_outcome::stored);
    EXPECT_EQ(append(*second_, mast), append_outcome::elsewhere);
    EXPECT_EQ(append(*first_, mast), append_outcome::stored);
    expect_both_have(mast, 2);
}

/// Counts the readings that a node has stored of each device, as a limit would: what it knows moves with the
/// device.
class counting_follower final : public ownership_follower {
public:
    explicit counting_follower(database& node) : follows_{node.ownership_changes(), *this} {}
    result<void> take_over(transaction& tx, std::span<const device_id> devices) override {
        const auto states = tx.limits().of(devices);
        EXPECT_TRUE(states);
        tx.after_commit([this, states = *states] {
            const std::lock_guard lock{mutex_};
            for (const limit_state& state : states)
                counts_[state.device] = state.tokens;
        });
        return {};
    }
    void finish(std::span<const device_id> devices, std::move_only_function<void()> done) override {
        if (holds)
            held.set_value(std::move(done));
        else
            ownership_follower::finish(devices, std::move(done));
    }
    result<void> hand_over(transaction& tx, std::span<const device_id> devices) override {
        std::vector<limit_state> states;
        const std::lock_guard lock{mutex_};
        for (const device_id& device : devices)
            states.push_back({.device = device, .tokens = counts_[device], .at = {}});
        return tx.limits().save(states);
    }
    void count(const device_id& device) {
        const std::lock_guard lock{mutex_};
        ++counts_[device];
    }
    double count_of(const device_id& device) {
        const std::lock_guard lock{mutex_};
        return counts_[device];
    }

    std::atomic<bool> holds{false}; ///< `finish` keeps what it should call
    std::promise<std::move_only_function<void()>> held;

private:
    std::mutex mutex_;
    std::map<device_id, double> counts_;
    const ownership_feed::subscription follows_;
};

TEST_F(nodes, hand_a_device_over_to_one_that_needs_it) {
    const device_id mast = add_device(*first_);
    ASSERT_TRUE(acquire(*first_, mast));
    EXPECT_TRUE(first_->owns(mast));
    EXPECT_EQ(append(*first_, mast, 3), append_outcome::stored);
    EXPECT_EQ(append(*second_, add_device(*second_)), append_outcome::stored) << "reserves a run of ids";
    const reading_id last = last_id_;
    EXPECT_EQ(append(*first_, mast), append_outcome::stored);
    ASSERT_TRUE(acquire(*second_, mast));
    EXPECT_FALSE(first_->owns(mast));
    EXPECT_TRUE(second_->owns(mast));
    EXPECT_EQ(append(*first_, mast), append_outcome::elsewhere);
    EXPECT_EQ(append(*second_, mast), append_outcome::stored);
    EXPECT_GT(last_id_, last + 1) << "of another run";
    expect_both_have(mast, 5);
    EXPECT_EQ(first_->compact(true), 0U);
    EXPECT_EQ(second_->compact(true), 6U);
    expect_both_have(mast, 5);
    ASSERT_TRUE(acquire(*first_, mast));
    EXPECT_EQ(append(*first_, mast), append_outcome::stored);
    expect_both_have(mast, 6);
}

TEST_F(nodes, count_on_after_a_handover) {
    constexpr int rounds = 10;
    std::vector<device_id> devices;
    for (int i = 0; i < 20; ++i)
        devices.push_back(add_device(*first_));
    counting_follower first{*first_};
    counting_follower second{*second_};
    // Each reading finds the count of all that came before, whichever node stored them.
    const auto send = [&](database& node, counting_follower& limits, std::uint32_t seed) {
        test::seeded_random random{seed};
        for (int round = 0; round < rounds; ++round)
            for (const device_id& device : devices) {
                append_outcome outcome = append_outcome::none;
                do {
                    ASSERT_TRUE(acquire(node, device));
                    std::vector<reading> readings{{.device_id = device, .payload = "{}"}};
                    ASSERT_TRUE(node.write([&](transaction& tx) -> result<void> {
                        auto done = tx.readings().append(readings);
                        if (done && readings.front().outcome == append_outcome::stored)
                            tx.after_commit([&limits, device] { limits.count(device); });
                        return done;
                    }));
                    outcome = readings.front().outcome;
                } while (outcome == append_outcome::elsewhere);
                ASSERT_EQ(outcome, append_outcome::stored);
            }
    };
    std::thread other{[&] { send(*first_, first, 1); }};
    send(*second_, second, 2);
    other.join();
    for (const device_id& device : devices) {
        expect_both_have(device, 2 * rounds);
        ASSERT_TRUE(acquire(*first_, device));
        EXPECT_EQ(first.count_of(device), 2 * rounds);
    }
}

TEST_F(nodes, store_nothing_of_a_device_that_they_are_about_to_hand_over) {
    const device_id mast = add_device(*first_);
    ASSERT_TRUE(acquire(*first_, mast));
    EXPECT_EQ(append(*first_, mast), append_outcome::stored);
    counting_follower first{*first_};
    first.holds = true;
    std::promise<result<void>> acquired;
    second_->acquire(mast, [&](result<void> done) { acquired.set_value(std::move(done)); });
    auto finish = first.held.get_future().get();
    EXPECT_FALSE(first_->owns(mast));
    EXPECT_EQ(append(*first_, mast), append_outcome::elsewhere);
    EXPECT_EQ(append(*second_, mast), append_outcome::elsewhere);
    finish();
    EXPECT_TRUE(acquired.get_future().get());
    EXPECT_EQ(append(*second_, mast), append_outcome::stored);
}

TEST_F(nodes, keep_a_device_if_the_one_that_wanted_it_has_left) {
    const device_id mast = add_device(*first_);
    ASSERT_TRUE(acquire(*first_, mast));
    counting_follower first{*first_};
    first.holds = true;
    std::promise<result<void>> refused;
    second_->acquire(mast, [&](result<void> done) { refused.set_value(std::move(done)); });
    auto finish = first.held.get_future().get();
    second_.reset();
    EXPECT_FALSE(refused.get_future().get());
    finish();
    ASSERT_TRUE(acquire(*first_, mast));
    EXPECT_EQ(append(*first_, mast), append_outcome::stored);
}

TEST_F(nodes, refuse_what_the_owner_does_not_hand_over_in_time) {
    const device_id mast = add_device(*first_);
    ASSERT_TRUE(acquire(*first_, mast));
    counting_follower first{*first_};
    first.holds = true;
    second_.reset();
    second_ = open(server_.url_of(name_), std::chrono::milliseconds{50});
    const auto refused = acquire(*second_, mast);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::overloaded);
    EXPECT_TRUE(refused.error().retry_after);
    first.held.get_future().get()();
    wait_for("SELECT lane FROM device_owners", "2");
    EXPECT_EQ(acquire(*second_, uuid::random(random_)).error().code, errc::not_found);
}

TEST_F(nodes, acquire_the_devices_of_one_that_died) {
    const device_id mast = add_device(*first_);
    ASSERT_TRUE(acquire(*first_, mast));
    EXPECT_EQ(append(*first_, mast), append_outcome::stored);
    proxy_.pause();
    ASSERT_TRUE(acquire(*second_, mast));
    EXPECT_EQ(append(*second_, mast), append_outcome::stored);
    proxy_.resume();
    while (!first_->must_reopen())
        std::this_thread::yield();
    EXPECT_EQ(append(*first_, mast), append_outcome::none);
}

TEST_F(nodes, know_their_devices_after_a_restart) {
    const device_id mast = add_device(*first_);
    ASSERT_TRUE(acquire(*second_, mast));
    second_.reset();
    while (!first_->owns(mast)) // adopts it
        std::this_thread::yield();
    first_.reset();
    first_ = open(server_.url_of(name_));
    EXPECT_TRUE(first_->owns(mast)) << "it has the lane of the one before";
    ASSERT_TRUE(first_->write([&](transaction& tx) -> result<void> {
        EXPECT_TRUE(tx.devices().remove(mast));
        return tx.changes().publish(device_removed{mast, 1});
    }));
    EXPECT_FALSE(first_->owns(mast));
}

TEST_F(nodes, take_over_the_devices_of_one_that_left) {
    const device_id mast = add_device(*first_);
    const device_id buoy = add_device(*second_);
    EXPECT_EQ(append(*second_, buoy), append_outcome::stored); // ids beyond those of the first node
    EXPECT_EQ(append(*second_, mast), append_outcome::stored);
    const reading_id last = last_id_;
    EXPECT_EQ(append(*first_, add_device(*first_)), append_outcome::stored);
    second_.reset();
    EXPECT_EQ(append(*first_, mast), append_outcome::stored);
    EXPECT_GT(last_id_, last);
    second_ = open(server_.url_of(name_));
    expect_both_have(mast, 2);
    EXPECT_EQ(append(*second_, mast), append_outcome::elsewhere);
}

TEST_F(nodes, compact_the_devices_that_they_own) {
    const device_id mast = add_device(*first_);
    const device_id buoy = add_device(*second_);
    EXPECT_EQ(append(*first_, mast, 5), append_outcome::stored);
    EXPECT_EQ(append(*second_, buoy, 7), append_outcome::stored);
    expect_both_have(mast, 5);
    expect_both_have(buoy, 7);
    EXPECT_EQ(second_->compact(true), 7U);
    EXPECT_EQ(value_of("SELECT sum(count) FROM blocks"), "7");
    expect_both_have(buoy, 7);
    EXPECT_EQ(append(*second_, buoy), append_outcome::stored);
    EXPECT_EQ(append(*first_, mast), append_outcome::stored);
    EXPECT_EQ(first_->compact(true), 6U);
    EXPECT_EQ(second_->compact(true), 1U);
    EXPECT_EQ(value_of("SELECT count(*) FROM chunks"), "0");
    expect_both_have(mast, 6);
    expect_both_have(buoy, 8);
}

TEST_F(nodes, compact_what_a_node_that_left_had_buffered) {
    const device_id mast = add_device(*first_);
    const device_id buoy = add_device(*second_);
    EXPECT_EQ(append(*second_, mast, 5), append_outcome::stored);
    EXPECT_EQ(append(*first_, buoy, 2), append_outcome::stored);
    expect_both_have(mast, 5);
    second_.reset();
    wait_for("SELECT count(DISTINCT lane) FROM device_owners", "1");
    // The devices are in the index a moment after the transaction that took them over.
    std::size_t moved = 0;
    while (moved < 7)
        moved += first_->compact(true).value();
    EXPECT_EQ(value_of("SELECT count(*) FROM chunks"), "0");
    second_ = open(server_.url_of(name_));
    expect_both_have(mast, 5);
    expect_both_have(buoy, 2);
}

TEST_F(nodes, refuse_writes_after_others_took_them_for_dead) {
    const device_id mast = add_device(*first_);
    EXPECT_EQ(append(*first_, mast), append_outcome::stored);
    proxy_.pause();
    // The commit is on its way while the second node takes over.
    auto late = std::async(std::launch::async, [this, mast] { return append(*first_, mast); });
    wait_for("SELECT count(*) FROM nodes", "1");
    seconds_ += 10; // apart from those of the other thread
    std::vector<reading> readings{
        {.device_id = mast, .received_at = timestamp{std::chrono::hours{1}}, .payload = "{}"}};
    EXPECT_TRUE(second_->write([&](transaction& tx) { return tx.readings().append(readings); }));
    EXPECT_EQ(readings.front().outcome, append_outcome::stored);
    proxy_.resume();
    EXPECT_EQ(late.get(), append_outcome::none);
    const auto refused = first_->write([](transaction& tx) -> result<void> {
        auto added = tx.users().insert({.email = "bob@example.com"});
        return added ? result<void>{} : pass(std::move(added));
    });
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::storage_unavailable);
    EXPECT_EQ(page(*second_, mast).size(), 2U);
}

TEST_F(nodes, change_entities_one_at_a_time) {
    constexpr std::int64_t limit = 40;
    const auto add_until_full = [this](database& node, std::uint32_t seed) {
        test::seeded_random random{seed};
        for (std::int64_t i = 0; i < limit; ++i)
            EXPECT_TRUE(node.write([&](transaction& tx) -> result<void> {
                const auto count = tx.devices().count(1, limit);
                if (!count)
                    return std::unexpected(count.error());
                return *count == limit
                           ? result<void>{}
                           : tx.devices().insert({.id = uuid::random(random), .owner = 1, .name = "Mast"});
            }));
    };
    std::thread other{[&] { add_until_full(*first_, 1); }};
    add_until_full(*second_, 2);
    other.join();
    EXPECT_EQ(value_of("SELECT count(*) FROM devices"), std::to_string(limit));
}

TEST_F(nodes, take_a_ticket_once) {
    constexpr std::uint8_t count = 40;
    ASSERT_TRUE(first_->write([](transaction& tx) -> result<void> {
        for (std::uint8_t n = 0; n < count; ++n)
            EXPECT_TRUE(tx.tickets().insert({.digest = {n}, .user = 1}));
        return {};
    }));
    std::atomic<int> taken{0};
    const auto take_all = [&taken](database& node) {
        for (std::uint8_t n = 0; n < count; ++n)
            EXPECT_TRUE(node.write([&](transaction& tx) -> result<void> {
                const auto ticket = tx.tickets().take({n});
                EXPECT_TRUE(ticket);
                taken += *ticket ? 1 : 0;
                return {};
            }));
    };
    std::thread other{[&] { take_all(*first_); }};
    take_all(*second_);
    other.join();
    EXPECT_EQ(taken, count);
}

TEST_F(nodes, follow_each_others_changes) {
    struct : change_follower {
        std::mutex mutex;
        std::vector<change> received;
        void follow(const change& committed) override {
            const std::lock_guard lock{mutex};
            received.push_back(committed);
        }
        std::size_t count() {
            const std::lock_guard lock{mutex};
            return received.size();
        }
    } first, second;
    const change_feed::subscription of_first{first_->feed(), first};
    const change_feed::subscription of_second{second_->feed(), second};
    ASSERT_TRUE(first_->follow_others());
    ASSERT_TRUE(second_->follow_others());
    const device_id mast = uuid::random(random_);
    const device_id buoy = uuid::random(random_);
    const uuid session = uuid::random(random_);
    ASSERT_TRUE(first_->write([&](transaction& tx) -> result<void> {
        for (const device_id& id : {mast, buoy}) {
            const device added{.id = id, .owner = 1, .name = "Mast", .category = category::smart_lock};
            EXPECT_TRUE(tx.devices().insert(added));
            EXPECT_TRUE(tx.changes().publish(device_saved{added, device_change::created}));
        }
        EXPECT_TRUE(tx.users().update({.id = 1, .email = "ann@example.com", .session_version = 5}));
        EXPECT_TRUE(tx.changes().publish(account_saved{{.id = 1}}));
        EXPECT_TRUE(tx.policies().put(category::smart_lock, {.payload_limit_bytes = 77}));
        EXPECT_TRUE(tx.changes().publish(policy_saved{.scope = category::smart_lock}));
        const auto alert = tx.alerts().insert({.rule_name = "Hot", .device = mast});
        EXPECT_TRUE(tx.changes().publish(alert_saved{{.id = *alert}, alert_change::raised}));
        EXPECT_TRUE(tx.changes().publish(rule_changed{3}));
        EXPECT_TRUE(tx.changes().publish(session_ended{session}));
        return tx.changes().publish(message_queued{});
    }));
    ASSERT_TRUE(second_->write([&](transaction& tx) -> result<void> {
        EXPECT_TRUE(tx.devices().remove(buoy));
        return tx.changes().publish(device_removed{buoy, 1});
    }));
    while (first.count() < 9 || second.count() < 9)
        std::this_thread::yield();
    EXPECT_EQ(first.count(), 9U) << "its own changes once";
    EXPECT_EQ(second.count(), 9U);
    const std::vector<change>& got = second.received;
    // The second node removed one of the devices before, or after, it learned of it.
    const auto own = std::ranges::find_if(got, [&](const change& each) {
        const auto* removed = std::get_if<device_removed>(&each);
        return removed != nullptr && removed->id == buoy;
    });
    ASSERT_NE(own, got.end());
    const auto find = [&]<class Kind>(const Kind&) -> const Kind& {
        for (const change& each : got)
            if (const auto* found = std::get_if<Kind>(&each))
                return *found;
        ADD_FAILURE() << "missing";
        static const Kind none{};
        return none;
    };
    const auto& saved = find(device_saved{});
    EXPECT_EQ(saved.state.id, mast);
    EXPECT_EQ(saved.state.name, "Mast");
    EXPECT_EQ(saved.kind, device_change::created);
    EXPECT_EQ(find(account_saved{}).account.session_version, 5);
    EXPECT_EQ(find(policy_saved{}).policy.payload_limit_bytes, 77);
    EXPECT_NE(std::ranges::count(find(policy_saved{}).affected, mast, &device::id), 0);
    EXPECT_EQ(find(alert_saved{}).state.rule_name, "Hot");
    EXPECT_EQ(find(alert_saved{}).kind, alert_change::raised);
    EXPECT_EQ(find(rule_changed{}).id, 3);
    EXPECT_EQ(find(session_ended{}).session, session);
    const auto& removed = std::get<device_removed>(first.received.back());
    EXPECT_EQ(removed.id, buoy);
    EXPECT_EQ(removed.owner, 1);
}

TEST_F(nodes, know_when_they_may_lack_changes) {
    EXPECT_FALSE(first_->is_stale()) << "it doesn't follow others yet";
    ASSERT_TRUE(first_->follow_others());
    ASSERT_TRUE(second_->follow_others());
    EXPECT_FALSE(first_->is_stale());
    proxy_.pause();
    while (!first_->is_stale())
        std::this_thread::yield();
    EXPECT_FALSE(second_->is_stale());
}

TEST_F(nodes, catch_up_after_their_connections_were_cut) {
    ASSERT_TRUE(first_->follow_others());
    struct : change_follower {
        std::atomic<std::int64_t> last{0};
        void follow(const change& committed) override {
            if (const auto* changed = std::get_if<rule_changed>(&committed))
                last = changed->id;
        }
    } follower;
    const change_feed::subscription follows{first_->feed(), follower};
    for (std::int64_t id = 1; id <= 3; ++id) {
        EXPECT_EQ(server_.run_sql(name_, "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                                         " WHERE datname = current_database() AND pid <> pg_backend_pid()"),
                  "");
        result<void> published;
        do // the first attempt may find its connection closed
            published =
                second_->write([&](transaction& tx) { return tx.changes().publish(rule_changed{id}); });
        while (!published);
        while (follower.last != id)
            std::this_thread::yield();
    }
}

TEST_F(nodes, do_work_with_a_lease_one_at_a_time) {
    second_.reset();
    while (!first_->holds(lease::outbox))
        std::this_thread::yield();
    second_ = open(server_.url_of(name_));
    wait_for("SELECT count(*) FROM nodes WHERE beat > 1", "2");
    EXPECT_FALSE(second_->holds(lease::outbox));
    proxy_.pause();
    while (!second_->holds(lease::outbox))
        std::this_thread::yield();
    EXPECT_FALSE(first_->holds(lease::outbox)) << "it missed beats";
    proxy_.resume();
}

TEST_F(nodes, hand_leases_over_when_they_leave) {
    for (const lease work : {lease::housekeeping, lease::outbox, lease::simulator})
        while (!first_->holds(work) && !second_->holds(work))
            std::this_thread::yield();
    first_.reset();
    for (const lease work : {lease::housekeeping, lease::outbox, lease::simulator})
        while (!second_->holds(work))
            std::this_thread::yield();
}

TEST_F(nodes, of_an_older_version_stop_when_the_schema_changes) {
    ASSERT_EQ(server_.run_sql(name_, "INSERT INTO schema_migrations VALUES (99, '0099_later', 'x')"), "");
    result<void> outcome;
    do
        outcome = first_->write([](transaction& tx) { return tx.users().remove(99); });
    while (outcome || outcome.error().code == errc::not_found);
    EXPECT_EQ(outcome.error().code, errc::storage_unavailable);
    ASSERT_EQ(server_.run_sql(name_, "DELETE FROM schema_migrations WHERE number = 99"), "");
}

} // namespace
} // namespace breakwater::storage::postgres
