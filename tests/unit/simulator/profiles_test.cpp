#include "simulator/profiles.hpp"

#include "base/time.hpp"
#include "unit/simulator/payload_view.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace breakwater::simulator {
namespace {

using test::payload_view;
using namespace std::chrono_literals;

constexpr timestamp new_year{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};

struct range {
    double lowest;
    double highest;
    double nearest; ///< the most by which two readings a minimum interval apart may differ
};

const std::map<category, std::map<std::string, range>>& metrics() {
    static const std::map<category, std::map<std::string, range>> known{
        {category::weather_station,
         {{"temperature_c", {-20, 42, 0.5}},
          {"humidity_pct", {0, 100, 2}},
          {"wind_speed_ms", {0, 20, 1}},
          {"pressure_hpa", {950, 1060, 0.3}},
          {"rainfall_mm", {0, 10, 0.5}},
          {"uv_index", {0, 11, 0.3}}}},
        {category::indoor_thermometer,
         {{"temperature_c", {14, 30, 0.4}}, {"humidity_pct", {15, 80, 1}}, {"comfort_index", {0, 100, 3}}}},
        {category::ip_camera,
         {{"bitrate_mbps", {0.5, 12, 2}}, {"latency_ms", {1, 200, 2}}, {"packet_loss_pct", {0, 5, 0.3}}}},
        {category::air_quality,
         {{"pm2_5", {0, 100, 2}},
          {"pm10", {0, 200, 3}},
          {"co2_ppm", {380, 1500, 25}},
          {"voc_ppb", {0, 700, 15}}}},
    };
    return known;
}

/// Three devices of each category, over a year, at all hours.
template <class Check>
void over_a_year(category kind, Check check) {
    for (const std::uint64_t seed : {1U, 77U, 4'000'000'001U})
        for (timestamp at = new_year; at < new_year + 365 * 24h; at += 97min + 13s)
            check(seed, at, simulated_payload(kind, seed, at));
}

std::vector<std::string> keys_without_marks(const payload_view& payload) {
    std::vector<std::string> keys = payload.keys();
    std::erase(keys, "category");
    std::erase(keys, "__simulated__");
    return keys;
}

class profiles : public testing::TestWithParam<category> {};
class metered_profiles : public profiles {};

TEST_P(profiles, have_the_shape_of_the_contract) {
    const payload_view sample{info(GetParam()).sample_payload};
    for (int seed = 0; seed < 50; ++seed) {
        const timestamp at = new_year + seed * 11h;
        const payload_view made{simulated_payload(GetParam(), static_cast<std::uint64_t>(seed), at)};
        EXPECT_EQ(made.text("category"), info(GetParam()).slug);
        EXPECT_EQ(made.raw("__simulated__"), "true");
        EXPECT_EQ(keys_without_marks(made), sample.keys());
        if (sample.has("metrics")) {
            EXPECT_EQ(made.object("metrics").keys(), sample.object("metrics").keys());
        }
    }
}

TEST_P(profiles, are_compact_json_that_says_its_own_time) {
    over_a_year(GetParam(), [](std::uint64_t, timestamp at, const std::string& text) {
        const payload_view made{text};
        EXPECT_EQ(made.document(), text) << "white space";
        EXPECT_LT(text.size(), 512U);
        EXPECT_EQ(parse_rfc3339(made.text("timestamp")), std::chrono::floor<std::chrono::seconds>(at));
    });
}

TEST_P(profiles, say_the_same_at_the_same_time_and_each_device_its_own) {
    const timestamp noon = new_year + 100 * 24h + 12h;
    EXPECT_EQ(simulated_payload(GetParam(), 5, noon), simulated_payload(GetParam(), 5, noon));
    std::set<std::string> different;
    for (std::uint64_t seed = 0; seed < 20; ++seed)
        different.insert(simulated_payload(GetParam(), seed, noon));
    EXPECT_GT(different.size(), 15U);
}

TEST_P(metered_profiles, stay_within_their_bounds_over_a_year) {
    over_a_year(GetParam(), [&](std::uint64_t seed, timestamp at, const std::string& text) {
        const payload_view values = payload_view{text}.object("metrics");
        for (const auto& [name, bounds] : metrics().at(GetParam())) {
            EXPECT_GE(values.number(name), bounds.lowest) << name << ' ' << seed << ' ' << format_rfc3339(at);
            EXPECT_LE(values.number(name), bounds.highest)
                << name << ' ' << seed << ' ' << format_rfc3339(at);
            EXPECT_FALSE(values.raw(name).starts_with("-0.0")) << name;
        }
    });
}

TEST_P(metered_profiles, neighbours_are_near_each_other_and_the_day_is_not_flat) {
    const auto step = info(GetParam()).min_interval;
    for (const auto& [name, bounds] : metrics().at(GetParam())) {
        double lowest = INFINITY;
        double highest = -INFINITY;
        // Saturday to Tuesday in June: both kinds of midnight, between weekend and week.
        timestamp at = new_year + 156 * 24h;
        double before = payload_view{simulated_payload(GetParam(), 9, at)}.object("metrics").number(name);
        for (const timestamp end = at + 72h; at < end;) {
            at += step;
            const double value =
                payload_view{simulated_payload(GetParam(), 9, at)}.object("metrics").number(name);
            ASSERT_LE(std::abs(value - before), bounds.nearest) << name << ' ' << format_rfc3339(at);
            lowest = std::min(lowest, value);
            highest = std::max(highest, value);
            before = value;
        }
        if (name != "rainfall_mm") { // it may stay dry
            EXPECT_GT(highest - lowest, 0.2) << name;
        }
    }
}

std::string slug_of(const testing::TestParamInfo<category>& of) {
    return std::string{info(of.param).slug};
}

INSTANTIATE_TEST_SUITE_P(all, profiles,
                         testing::Values(category::weather_station, category::indoor_thermometer,
                                         category::ip_camera, category::air_quality, category::smart_lock),
                         slug_of);
INSTANTIATE_TEST_SUITE_P(all, metered_profiles,
                         testing::Values(category::weather_station, category::indoor_thermometer,
                                         category::ip_camera, category::air_quality),
                         slug_of);

/// The mean of a metric at an hour of the day, over a year's days and several devices.
double mean_at(category kind, const std::string& metric, std::chrono::minutes of_day) {
    double sum = 0;
    int count = 0;
    for (std::uint64_t seed = 0; seed < 4; ++seed)
        for (int day = 0; day < 364; day += 7) {
            const timestamp at = new_year + day * 24h + of_day; // a Thursday
            sum += payload_view{simulated_payload(kind, seed, at)}.object("metrics").number(metric);
            ++count;
        }
    return sum / count;
}

TEST(daily_curves, follow_sun_and_people) {
    EXPECT_EQ(mean_at(category::weather_station, "uv_index", 0h), 0);
    EXPECT_GT(mean_at(category::weather_station, "uv_index", 12h), 1);
    EXPECT_GT(mean_at(category::weather_station, "temperature_c", 15h),
              mean_at(category::weather_station, "temperature_c", 4h) + 3);
    // The air's warmth lags behind the sun.
    EXPECT_GT(mean_at(category::weather_station, "temperature_c", 15h),
              mean_at(category::weather_station, "temperature_c", 11h));
    EXPECT_GT(mean_at(category::weather_station, "humidity_pct", 4h),
              mean_at(category::weather_station, "humidity_pct", 15h));
    EXPECT_GT(mean_at(category::air_quality, "pm2_5", 8h), 2 * mean_at(category::air_quality, "pm2_5", 2h));
    EXPECT_GT(mean_at(category::air_quality, "co2_ppm", 13h),
              mean_at(category::air_quality, "co2_ppm", 3h) + 100);
    EXPECT_GT(mean_at(category::indoor_thermometer, "temperature_c", 19h),
              mean_at(category::indoor_thermometer, "temperature_c", 3h) + 0.5);
}

TEST(ip_camera, sleeps_at_night_and_takes_snapshots_only_of_what_moves) {
    std::map<bool, int> motions{{true, 0}, {false, 0}};
    int snapshots = 0;
    for (timestamp at = new_year; at < new_year + 60 * 24h; at += 61s) {
        const payload_view made{simulated_payload(category::ip_camera, 3, at)};
        const std::string status = made.text("status");
        ASSERT_TRUE(status == "idle" || status == "motion_detected") << status;
        const auto hour =
            std::chrono::floor<std::chrono::hours>(at - std::chrono::floor<std::chrono::days>(at));
        if (hour < 5h && status == "motion_detected")
            ++motions[false];
        if (hour >= 9h && hour < 14h && status == "motion_detected")
            ++motions[true];
        if (made.raw("snapshot_taken") == "true") {
            ++snapshots;
            ASSERT_EQ(status, "motion_detected");
        }
    }
    EXPECT_GT(motions[true], 500);
    EXPECT_LT(motions[false], motions[true] / 20);
    EXPECT_GT(snapshots, 100);
}

TEST(air_quality, says_how_bad_it_is_by_the_values) {
    std::map<std::string, int> seen;
    over_a_year(category::air_quality, [&](std::uint64_t, timestamp, const std::string& text) {
        const payload_view made{text};
        const payload_view values = made.object("metrics");
        const double pm = values.number("pm2_5");
        const double co2 = values.number("co2_ppm");
        const double voc = values.number("voc_ppb");
        const std::string expected = pm > 35.4 || co2 > 1500 || voc > 660 ? "unhealthy"
                                     : pm > 12 || co2 > 1000 || voc > 220 ? "moderate"
                                                                          : "good";
        EXPECT_EQ(made.text("status"), expected) << text;
        ++seen[made.text("status")];
    });
    EXPECT_GT(seen["good"], seen["moderate"]);
    EXPECT_GT(seen["moderate"], seen["unhealthy"]);
    EXPECT_GT(seen["unhealthy"], 0);
}

TEST(smart_lock, changes_only_when_somebody_acts) {
    int openings = 0;
    int without_action = 0;
    int jams = 0;
    for (const std::uint64_t seed : {2U, 3U, 4U}) {
        std::string status = "locked";
        std::string action;
        double charge = -1;
        for (timestamp at = new_year; at < new_year + 120 * 24h; at += 1min) {
            const payload_view made{simulated_payload(category::smart_lock, seed, at)};
            const std::string now = made.text("status");
            const double left = made.number("battery_pct");
            ASSERT_TRUE(now == "locked" || now == "unlocked") << now;
            ASSERT_GE(left, 5);
            ASSERT_LE(left, 100);
            if (charge >= 0 && left > charge) {
                EXPECT_GT(left, 99) << "a battery grows full only by being changed";
            }
            charge = left;
            if (made.raw("jam_detected") == "true") {
                ++jams;
                ASSERT_EQ(now, "unlocked");
            }
            if (made.raw("last_action") == "null") {
                ++without_action;
                ASSERT_EQ(now, "locked");
                action.clear();
                status = now;
                continue;
            }
            const payload_view last = made.object("last_action");
            EXPECT_EQ(last.keys(), (std::vector<std::string>{"method", "timestamp", "user"}));
            const auto when = parse_rfc3339(last.text("timestamp"));
            ASSERT_TRUE(when);
            EXPECT_LE(*when, at);
            EXPECT_GE(*when, at - 24h - 1min);
            const bool acted = made.raw("last_action") != action;
            if (at != new_year && now != status) {
                ASSERT_TRUE(acted) << made.document();
                EXPECT_GE(*when, at - 1min);
                const auto hour =
                    std::chrono::floor<std::chrono::hours>(at - std::chrono::floor<std::chrono::days>(at));
                EXPECT_GE(hour, 6h);
                EXPECT_LT(hour, 23h);
                openings += now == "unlocked";
            }
            status = now;
            action = made.raw("last_action");
        }
    }
    EXPECT_GT(openings, 3 * 120);
    EXPECT_LT(openings, 3 * 120 * 4);
    EXPECT_GT(without_action, 0);
    EXPECT_GT(jams, 0);
}

} // namespace
} // namespace breakwater::simulator
