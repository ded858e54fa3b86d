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
    const device_id sensor = uuid::random(random);
    const device_id other_sensor = uuid::random(random);
    test::fake_database store;
    accept_tally tally{store, time};
};

TEST_F(accept_tally_test, writes_one_event_for_each_device_after_the_hour) {
    tally.tick();
    add(sensor, 3);
    add(other_sensor);
    time.advance(1h - 1us);
    tally.tick();
    EXPECT_TRUE(store.events().empty());
    time.advance(1us);
    tally.tick();
    auto events = store.events();
    ASSERT_EQ(events.size(), 2U);
    std::ranges::sort(events, {}, &security_event::count);
    EXPECT_EQ(events[0].actor_id, other_sensor.to_string());
    EXPECT_EQ(events[0].detail, "1 reading accepted in the hour from 2026-01-15T00:00:00Z.");
    const security_event& three = events[1];
    EXPECT_EQ(three.count, 3);
    EXPECT_EQ(three.actor, actor_type::device);
    EXPECT_EQ(three.actor_id, sensor.to_string());
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

TEST_F(accept_tally_test, counts_each_hour_of_a_device_separately) {
    tally.tick();
    add(sensor, 2);
    time.advance(1h);
    add(sensor, 5); // before any tick of the new hour
    tally.tick();
    ASSERT_EQ(store.events().size(), 1U);
    EXPECT_EQ(store.events()[0].count, 2);
    time.advance(1h);
    tally.tick();
    ASSERT_EQ(store.events().size(), 2U);
    EXPECT_EQ(store.events()[1].count, 5);
}

TEST_F(accept_tally_test, counts_readings_that_are_committed_after_their_hour) {
    const timestamp before = time.now() + 59min;
    time.advance(1h);
    tally.tick();
    tally.add(sensor, before);
    tally.tick();
    ASSERT_EQ(store.events().size(), 1U);
    EXPECT_EQ(store.events()[0].detail, "1 reading accepted in the hour from 2026-01-15T00:00:00Z.");
}

TEST_F(accept_tally_test, limits_the_events_of_a_unit_of_work) {
    tally.tick();
    for (std::size_t i = 0; i < 3 * accept_tally::max_rows + 1; ++i)
        add(uuid::random(random));
    time.advance(1h);
    tally.tick();
    EXPECT_EQ(store.events().size(), 3 * accept_tally::max_rows + 1);
    EXPECT_EQ(store.largest_unit(), accept_tally::max_rows);
}

TEST_F(accept_tally_test, retries_counts_that_could_not_be_written) {
    tally.tick();
    add(sensor, 4);
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

TEST_F(accept_tally_test, runs_one_write_at_a_time) {
    store.hold();
    tally.tick();
    add(sensor);
    time.advance(1h);
    tally.tick();
    tally.tick();
    EXPECT_EQ(store.waiting(), 1U);
    store.commit_now();
    EXPECT_EQ(store.events().size(), 1U);
}

TEST_F(accept_tally_test, close_writes_the_current_hour) {
    tally.tick();
    add(sensor, 2);
    time.advance(1h);
    add(sensor, 3);
    EXPECT_TRUE(tally.close());
    ASSERT_EQ(store.events().size(), 2U);
    EXPECT_EQ(store.events()[0].count + store.events()[1].count, 5);
    EXPECT_TRUE(tally.close());
    EXPECT_EQ(store.events().size(), 2U);
}

TEST_F(accept_tally_test, close_reports_a_failed_write_and_keeps_the_counts) {
    add(sensor);
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
