#include "telemetry/accept_tally.hpp"

#include "support/fake_database.hpp"
#include "support/manual_clock.hpp"
#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

namespace breakwater::telemetry {
namespace {

using namespace std::chrono_literals;

class accept_tally_test : public testing::Test {
protected:
    void add(const device_id& device, int times = 1) {
        for (int i = 0; i < times; ++i)
            tally.add(device, time.now());
    }

    test::manual_clock time; // 2026-01-15T00:00:00Z
    test::seeded_random random;
    const device_id one = uuid::random(random);
    const device_id other = uuid::random(random);
    test::fake_database store;
    accept_tally tally{store, time};
};

TEST_F(accept_tally_test, writes_one_event_for_each_device_when_the_hour_is_over) {
    tally.tick();
    add(one, 3);
    add(other);
    time.advance(1h - 1us);
    tally.tick();
    EXPECT_TRUE(store.events().empty());
    time.advance(1us);
    tally.tick();
    auto events = store.events();
    ASSERT_EQ(events.size(), 2U);
    std::ranges::sort(events, {}, &security_event::count);
    EXPECT_EQ(events[0].actor_id, other.to_string());
    EXPECT_EQ(events[0].detail, "1 reading accepted in the hour from 2026-01-15T00:00:00Z.");
    const security_event& three = events[1];
    EXPECT_EQ(three.count, 3);
    EXPECT_EQ(three.actor, actor_type::device);
    EXPECT_EQ(three.actor_id, one.to_string());
    EXPECT_EQ(three.type, event_type::reading_accept);
    EXPECT_EQ(three.status, event_status::success);
    EXPECT_EQ(three.created_at, time.now());
    EXPECT_EQ(three.detail, "3 readings accepted in the hour from 2026-01-15T00:00:00Z.");
    EXPECT_FALSE(three.simulated);

    tally.tick();
    time.advance(1h);
    tally.tick();
    EXPECT_EQ(store.events().size(), 2U) << "once";
}

TEST_F(accept_tally_test, keeps_the_hours_of_a_device_apart) {
    tally.tick();
    add(one, 2);
    time.advance(1h);
    add(one, 5); // before any tick of the new hour
    tally.tick();
    ASSERT_EQ(store.events().size(), 1U);
    EXPECT_EQ(store.events()[0].count, 2);
    time.advance(1h);
    tally.tick();
    ASSERT_EQ(store.events().size(), 2U);
    EXPECT_EQ(store.events()[1].count, 5);
}

TEST_F(accept_tally_test, does_not_forget_what_is_committed_after_its_hour) {
    const timestamp before = time.now() + 59min;
    time.advance(1h);
    tally.tick();
    tally.add(one, before);
    tally.tick();
    ASSERT_EQ(store.events().size(), 1U);
    EXPECT_EQ(store.events()[0].detail, "1 reading accepted in the hour from 2026-01-15T00:00:00Z.");
}

TEST_F(accept_tally_test, bounds_each_unit_of_work) {
    tally.tick();
    for (std::size_t i = 0; i < 3 * accept_tally::max_rows + 1; ++i)
        add(uuid::random(random));
    time.advance(1h);
    tally.tick();
    EXPECT_EQ(store.events().size(), 3 * accept_tally::max_rows + 1);
    EXPECT_EQ(store.largest_unit(), accept_tally::max_rows);
}

TEST_F(accept_tally_test, tries_again_what_could_not_be_written) {
    tally.tick();
    add(one, 4);
    time.advance(1h);
    store.fail_commits(error{.code = errc::storage_full, .detail = "full"});
    tally.tick();
    EXPECT_TRUE(store.events().empty());
    store.refuse_units(error{.code = errc::overloaded, .detail = "busy"});
    tally.tick();
    store.refuse_units(std::nullopt);
    store.fail_commits(std::nullopt);
    tally.tick();
    ASSERT_EQ(store.events().size(), 1U);
    EXPECT_EQ(store.events()[0].count, 4);
}

TEST_F(accept_tally_test, has_one_write_under_way_at_a_time) {
    store.hold();
    tally.tick();
    add(one);
    time.advance(1h);
    tally.tick();
    tally.tick();
    EXPECT_EQ(store.write_queue_depth(), 1U);
    store.commit_now();
    EXPECT_EQ(store.events().size(), 1U);
}

TEST_F(accept_tally_test, writes_the_running_hour_at_the_end) {
    tally.tick();
    add(one, 2);
    time.advance(1h);
    add(one, 3);
    EXPECT_TRUE(tally.close());
    ASSERT_EQ(store.events().size(), 2U);
    EXPECT_EQ(store.events()[0].count + store.events()[1].count, 5);
    EXPECT_TRUE(tally.close());
    EXPECT_EQ(store.events().size(), 2U);
}

TEST_F(accept_tally_test, says_when_the_end_could_not_be_written) {
    add(one);
    store.fail_commits(error{.code = errc::storage_full, .detail = "full"});
    const auto closed = tally.close();
    ASSERT_FALSE(closed);
    EXPECT_EQ(closed.error().code, errc::storage_full);
    store.fail_commits(std::nullopt);
    EXPECT_TRUE(tally.close());
    EXPECT_EQ(store.events().size(), 1U);
}

} // namespace
} // namespace breakwater::telemetry
