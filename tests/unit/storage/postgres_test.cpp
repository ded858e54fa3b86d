#include "storage/postgres/postgres_database.hpp"

#include "base/cancellation.hpp"
#include "storage/postgres/chunk.hpp"
#include "storage/postgres/connection_string.hpp"
#include "support/cutting_proxy.hpp"
#include "support/postgres_server.hpp"
#include "support/seeded_random.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <atomic>
#include <future>
#include <thread>

namespace breakwater::storage::postgres {
namespace {

using test::cutting_proxy;

class postgres_database : public testing::Test {
protected:
    void SetUp() override {
        server_.create(name_);
        open(proxied_url());
    }
    void TearDown() override {
        // A commit that waits for a standby would never end: a test may have failed before it changed this.
        (void)server_.run_sql("postgres", "ALTER SYSTEM RESET synchronous_standby_names");
        (void)server_.value_of("postgres", "SELECT pg_reload_conf()");
        db_.reset();
        server_.drop(name_);
    }

    void open(const std::string& url,
              std::chrono::milliseconds statement_timeout = std::chrono::milliseconds{30'000}) {
        db_.reset();
        auto opened = postgres::open({.url = url,
                                      .background_compaction = false,
                                      .statement_timeout = statement_timeout,
                                      .doubt_timeout = std::chrono::milliseconds{300}},
                                     random_);
        ASSERT_TRUE(opened) << opened.error().detail;
        db_ = std::move(*opened);
    }

    [[nodiscard]] std::string proxied_url() const {
        return "host=" + proxy_.folder().string() + " user=breakwater dbname=" + name_;
    }

    result<void> add_user(const std::string& email) {
        return db_->write([&](transaction& tx) -> result<void> {
            tx.after_commit([this] { ++actions_; });
            auto added = tx.users().insert({.email = email});
            return added ? result<void>{} : pass(std::move(added));
        });
    }

    std::size_t user_count() {
        std::size_t count = 0;
        const auto done = db_->read([&](const snapshot& state) -> result<void> {
            count = state.users().list()->size();
            return {};
        });
        EXPECT_TRUE(done);
        return count;
    }

    void end_sessions() {
        EXPECT_EQ(sql("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                      " WHERE datname = current_database() AND pid <> pg_backend_pid()"),
                  "");
    }

    std::string sql(const std::string& text) { return server_.run_sql(name_, text); }
    std::string value_of(const std::string& text) { return server_.value_of(name_, text); }

    test::postgres_server& server_ = test::postgres_server::instance();
    const std::string name_ = "unit";
    cutting_proxy proxy_{server_.folder()};
    test::seeded_random random_;
    std::unique_ptr<database> db_;
    std::atomic<int> actions_{0};
};

TEST_F(postgres_database, confirms_a_commit_whose_answer_was_lost) {
    proxy_.stay_reachable();
    proxy_.cut_next(cutting_proxy::cut::after_commit);
    EXPECT_TRUE(add_user("ann@example.com"));
    EXPECT_EQ(actions_, 1);
    EXPECT_EQ(user_count(), 1U);
}

TEST_F(postgres_database, refuses_a_commit_that_did_not_arrive) {
    proxy_.stay_reachable();
    proxy_.cut_next(cutting_proxy::cut::before_commit);
    const auto lost = add_user("ann@example.com");
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().code, errc::storage_unavailable);
    EXPECT_EQ(actions_, 0);
    EXPECT_TRUE(add_user("ann@example.com"));
    EXPECT_EQ(user_count(), 1U);
}

TEST_F(postgres_database, makes_a_commit_visible_whose_outcome_was_learned_late) {
    ASSERT_TRUE(add_user("ann@example.com"));
    device_id device = uuid::random(random_);
    ASSERT_TRUE(db_->write(
        [&](transaction& tx) { return tx.devices().insert({.id = device, .owner = 1, .name = "Mast"}); }));
    struct : change_follower {
        int count = 0;
        void follow(const change&) override { ++count; }
    } delivered;
    const change_feed::subscription follows{db_->feed(), delivered};
    proxy_.cut_next(cutting_proxy::cut::after_commit);
    std::vector<reading> readings{{.device_id = device, .payload = "{}"}};
    const auto unknown = db_->write([&](transaction& tx) -> result<void> {
        tx.after_commit([this] { ++actions_; });
        if (auto published = tx.changes().publish(rule_changed{1}); !published)
            return published;
        return tx.readings().append(readings);
    });
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code, errc::storage_unavailable);
    EXPECT_EQ(actions_, 1) << "that of the user";
    EXPECT_FALSE(db_->check());
    proxy_.accept_connections();
    EXPECT_TRUE(db_->check());
    EXPECT_EQ(actions_, 1) << "the caller may have gone";
    EXPECT_EQ(delivered.count, 1);
    EXPECT_TRUE(db_->read([&](const snapshot& state) -> result<void> {
        EXPECT_EQ(state.readings().summary({.device_id = device})->total, 1);
        return {};
    }));
}

TEST_F(postgres_database, does_not_acknowledge_a_commit_that_no_standby_confirmed) {
    ASSERT_EQ(server_.run_sql("postgres", "ALTER SYSTEM SET synchronous_standby_names = 'missing'"), "");
    ASSERT_EQ(value_of("SELECT pg_reload_conf()"), "t");
    while (value_of("SHOW synchronous_standby_names") != "missing")
        std::this_thread::yield();
    // A commit waits for a standby only when the checkpointer, too, has read the setting.
    std::size_t users = 0;
    std::optional<result<void>> outcome;
    while (!outcome) {
        auto written = std::async(std::launch::async, [this, number = ++users] {
            return add_user(std::to_string(number) + "@example.com");
        });
        bool cancelled = false;
        while (!cancelled && written.wait_for(std::chrono::seconds{0}) == std::future_status::timeout)
            cancelled = value_of("SELECT pg_cancel_backend(pid) FROM pg_stat_activity"
                                 " WHERE wait_event = 'SyncRep'") == "t";
        const auto done = written.get();
        if (cancelled)
            outcome = done;
    }
    ASSERT_EQ(server_.run_sql("postgres", "ALTER SYSTEM RESET synchronous_standby_names"), "");
    ASSERT_EQ(value_of("SELECT pg_reload_conf()"), "t");
    ASSERT_FALSE(*outcome);
    EXPECT_EQ(outcome->error().code, errc::storage_unavailable);
    EXPECT_EQ(user_count(), users) << "the last one is visible, too";
    EXPECT_EQ(actions_, static_cast<int>(users));
}

TEST_F(postgres_database, connects_again_when_idle_connections_were_closed) {
    open(server_.url_of(name_));
    ASSERT_TRUE(add_user("ann@example.com"));
    EXPECT_EQ(user_count(), 1U);
    end_sessions();
    EXPECT_TRUE(add_user("bob@example.com"));
    EXPECT_EQ(user_count(), 2U);
}

TEST_F(postgres_database, reads_only_where_it_can_write) {
    ASSERT_TRUE(add_user("ann@example.com"));
    // A standby, too, is read-only. Sessions that exist keep their setting.
    ASSERT_EQ(sql("ALTER DATABASE " + name_ + " SET default_transaction_read_only = on"), "");
    const auto refused = db_->read([](const snapshot&) -> result<void> { return {}; });
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::storage_unavailable);
    EXPECT_TRUE(add_user("bob@example.com"));
}

TEST_F(postgres_database, limits_the_connections_of_cancelled_queries) {
    db_.reset();
    db_ =
        postgres::open({.url = server_.url_of(name_), .readers = 2, .background_compaction = false}, random_)
            .value();
    // Each query waits for this lock, until it is cancelled.
    auto locked =
        std::async(std::launch::async, [this] { return sql("BEGIN; LOCK TABLE users; SELECT pg_sleep(5)"); });
    while (value_of("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") != "1")
        std::this_thread::yield();
    std::atomic<bool> stopping{false};
    std::thread client{[&] {
        while (!stopping) {
            cancellation signal;
            const cancellation_scope scope{signal};
            std::jthread leaves{[&] {
                std::this_thread::sleep_for(std::chrono::milliseconds{30});
                signal.request();
            }};
            (void)db_->read([](const snapshot& state) -> result<void> {
                auto user = state.users().find(1);
                return user ? result<void>{} : pass(std::move(user));
            });
        }
    }};
    std::this_thread::sleep_for(std::chrono::milliseconds{1500});
    const int waiting = std::stoi(value_of("SELECT count(*) FROM pg_stat_activity WHERE datname = "
                                           "current_database() AND wait_event_type = 'Lock'"));
    stopping = true;
    client.join();
    EXPECT_EQ(locked.get(), "");
    EXPECT_GE(waiting, 1);
    EXPECT_LE(waiting, 4);
}

TEST_F(postgres_database, can_be_of_one_server_alone) {
    db_.reset();
    const auto open_alone = [this] {
        return postgres::open({.url = proxied_url(), .background_compaction = false, .alone = true}, random_);
    };
    auto first = open_alone();
    ASSERT_TRUE(first) << first.error().detail;
    // A later version must not update the schema under a server that runs.
    ASSERT_EQ(sql("DELETE FROM schema_migrations WHERE number = (SELECT max(number) FROM schema_migrations)"),
              "");
    for (const bool alone : {true, false}) {
        const auto second = postgres::open({.url = proxied_url(), .alone = alone}, random_);
        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().code, errc::storage_unavailable);
        EXPECT_TRUE(second.error().detail.contains("server is running")) << second.error().detail;
    }
}

TEST_F(postgres_database, alone_takes_devices_over_at_once) {
    ASSERT_TRUE(add_user("ann@example.com"));
    const device_id device = uuid::random(random_);
    ASSERT_TRUE(db_->write(
        [&](transaction& tx) { return tx.devices().insert({.id = device, .owner = 1, .name = "Mast"}); }));
    const auto append = [&] {
        std::vector<reading> readings{{.device_id = device, .payload = "{}"}};
        auto done = db_->write([&](transaction& tx) { return tx.readings().append(readings); });
        return done && readings.front().outcome == append_outcome::stored;
    };
    ASSERT_TRUE(append());
    db_.reset();
    // As if a server had been killed that owned the device.
    ASSERT_EQ(sql("INSERT INTO nodes SELECT lane, server, '', '', '', 0, 0, 0, 0 FROM lanes"), "");
    ASSERT_EQ(sql("UPDATE device_owners SET lane = 1"), "");
    auto opened =
        postgres::open({.url = proxied_url(), .background_compaction = false, .alone = true}, random_);
    ASSERT_TRUE(opened) << opened.error().detail;
    db_ = std::move(*opened);
    EXPECT_TRUE(append());
    EXPECT_EQ(value_of("SELECT count(*) FROM nodes"), "1");
}

TEST_F(postgres_database, reads_beside_a_server_and_never_writes) {
    ASSERT_TRUE(add_user("ann@example.com"));
    const device_id device = uuid::random(random_);
    ASSERT_TRUE(db_->write(
        [&](transaction& tx) { return tx.devices().insert({.id = device, .owner = 1, .name = "Mast"}); }));
    const auto append = [&](database& to) {
        return to.write([&](transaction& tx) {
            std::vector<reading> readings{{.device_id = device, .payload = "{}"}};
            return tx.readings().append(readings);
        });
    };
    ASSERT_TRUE(append(*db_));
    auto opened = postgres::open({.url = server_.url_of(name_), .read_only = true}, random_);
    ASSERT_TRUE(opened) << opened.error().detail;
    database& reader = **opened;
    const auto count = [&] {
        std::int64_t total = 0;
        EXPECT_TRUE(reader.read([&](const snapshot& state) -> result<void> {
            total = state.readings().summary({.device_id = device})->total;
            return {};
        }));
        return total;
    };
    EXPECT_EQ(count(), 1);
    EXPECT_TRUE(reader.check());
    ASSERT_TRUE(append(*db_)) << "the server keeps its lane";
    EXPECT_EQ(count(), 2);
    ASSERT_TRUE(db_->compact(true));
    EXPECT_EQ(count(), 2) << "in a block";

    std::optional<error> later;
    const auto keep = [&](result<void> outcome) { later = std::move(outcome).error(); };
    const auto nothing = [](transaction&) -> result<void> { return {}; };
    EXPECT_EQ(append(reader).error().code, errc::bad_state);
    EXPECT_EQ(reader.write_behind(nothing).error().code, errc::bad_state);
    EXPECT_EQ(reader.compact(true).error().code, errc::bad_state);
    reader.write_async(nothing, keep);
    EXPECT_EQ(later->code, errc::bad_state);
    reader.write_behind_async(nothing, keep);
    EXPECT_EQ(later->code, errc::bad_state);
    EXPECT_EQ(reader.write_queue_depth(), 0U);
    EXPECT_EQ(value_of("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), "1");

    const test::temp_folder folder;
    EXPECT_TRUE(reader.backup(folder / "backup", {}));
}

TEST_F(postgres_database, reads_only_from_a_database_with_all_tables) {
    const auto refusal = [&](const std::string& url) {
        const auto opened = postgres::open({.url = url, .read_only = true}, random_);
        return opened ? std::string{"none"} : opened.error().detail;
    };
    EXPECT_EQ(refusal(server_.url_of(name_)), "none");
    ASSERT_EQ(sql("DELETE FROM schema_migrations WHERE number = (SELECT max(number) FROM schema_migrations)"),
              "");
    EXPECT_TRUE(refusal(server_.url_of(name_)).contains("older version")) << refusal(server_.url_of(name_));
    server_.create("unit_empty");
    EXPECT_TRUE(refusal(server_.url_of("unit_empty")).contains("is empty"));
    EXPECT_EQ(server_.value_of("unit_empty", "SELECT count(*) FROM pg_class WHERE relname = 'users'"), "0");
    server_.drop("unit_empty");
}

TEST_F(postgres_database, fails_a_unit_that_ignores_an_error_of_the_database) {
    std::vector<std::future<result<void>>> outcomes;
    std::promise<void> held;
    db_->write_async(
        [&](transaction&) -> result<void> {
            held.get_future().wait();
            return {};
        },
        [](const result<void>&) {});
    const std::vector<std::string> emails{"ann@example.com", std::string{"b\0b", 3}, "cid@example.com"};
    for (const std::string& email : emails) {
        auto completed = std::make_shared<std::promise<result<void>>>();
        outcomes.push_back(completed->get_future());
        db_->write_async(
            [email](transaction& tx) -> result<void> {
                (void)tx.users().insert({.email = email});
                return {};
            },
            [completed](result<void> outcome) { completed->set_value(std::move(outcome)); });
    }
    held.set_value();
    EXPECT_TRUE(outcomes[0].get());
    const auto refused = outcomes[1].get();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::invalid_input);
    EXPECT_TRUE(outcomes[2].get());
    EXPECT_EQ(user_count(), 2U);
}

TEST_F(postgres_database, does_not_fail_other_units_with_the_error_of_one) {
    ASSERT_TRUE(db_->write([](transaction& tx) {
        auto id = tx.alerts().insert({.rule_name = "a"});
        return id ? result<void>{} : pass(std::move(id));
    }));
    const auto spoiled = [](transaction& tx) {
        return tx.alerts().update({.id = 1, .rule_name = "a", .note = std::string{"a\0b", 3}});
    };
    std::promise<void> held;
    db_->write_async(
        [&](transaction&) -> result<void> {
            held.get_future().wait();
            return {};
        },
        [](const result<void>&) {});
    std::promise<result<void>> innocent;
    std::promise<result<void>> guilty;
    db_->write_async(
        [](transaction& tx) -> result<void> {
            auto added = tx.users().insert({.email = "ann@example.com"});
            return added ? result<void>{} : pass(std::move(added));
        },
        [&](result<void> outcome) { innocent.set_value(std::move(outcome)); });
    db_->write_async(spoiled, [&](result<void> outcome) { guilty.set_value(std::move(outcome)); });
    held.set_value();
    for (std::promise<result<void>>* each : {&innocent, &guilty}) {
        const auto outcome = each->get_future().get();
        ASSERT_FALSE(outcome);
        EXPECT_EQ(outcome.error().code, errc::overloaded);
    }
    const auto refused = db_->write(spoiled);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::invalid_input);
    EXPECT_TRUE(add_user("ann@example.com"));
}

TEST_F(postgres_database, records_events_with_characters_that_it_can_not_store) {
    const std::string odd{"a\0b", 3};
    ASSERT_TRUE(db_->write([&](transaction& tx) -> result<void> {
        auto id = tx.audit().append({.actor_id = odd,
                                     .target = event_target{target_type::device, odd},
                                     .other_targets = {{target_type::device, odd}},
                                     .detail = odd});
        return id ? result<void>{} : pass(std::move(id));
    }));
    EXPECT_TRUE(db_->read([](const snapshot& state) -> result<void> {
        const auto events = state.audit().list({}).value();
        EXPECT_EQ(events.size(), 1U);
        EXPECT_EQ(events.front().detail, "a\u2400b");
        EXPECT_EQ(events.front().actor_id, "a\u2400b");
        return {};
    }));
}

TEST_F(postgres_database, refuses_a_database_of_another_version_or_program) {
    db_.reset();
    const auto refusal = [this](const std::string& change, const std::string& undo) {
        EXPECT_EQ(sql(change), "");
        const auto opened = postgres::open({.url = proxied_url()}, random_);
        EXPECT_EQ(sql(undo), "");
        return opened ? errc::internal : opened.error().code;
    };
    EXPECT_EQ(refusal("INSERT INTO schema_migrations VALUES (99, '0099_later', 'x')",
                      "DELETE FROM schema_migrations WHERE number = 99"),
              errc::storage_unavailable);
    EXPECT_EQ(refusal("UPDATE schema_migrations SET checksum = 'x' || checksum WHERE number = 1",
                      "UPDATE schema_migrations SET checksum = substr(checksum, 2) WHERE number = 1"),
              errc::storage_unavailable);
    EXPECT_EQ(refusal("ALTER TABLE schema_migrations RENAME TO other",
                      "ALTER TABLE other RENAME TO schema_migrations"),
              errc::invalid_input);
    open(proxied_url());
}

TEST_F(postgres_database, refuses_writes_to_a_database_that_lost_commits) {
    ASSERT_TRUE(add_user("ann@example.com"));
    ASSERT_TRUE(add_user("bob@example.com"));
    ASSERT_EQ(sql("UPDATE lanes SET seq = seq - 1"), "");
    end_sessions();
    for (int attempt = 0; attempt < 2; ++attempt) {
        const auto refused = add_user("cid@example.com");
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, errc::storage_unavailable);
    }
    open(proxied_url());
    EXPECT_TRUE(add_user("cid@example.com"));
}

TEST_F(postgres_database, forgets_devices_when_it_connects_again) {
    open(server_.url_of(name_));
    ASSERT_TRUE(add_user("ann@example.com"));
    const device_id device = uuid::random(random_);
    ASSERT_TRUE(db_->write(
        [&](transaction& tx) { return tx.devices().insert({.id = device, .owner = 1, .name = "Mast"}); }));
    const auto append = [&] {
        return db_->write([&](transaction& tx) {
            std::vector<reading> readings{{.device_id = device, .payload = "{}"}};
            return tx.readings().append(readings);
        });
    };
    ASSERT_TRUE(append());
    ASSERT_EQ(sql("DELETE FROM devices"), "");
    end_sessions();
    EXPECT_TRUE(append()) << "without a device, readings are left out";
    EXPECT_EQ(value_of("SELECT sum(count) FROM chunks"), "1");
}

TEST_F(postgres_database, takes_over_at_once_what_a_server_that_crashed_owned) {
    ASSERT_TRUE(add_user("ann@example.com"));
    const device_id device = uuid::random(random_);
    ASSERT_TRUE(db_->write(
        [&](transaction& tx) { return tx.devices().insert({.id = device, .owner = 1, .name = "Mast"}); }));
    db_.reset();
    // The server that crashed is still listed as a node, and owns the device.
    ASSERT_EQ(sql("INSERT INTO nodes VALUES (1, gen_random_uuid(), '', '', '', 0, 7, 0, 0)"), "");
    ASSERT_EQ(sql("INSERT INTO device_owners SELECT key & 255, key, 1 FROM devices"), "");
    db_ =
        postgres::open({.url = server_.url_of(name_), .background_compaction = false, .alone = true}, random_)
            .value();
    std::vector<reading> readings{{.device_id = device, .payload = "{}"}};
    ASSERT_TRUE(db_->write([&](transaction& tx) { return tx.readings().append(readings); }));
    EXPECT_EQ(readings.front().outcome, append_outcome::stored);
    EXPECT_EQ(value_of("SELECT count(*) FROM nodes"), "1");
}

TEST_F(postgres_database, never_assigns_ids_of_readings_again) {
    ASSERT_TRUE(add_user("ann@example.com"));
    const device_id device = uuid::random(random_);
    ASSERT_TRUE(db_->write(
        [&](transaction& tx) { return tx.devices().insert({.id = device, .owner = 1, .name = "Mast"}); }));
    const auto append = [&](std::size_t count) {
        return db_->write([&](transaction& tx) {
            std::vector<reading> readings(count, reading{.device_id = device, .payload = "{}"});
            return tx.readings().append(readings);
        });
    };
    ASSERT_TRUE(append(1));
    ASSERT_EQ(value_of("SELECT setval('reading_id_runs', 0, false)"), "0");
    const auto refused = append(65'536);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::storage_unavailable);
}

TEST_F(postgres_database, compacts_past_damaged_chunks_and_keeps_them) {
    ASSERT_TRUE(add_user("ann@example.com"));
    std::vector<device_id> devices;
    for (int i = 0; i < 3; ++i) {
        devices.push_back(uuid::random(random_));
        ASSERT_TRUE(db_->write([&](transaction& tx) {
            return tx.devices().insert({.id = devices.back(), .owner = 1, .name = "Mast"});
        }));
        ASSERT_TRUE(db_->write([&](transaction& tx) {
            std::vector<reading> readings{{.device_id = devices.back(), .payload = "{}"}};
            return tx.readings().append(readings);
        }));
    }
    ASSERT_EQ(sql("UPDATE chunks SET heads = '\\x00' WHERE first_id = 1"), "");
    ASSERT_EQ(sql("UPDATE chunks SET body = '\\x00' WHERE first_id = 2"), "");
    open(proxied_url());
    EXPECT_TRUE(db_->compact(true));
    EXPECT_EQ(value_of("SELECT count(*) FROM chunks"), "0");
    EXPECT_EQ(value_of("SELECT string_agg(first_id::text, ' ' ORDER BY first_id) FROM damaged_chunks"),
              "1 2");
    EXPECT_EQ(value_of("SELECT sum(count) FROM blocks"), "1");
    open(proxied_url());
    EXPECT_EQ(db_->damaged_parts(), 2U);
}

TEST_F(postgres_database, copies_for_longer_than_a_statement_may_take) {
    open(server_.url_of(name_), std::chrono::milliseconds{500});
    ASSERT_EQ(sql("INSERT INTO latest SELECT 0, n, decode(repeat('ab', 100000), 'hex')"
                  " FROM generate_series(1, 100) AS n"),
              "");
    const test::temp_folder folder;
    bool waited = false;
    const auto done = db_->backup(folder / "backup", [&](std::uint64_t, std::uint64_t) {
        if (!std::exchange(waited, true)) // in the middle of the table
            std::this_thread::sleep_for(std::chrono::milliseconds{1000});
    });
    EXPECT_TRUE(waited);
    EXPECT_TRUE(done);
}

TEST(postgres_connection_string, refuses_what_would_show_a_part_of_the_password) {
    for (const char* text :
         {"postgresql://ann:p%ss@db/breakwater", "postgresql://ann:p@ss@db/breakwater",
          "postgresql://ann:pa/ss@db/breakwater", "postgresql://ann:12/ss@db/breakwater",
          "postgresql://ann:pa:ss@db:x/breakwater", "host=db password=my secret",
          "postgresql//ann:secret@db/breakwater", "secret", "postgresql://db?password=p@ss"}) {
        const auto parsed = parse_connection_string(text);
        ASSERT_FALSE(parsed) << text;
        EXPECT_EQ(parsed.error().code, errc::invalid_input);
        EXPECT_FALSE(parsed.error().detail.contains("ss@")) << parsed.error().detail;
    }
    const auto parsed = parse_connection_string("postgresql://ann:p%40ss@db/breakwater");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->password, "p@ss");
    EXPECT_EQ(without_password("can't use p@ss, p@ss", *parsed), "can't use ***, ***");
}

TEST(postgres_connection_string, requires_tls_for_other_machines) {
    for (const char* text :
         {"postgresql://ann@db/breakwater", "host=db", "hostaddr=10.0.0.1 host=localhost",
          "postgresql://a,127.0.0.1/breakwater", "postgresql:///breakwater?host=/run,db", "service=main"})
        EXPECT_TRUE(parse_connection_string(text)->needs_tls) << text;
    for (const char* text :
         {"postgresql://localhost/breakwater", "postgresql://[::1],127.0.0.1:5433/breakwater",
          "host=/run/postgresql dbname=breakwater", "postgresql://%2Frun%2Fpostgresql/breakwater",
          "postgresql://db/breakwater?sslmode=prefer", "host=db sslmode=verify-full"})
        EXPECT_FALSE(parse_connection_string(text)->needs_tls) << text;
}

TEST(postgres_connection_string, shows_everything_but_passwords) {
    for (const auto& [text, shown] : std::initializer_list<std::pair<const char*, const char*>>{
             {"postgres://ann:s%40crt@db.example:5433/fleet?sslmode=verify-full",
              "postgresql://ann:***@db.example:5433/fleet?sslmode=verify-full"},
             {"postgresql://ann@a:1,[::1]:2/fleet?password=s%40crt&sslpassword=t&sslkey=/etc/k",
              "postgresql://ann:***@a:1,[::1]:2/fleet?sslkey=/etc/k&sslpassword=***"},
             {"postgresql://a,b/fleet?port=5433", "postgresql:///fleet?host=a,b&port=5433"},
             {"postgresql://%2Frun%2Fpg/my%20fleet", "postgresql:///my%20fleet?host=/run/pg"},
             {"postgresql://", "postgresql://"},
             {"host=db user='a b' password='s@ crt'", "postgresql://a%20b:***@db"}})
        EXPECT_EQ(parse_connection_string(text)->shown, shown) << text;
}

TEST(postgres_connection_string, names_neither_url_nor_password_in_an_error) {
    test::seeded_random random;
    const auto opened = open({.url = "postgresql://ann:p%ss@db/breakwater"}, random);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, errc::invalid_input);
}

reading any_reading(reading_id id) {
    return {.id = id,
            .device_id = {},
            .device_timestamp =
                *rc::gen::arbitrary<bool>()
                    ? std::optional{timestamp{std::chrono::microseconds{*rc::gen::arbitrary<std::int64_t>()}}}
                    : std::nullopt,
            .received_at = timestamp{std::chrono::microseconds{*rc::gen::arbitrary<std::int64_t>()}},
            .payload = *rc::gen::arbitrary<std::string>(),
            .simulated = *rc::gen::arbitrary<bool>()};
}

TEST(postgres_chunk, returns_what_was_added) {
    EXPECT_TRUE(rc::check("each reading leaves the chunk as it entered", [] {
        chunk_builder builder;
        std::vector<reading> readings;
        reading_id id = 0;
        for (std::size_t n = *rc::gen::inRange<std::size_t>(1, 20); n > 0; --n) {
            id += *rc::gen::inRange<reading_id>(1, 100'000);
            readings.push_back(any_reading(id));
            builder.add(*rc::gen::inRange<std::int64_t>(1, 1'000), readings.back());
        }
        const auto first = *rc::gen::inRange<std::size_t>(0, readings.size());
        const std::string heads = builder.encode_heads(first, readings.size());
        const auto opened = chunk::open(heads, builder.encode_body(first, readings.size()));
        RC_ASSERT(opened.has_value());
        const auto decoded = decode_heads(heads);
        RC_ASSERT(decoded.has_value());
        for (std::size_t i = 0; i < readings.size(); ++i) {
            const reading& expected = readings[i];
            RC_ASSERT(builder.find(expected.id)->payload == expected.payload);
            const auto stored = opened->find(expected.id);
            RC_ASSERT(stored.has_value() == (i >= first));
            if (!stored)
                continue;
            RC_ASSERT(stored->received_at == expected.received_at);
            RC_ASSERT(stored->device_timestamp == expected.device_timestamp);
            RC_ASSERT(stored->payload == expected.payload);
            RC_ASSERT(stored->simulated == expected.simulated);
            RC_ASSERT((*decoded)[i - first].device == builder.heads()[i].device);
        }
    }));
}

TEST(postgres_chunk, refuses_damaged_bytes) {
    EXPECT_TRUE(rc::check("a changed byte is noticed", [] {
        chunk_builder builder;
        builder.add(1, any_reading(1));
        builder.add(2, any_reading(2));
        std::string heads = builder.encode_heads(0, 2);
        std::string body = builder.encode_body(0, 2);
        std::string& damaged = *rc::gen::arbitrary<bool>() ? heads : body;
        damaged[*rc::gen::inRange<std::size_t>(0, damaged.size())] ^=
            static_cast<char>(*rc::gen::inRange(1, 256));
        RC_ASSERT(!chunk::open(heads, body));
        RC_ASSERT(!chunk::open(heads.substr(0, 3), body));
    }));
}

} // namespace
} // namespace breakwater::storage::postgres
