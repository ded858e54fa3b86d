#include "simulator/simulator.hpp"

#include "support/manual_clock.hpp"
#include "support/seeded_random.hpp"
#include "unit/simulator/payload_view.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace breakwater::simulator {
namespace {

using namespace std::chrono_literals;

class simulator_test : public testing::Test {
protected:
    device_id put(category kind, device_status status = device_status::active) {
        const device_id id = uuid::random(random_);
        update(id, kind, status);
        return id;
    }
    void update(const device_id& id, category kind, device_status status) {
        device changed;
        changed.id = id;
        changed.category = kind;
        changed.status = status;
        changed.simulated = true;
        devices_.put(changed);
    }
    simulator::sink collector() {
        return [this](std::vector<reading> emitted) {
            ++calls_;
            largest_ = std::max(largest_, emitted.size());
            for (reading& item : emitted)
                readings_.push_back(std::move(item));
        };
    }
    /// Runs the simulator for this long, with the waits that it returns.
    void run(simulator& under_test, std::chrono::microseconds length) {
        const steady_point end = clock_.steady_now() + length;
        while (clock_.steady_now() < end) {
            const auto wait = under_test.step();
            ASSERT_GE(wait, 0s);
            ASSERT_LE(wait, 1s);
            clock_.advance(std::chrono::ceil<std::chrono::microseconds>(wait));
        }
    }
    [[nodiscard]] std::map<device_id, std::vector<timestamp>> times() const {
        std::map<device_id, std::vector<timestamp>> by_device;
        for (const reading& item : readings_)
            by_device[item.device_id].push_back(item.received_at);
        return by_device;
    }

    registry::device_registry devices_;
    test::manual_clock clock_;
    test::seeded_random random_;
    std::vector<reading> readings_;
    std::size_t calls_ = 0;
    std::size_t largest_ = 0;
};

TEST_F(simulator_test, every_interval_is_within_the_category_over_two_days) {
    std::map<device_id, category> kinds;
    for (const category_info& kind : categories())
        for (int i = 0; i < 2; ++i)
            kinds.emplace(put(kind.id), kind.id);
    simulator under_test{devices_, clock_, 1, collector()};
    const timestamp start = clock_.now();
    run(under_test, 48h);

    ASSERT_EQ(times().size(), kinds.size());
    for (const auto& [id, at] : times()) {
        const category_info& kind = info(kinds.at(id));
        ASSERT_GT(at.size(), 48h / kind.max_interval);
        std::chrono::microseconds shortest = 24h;
        std::chrono::microseconds longest = 0s;
        timestamp before = start;
        for (const timestamp time : at) {
            shortest = std::min(shortest, time - before);
            longest = std::max(longest, time - before);
            before = time;
        }
        EXPECT_GE(shortest, kind.min_interval);
        EXPECT_LE(longest, kind.max_interval);
        // The intervals are spread over the whole range.
        EXPECT_LT(shortest, kind.min_interval + (kind.max_interval - kind.min_interval) / 10);
        EXPECT_GT(longest, kind.max_interval - (kind.max_interval - kind.min_interval) / 10);
    }
}

TEST_F(simulator_test, readings_are_marked_as_simulated) {
    const device_id id = put(category::air_quality);
    simulator under_test{devices_, clock_, 1, collector()};
    run(under_test, 1h);
    ASSERT_FALSE(readings_.empty());
    for (const reading& item : readings_) {
        EXPECT_EQ(item.device_id, id);
        EXPECT_TRUE(item.simulated);
        ASSERT_TRUE(item.device_timestamp);
        EXPECT_LE(item.received_at - *item.device_timestamp, 1s);
        const test::payload_view payload{item.payload};
        EXPECT_EQ(payload.text("category"), "air_quality");
        EXPECT_EQ(payload.raw("__simulated__"), "true");
    }
}

TEST_F(simulator_test, missed_intervals_are_not_made_up_for) {
    for (int i = 0; i < 20; ++i)
        put(category::ip_camera);
    simulator under_test{devices_, clock_, 1, collector()};
    run(under_test, 1min);
    readings_.clear();

    clock_.advance(8h);
    (void)under_test.step();
    EXPECT_EQ(readings_.size(), 20U) << "one per device";
    (void)under_test.step();
    EXPECT_EQ(readings_.size(), 20U) << "none before the next interval";
    run(under_test, 10min);
    for (const auto& [id, at] : times())
        for (std::size_t i = 1; i < at.size(); ++i)
            EXPECT_GE(at[i] - at[i - 1], 10s);
}

TEST_F(simulator_test, a_blocked_device_is_silent_until_it_is_active_again) {
    const device_id id = put(category::weather_station, device_status::blocked);
    simulator under_test{devices_, clock_, 1, collector()};
    run(under_test, 10min);
    EXPECT_TRUE(readings_.empty());
    EXPECT_EQ(calls_, 0U);

    update(id, category::weather_station, device_status::active);
    run(under_test, 46s);
    EXPECT_FALSE(readings_.empty());

    update(id, category::weather_station, device_status::blocked);
    const std::size_t before = readings_.size();
    run(under_test, 10min);
    EXPECT_EQ(readings_.size(), before);
}

TEST_F(simulator_test, drops_a_deleted_device) {
    const device_id deleted = put(category::smart_lock);
    const device_id kept = put(category::smart_lock);
    simulator under_test{devices_, clock_, 1, collector()};
    run(under_test, 10min);
    EXPECT_EQ(under_test.size(), 2U);

    devices_.remove(deleted);
    readings_.clear();
    run(under_test, 10min);
    EXPECT_EQ(under_test.size(), 1U);
    ASSERT_EQ(times().size(), 1U);
    EXPECT_EQ(times().begin()->first, kept);

    update(deleted, category::smart_lock, device_status::active);
    under_test.add(deleted);
    EXPECT_EQ(under_test.size(), 2U) << "a deleted device can be added again";
}

TEST_F(simulator_test, adds_a_new_device_once_and_ignores_unknown_ones) {
    simulator under_test{devices_, clock_, 1, collector()};
    EXPECT_EQ(under_test.step(), 1s) << "nothing to do";
    const device_id id = put(category::ip_camera);
    under_test.add(id);
    under_test.add(id);
    under_test.add(uuid::random(random_));
    EXPECT_EQ(under_test.size(), 1U);
    run(under_test, 30min);
    const auto at = times().at(id);
    EXPECT_GE(at.size(), 72U);
    EXPECT_LE(at.size(), 180U);
}

TEST_F(simulator_test, follows_a_change_of_category) {
    const device_id id = put(category::smart_lock);
    simulator under_test{devices_, clock_, 1, collector()};
    run(under_test, 10min);
    update(id, category::ip_camera, device_status::active);
    readings_.clear();
    run(under_test, 30min);
    EXPECT_GT(readings_.size(), 60U);
    for (const reading& item : readings_)
        EXPECT_EQ(test::payload_view{item.payload}.text("category"), "ip_camera");
}

TEST_F(simulator_test, a_step_handles_a_bounded_number_of_devices_in_one_call) {
    for (int i = 0; i < 2500; ++i)
        put(category::ip_camera);
    simulator under_test{devices_, clock_, 1, collector()};
    clock_.advance(1h);
    EXPECT_EQ(under_test.step(), 0s) << "more devices are due";
    EXPECT_EQ(calls_, 1U);
    EXPECT_EQ(readings_.size(), simulator::max_per_step);
    EXPECT_EQ(under_test.step(), 0s);
    EXPECT_GT(under_test.step(), 0s);
    EXPECT_EQ(readings_.size(), 2500U);
    EXPECT_EQ(largest_, simulator::max_per_step);
    EXPECT_EQ(times().size(), 2500U);
}

TEST_F(simulator_test, emits_readings_of_a_beat_together) {
    for (int i = 0; i < 1000; ++i)
        put(category::ip_camera);
    simulator under_test{devices_, clock_, 1, collector()};
    run(under_test, 5min);
    EXPECT_GT(readings_.size(), 1000U * (5 * 60 / 25 - 1));
    EXPECT_LE(calls_, 5U * 60 * 4 + 1);
}

TEST_F(simulator_test, depends_only_on_the_seed) {
    for (int i = 0; i < 30; ++i)
        put(category::weather_station);
    const auto run_with = [&](std::uint64_t seed) {
        readings_.clear();
        test::manual_clock time;
        simulator under_test{devices_, time, seed, collector()};
        for (int i = 0; i < 600; ++i) {
            (void)under_test.step();
            time.advance(500ms);
        }
        std::vector<std::pair<std::string, std::string>> emitted;
        for (const reading& item : readings_)
            emitted.emplace_back(item.device_id.to_string(), item.payload);
        return emitted;
    };
    const auto first = run_with(7);
    EXPECT_FALSE(first.empty());
    EXPECT_EQ(first, run_with(7));
    EXPECT_NE(first, run_with(8));
}

TEST_F(simulator_test, samples_are_six_recent_readings_that_the_simulator_continues) {
    for (const category_info& kind : categories()) {
        const device_id id = put(kind.id);
        const auto samples = sample_readings(id, kind.id, 5, clock_.now());
        ASSERT_EQ(samples.size(), 6U);
        EXPECT_EQ(samples.back().received_at, clock_.now());
        for (std::size_t i = 0; i < samples.size(); ++i) {
            EXPECT_EQ(samples[i].device_id, id);
            EXPECT_TRUE(samples[i].simulated);
            EXPECT_EQ(test::payload_view{samples[i].payload}.text("category"), kind.slug);
            if (i > 0) {
                EXPECT_GE(samples[i].received_at - samples[i - 1].received_at, kind.min_interval);
                EXPECT_LE(samples[i].received_at - samples[i - 1].received_at, kind.max_interval);
            }
        }
    }
    const device_id id = put(category::weather_station);
    const auto samples = sample_readings(id, category::weather_station, 5, clock_.now());
    simulator under_test{devices_, clock_, 5, collector()};
    run(under_test, 1min);
    for (const reading& item : readings_) {
        if (item.device_id != id)
            continue;
        const auto pressure = [](const reading& sample) {
            return test::payload_view{sample.payload}.object("metrics").number("pressure_hpa");
        };
        EXPECT_NEAR(pressure(item), pressure(samples.back()), 0.5);
    }
}

TEST_F(simulator_test, stops_for_good_when_a_device_signs_in) {
    const device_id signed_in = put(category::ip_camera);
    const device_id kept = put(category::ip_camera);
    device real;
    real.id = uuid::random(random_);
    real.signed_in_at = clock_.now();
    devices_.put(real);
    simulator under_test{devices_, clock_, 1, collector()};
    under_test.add(real.id);
    EXPECT_EQ(under_test.size(), 2U);
    run(under_test, 1min);
    EXPECT_EQ(times().size(), 2U);
    readings_.clear();
    real.id = signed_in;
    devices_.put(real);
    run(under_test, 5min);
    EXPECT_EQ(times().size(), 1U);
    EXPECT_TRUE(times().contains(kept));
    EXPECT_EQ(under_test.size(), 1U);
    under_test.add(signed_in);
    EXPECT_EQ(under_test.size(), 1U);
}

} // namespace
} // namespace breakwater::simulator
