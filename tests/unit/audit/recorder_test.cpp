#include "audit/recorder.hpp"

#include "storage/sqlite/sqlite_database.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace breakwater::audit {
namespace {

using namespace std::chrono_literals;

/// Wraps the real catalogue. Its writes can be made to fail or to wait.
class switched_catalogue final : public storage::catalogue {
public:
    explicit switched_catalogue(storage::catalogue& real) : real_{real} {}
    bool failing = false; ///< writes fail
    bool holding = false; ///< `write_async` waits for `release`

    void release() {
        holding = false;
        for (auto& [work, done] : std::exchange(held_, {}))
            write_async(std::move(work), std::move(done));
    }

    result<void> read(query work) override { return real_.read(std::move(work)); }
    result<void> write(unit_of_work work) override {
        return failing ? broken() : real_.write(std::move(work));
    }
    void write_async(unit_of_work work, completion done) override {
        if (holding)
            held_.emplace_back(std::move(work), std::move(done));
        else if (failing)
            done(broken());
        else
            real_.write_async(std::move(work), std::move(done));
    }

private:
    static result<void> broken() { return fail(errc::storage_unavailable, "broken"); }
    storage::catalogue& real_;
    std::vector<std::pair<unit_of_work, completion>> held_;
};

class recording : public testing::Test {
protected:
    void SetUp() override {
        auto opened = storage::sqlite::open({.file = folder_ / "store.db"});
        ASSERT_TRUE(opened);
        real_ = std::move(*opened);
        db_ = std::make_unique<switched_catalogue>(*real_);
        open_recorder({});
    }

    void open_recorder(const recorder::options& settings) {
        recorder_ = std::make_unique<recorder>(*db_, clock_, settings);
    }

    static security_event denial(std::string address = "192.0.2.1",
                                 event_type type = event_type::jwt_invalid) {
        security_event out;
        out.actor = actor_type::user;
        out.actor_id = "7";
        out.type = type;
        out.status = event_status::denied;
        out.detail = "Forged.";
        out.origin = {std::move(address), "req-1", "GET /devices"};
        return out;
    }

    void record(const security_event& event, int times = 1) {
        for (int i = 0; i < times; ++i)
            EXPECT_TRUE(recorder_->record_and_wait(event));
    }

    /// The stored events in the order of writing.
    std::vector<security_event> stored() {
        std::vector<security_event> out;
        // Writes keep their order: when this one returns, the writes that `tick` started are complete.
        EXPECT_TRUE(real_->write([](storage::transaction&) -> result<void> { return {}; }));
        EXPECT_TRUE(real_->read([&](const storage::snapshot& state) -> result<void> {
            storage::event_query all;
            all.limit = 100'000;
            out = *state.audit().list(all);
            return {};
        }));
        std::ranges::reverse(out);
        return out;
    }

    static std::int64_t total(const std::vector<security_event>& events) {
        std::int64_t sum = 0;
        for (const auto& event : events)
            sum += event.count;
        return sum;
    }

    test::temp_folder folder_;
    test::manual_clock clock_;
    std::unique_ptr<storage::database> real_;
    std::unique_ptr<switched_catalogue> db_;
    std::unique_ptr<recorder> recorder_;
};

TEST_F(recording, writes_the_first_of_a_kind_at_once) {
    record(denial());
    const auto rows = stored();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].created_at, clock_.now());
    EXPECT_EQ(rows[0].actor, actor_type::user);
    EXPECT_EQ(rows[0].actor_id, "7");
    EXPECT_EQ(rows[0].type, event_type::jwt_invalid);
    EXPECT_EQ(rows[0].status, event_status::denied);
    EXPECT_EQ(rows[0].detail, "Forged.");
    EXPECT_EQ(rows[0].origin.source_address, "192.0.2.1");
    EXPECT_EQ(rows[0].origin.request_id, "req-1");
    EXPECT_EQ(rows[0].origin.route, "GET /devices");
    EXPECT_EQ(rows[0].count, 1);
}

TEST_F(recording, counts_repeats_in_one_row_when_the_window_ends) {
    record(denial(), 1001);
    clock_.advance(60s - 1us);
    recorder_->tick();
    EXPECT_EQ(stored().size(), 1U) << "the window is open";
    clock_.advance(1us);
    recorder_->tick();
    const auto rows = stored();
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[1].count, 1000);
    EXPECT_EQ(rows[1].detail, "Repeated 1000 times within 60 s: Forged.");
    EXPECT_EQ(rows[1].created_at, clock_.now());
    EXPECT_EQ(rows[1].actor_id, "7");
    EXPECT_EQ(rows[1].status, event_status::denied);
    EXPECT_EQ(rows[1].origin.source_address, "192.0.2.1");
    EXPECT_EQ(rows[1].origin.route, "GET /devices");
    recorder_->tick();
    EXPECT_EQ(stored().size(), 2U);
}

TEST_F(recording, writes_no_row_for_a_window_without_repeats) {
    record(denial());
    clock_.advance(60s);
    recorder_->tick();
    EXPECT_EQ(stored().size(), 1U);
}

TEST_F(recording, opens_a_new_window_after_the_end_of_the_last_even_without_a_tick) {
    record(denial(), 3);
    clock_.advance(61s);
    record(denial());
    EXPECT_EQ(stored().size(), 2U) << "the first of the new window is written at once";
    recorder_->tick();
    const auto rows = stored();
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[2].count, 2);
}

TEST_F(recording, distinguishes_kinds_by_type_actor_network_and_route) {
    auto other_actor = denial();
    other_actor.actor_id = "8";
    auto other_actor_type = denial();
    other_actor_type.actor = actor_type::device;
    auto other_route = denial();
    other_route.origin.route = "GET /users";
    // Concatenated, actor and address of these two are the same text.
    auto long_actor = denial();
    long_actor.actor_id = "71";
    long_actor.origin.source_address = "92.0.2.1";
    auto short_actor = denial();
    short_actor.actor_id = "7";
    short_actor.origin.source_address = "192.0.2.1";
    for (const auto& event : {short_actor, other_actor, other_actor_type, other_route, long_actor,
                              denial("192.0.2.2"), denial("192.0.2.1", event_type::device_forbidden)})
        record(event);
    EXPECT_EQ(stored().size(), 7U);
    auto other_request = denial();
    other_request.origin.request_id = "req-2";
    record(other_request);
    EXPECT_EQ(stored().size(), 7U) << "the same kind";
}

TEST_F(recording, counts_a_network_as_one_source) {
    record(denial("2001:db8:1:2::1"));
    record(denial("2001:db8:1:2:ffff::9"), 3);
    record(denial("2001:db8:1:3::1"));
    clock_.advance(60s);
    recorder_->tick();
    const auto rows = stored();
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0].origin.source_address, "2001:db8:1:2::1");
    EXPECT_EQ(rows[2].origin.source_address, "2001:db8:1:2::/64");
    EXPECT_EQ(rows[2].count, 3);
}

TEST_F(recording, a_flood_from_one_network_affects_only_that_network) {
    // 4,200 requests from one /64, with different addresses and accounts.
    for (int i = 0; i < 4200; ++i) {
        auto guess = denial("2001:db8:1:2::" + std::to_string(i % 1000), event_type::login);
        guess.actor = actor_type::anonymous;
        guess.actor_id = "";
        guess.detail = "Failed login for " + std::to_string(i) + "@example.com.";
        record(guess);
    }
    const auto flood_rows = stored().size();
    EXPECT_LE(flood_rows, 40U);
    for (int i = 1; i <= 5; ++i) {
        auto guess = denial("192.0.2." + std::to_string(i), event_type::login);
        guess.detail = "Failed login for ada@example.com.";
        record(guess, 2);
    }
    clock_.advance(60s);
    recorder_->tick();
    const auto rows = stored();
    for (int i = 1; i <= 5; ++i) {
        const std::string address = "192.0.2." + std::to_string(i);
        EXPECT_EQ(std::ranges::count(rows, address,
                                     [](const security_event& row) { return row.origin.source_address; }),
                  2)
            << address << ": the first denial and the count";
    }
    EXPECT_EQ(total(rows), 4200 + 10);
    EXPECT_TRUE(std::ranges::any_of(rows, [](const security_event& row) {
        return row.count > 4000 && row.origin.source_address == "2001:db8:1:2::/64" &&
               row.detail.contains("various events of this type from one network.");
    }));
}

TEST_F(recording, limits_the_windows_of_a_site_with_many_networks) {
    for (int i = 0; i < 1000; ++i)
        record(denial("2001:db8:1:" + std::to_string(i) + "::1"));
    record(denial("2001:db8:2::1"));
    const auto rows = stored();
    EXPECT_LE(rows.size(), 32U * 2 + 3) << "a /48 may have twice as many as a /64";
    EXPECT_EQ(rows.back().origin.source_address, "2001:db8:2::1");
}

TEST_F(recording, a_flood_of_one_type_leaves_room_for_the_others) {
    open_recorder({.max_windows_per_type = 10});
    for (int i = 0; i < 500; ++i)
        record(denial("203.0.113." + std::to_string(i % 250) + std::to_string(i / 250)));
    EXPECT_EQ(stored().size(), 11U) << "ten kinds and the first denial of the shared window";
    record(denial("192.0.2.7", event_type::login), 2);
    EXPECT_EQ(stored().back().origin.source_address, "192.0.2.7");
    clock_.advance(60s);
    recorder_->tick();
    const auto rows = stored();
    EXPECT_EQ(total(rows), 502);
    const auto shared = std::ranges::find_if(rows, [](const security_event& row) { return row.count > 400; });
    ASSERT_NE(shared, rows.end());
    EXPECT_EQ(shared->type, event_type::jwt_invalid);
    EXPECT_EQ(shared->origin.source_address, "");
    EXPECT_EQ(shared->actor, actor_type::anonymous);
    EXPECT_TRUE(shared->detail.contains("from at least 256 networks: 203.0.113.")) << shared->detail;
    EXPECT_TRUE(shared->detail.ends_with(", ….")) << shared->detail;
    EXPECT_EQ(std::ranges::count(rows, event_type::login, &security_event::type), 2);
}

TEST_F(recording, has_room_again_after_windows_have_ended) {
    open_recorder({.max_windows_per_type = 2});
    for (int round = 0; round < 3; ++round) {
        for (const char* address : {"192.0.2.1", "192.0.2.2", "192.0.2.3"})
            record(denial(address));
        clock_.advance(60s);
        recorder_->tick();
    }
    EXPECT_EQ(stored().size(), 9U) << "per round two kinds and the first denial of the shared window";
    db_->failing = true;
    for (int i = 0; i < 5; ++i)
        EXPECT_FALSE(recorder_->record_and_wait(denial()));
    db_->failing = false;
    for (const char* address : {"192.0.2.1", "192.0.2.2"})
        record(denial(address), 2);
    clock_.advance(60s);
    recorder_->tick();
    EXPECT_EQ(stored().size(), 13U) << "failed writes leave no open window";
}

TEST_F(recording, lists_each_target_once_and_counts_those_beyond_the_limit) {
    auto event = denial();
    for (int i = 0; i < 20; ++i) {
        event.target = event_target{target_type::device, std::to_string(i)};
        record(event, 2);
    }
    clock_.advance(60s);
    recorder_->tick();
    auto rows = stored();
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].target, (event_target{target_type::device, "0"}));
    EXPECT_EQ(target_count(rows[0]), 1);
    EXPECT_EQ(rows[1].count, 39);
    EXPECT_EQ(rows[1].target, rows[0].target);
    EXPECT_EQ(rows[1].other_targets.size(), 19U);
    EXPECT_EQ(rows[1].other_targets.back(), (event_target{target_type::device, "19"}));
    EXPECT_EQ(target_count(rows[1]), 20);
    for (int i = 0; i < 100; ++i) {
        event.target = event_target{target_type::device, std::to_string(i)};
        record(event, 2);
    }
    clock_.advance(60s);
    recorder_->tick();
    rows = stored();
    ASSERT_EQ(rows.size(), 4U);
    EXPECT_EQ(rows[3].other_targets.size(), max_other_targets);
    EXPECT_EQ(target_count(rows[3]), 100);
    for (int i = 0; i < 5000; ++i) {
        event.target = event_target{target_type::device, std::to_string(i)};
        record(event);
    }
    clock_.advance(60s);
    recorder_->tick();
    EXPECT_EQ(target_count(stored().back()), 256) << "memory is limited";
}

TEST_F(recording, reports_a_failed_write_and_retries_with_the_next_denial) {
    db_->failing = true;
    const auto refused = recorder_->record_and_wait(denial());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::storage_unavailable);
    EXPECT_FALSE(recorder_->record_and_wait(denial())) << "no window is open";
    db_->failing = false;
    record(denial());
    EXPECT_EQ(stored().size(), 1U);
}

TEST_F(recording, completes_repeats_only_after_the_first_is_on_disk) {
    db_->holding = true;
    std::atomic<int> succeeded{0};
    std::atomic<int> failed{0};
    const auto count = [&](const result<void>& outcome) { ++(outcome ? succeeded : failed); };
    for (int i = 0; i < 3; ++i)
        recorder_->record(denial(), count);
    clock_.advance(61s); // a slow disk: the window stays open until the write completes
    recorder_->tick();
    recorder_->record(denial(), count);
    EXPECT_EQ(succeeded + failed, 0);
    db_->release();
    EXPECT_EQ(stored().size(), 1U);
    EXPECT_EQ(succeeded, 4);

    clock_.advance(61s);
    db_->holding = true;
    for (int i = 0; i < 3; ++i)
        recorder_->record(denial(), count);
    db_->failing = true;
    db_->release();
    EXPECT_EQ(failed, 3);
    db_->failing = false;
    recorder_->tick();
    const auto rows = stored();
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[1].count, 3);
}

TEST_F(recording, retries_unwritten_counts_at_the_next_tick) {
    record(denial(), 5);
    clock_.advance(60s);
    db_->failing = true;
    recorder_->tick();
    recorder_->tick();
    EXPECT_EQ(stored().size(), 1U);
    db_->failing = false;
    recorder_->tick();
    const auto rows = stored();
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[1].count, 4);
    EXPECT_EQ(rows[1].detail, "Repeated 4 times within 60 s: Forged.");
}

TEST_F(recording, keeps_a_limited_number_of_counts_during_a_long_failure) {
    open_recorder({.max_unwritten = 4});
    for (int round = 0; round < 20; ++round) {
        for (int kind = 0; kind < 4; ++kind)
            record(denial("192.0.2." + std::to_string(round * 4 + kind)), 3);
        clock_.advance(60s);
        db_->failing = true;
        recorder_->tick();
        db_->failing = false;
    }
    db_->failing = true;
    recorder_->tick();
    db_->failing = false;
    const auto before = stored().size();
    recorder_->tick();
    const auto rows = stored();
    EXPECT_EQ(before, 80U);
    EXPECT_LE(rows.size(), before + 4);
    EXPECT_EQ(total(rows), 20 * 4 * 3);
}

TEST_F(recording, writes_open_windows_when_it_is_closed) {
    record(denial(), 3);
    record(denial("192.0.2.9"));
    recorder_->close();
    const auto rows = stored();
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[2].count, 2);
}

TEST_F(recording, truncates_long_texts) {
    auto huge = denial();
    huge.detail = std::string(max_event_detail - 1, 'x') + "\xC3\xBC and more";
    huge.actor_id = std::string(100'000, 'y');
    huge.origin.route = std::string(100'000, 'z');
    record(huge, 2);
    clock_.advance(60s);
    recorder_->tick();
    const auto rows = stored();
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].detail, std::string(max_event_detail - 1, 'x')) << "not truncated inside a character";
    EXPECT_LE(rows[0].actor_id.size(), 256U);
    EXPECT_LE(rows[0].origin.route.size(), 256U);
    EXPECT_LE(rows[1].detail.size(), max_event_detail);
}

TEST_F(recording, loses_no_denial_when_many_threads_record_and_tick) {
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 200; ++i) {
                EXPECT_TRUE(recorder_->record_and_wait(denial("192.0.2." + std::to_string(i % 5))));
                if (i % 20 == t) {
                    clock_.advance(30s);
                    recorder_->tick();
                }
            }
        });
    for (auto& thread : threads)
        thread.join();
    recorder_->close();
    EXPECT_EQ(total(stored()), 8 * 200);
}

} // namespace
} // namespace breakwater::audit
