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
    double max_step; ///< largest difference between two readings that are a minimum interval apart
};

const std::map<category, std::map<std::string, range>>& metrics() {
    static const std::map<category, std::map<std::string, range>> ranges{
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
    return ranges;
}

/// Checks three devices of the category over a year, at all hours.
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
        const payload_view payload{simulated_payload(GetParam(), static_cast<std::uint64_t>(seed), at)};
        EXPECT_EQ(payload.text("category"), info(GetParam()).slug);
        EXPECT_EQ(payload.raw("__simulated__"), "true");
        EXPECT_EQ(keys_without_marks(payload), sample.keys());
        if (sample.has("metrics")) {
            EXPECT_EQ(payload.object("metrics").keys(), sample.object("metrics").keys());
        }
    }
}

TEST_P(profiles, are_compact_json_with_their_own_time) {
    over_a_year(GetParam(), [](std::uint64_t, timestamp at, const std::string& text) {
        const payload_view payload{text};
        EXPECT_EQ(payload.document(), text) << "white space";
        EXPECT_LT(text.size(), 512U);
        EXPECT_EQ(parse_rfc3339(payload.text("timestamp")), std::chrono::floor<std::chrono::seconds>(at));
    });
}

TEST_P(profiles, depend_only_on_the_time_and_the_device) {
    const timestamp noon = new_year + 100 * 24h + 12h;
    EXPECT_EQ(simulated_payload(GetParam(), 5, noon), simulated_payload(GetParam(), 5, noon));
    std::set<std::string> payloads;
    for (std::uint64_t seed = 0; seed < 20; ++seed)
        payloads.insert(simulated_payload(GetParam(), seed, noon));
    EXPECT_GT(payloads.size(), 15U);
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

TEST_P(metered_profiles, change_in_small_steps_and_vary_over_the_day) {
    const auto step = info(GetParam()).min_interval;
    for (const auto& [name, bounds] : metrics().at(GetParam())) {
        double lowest = INFINITY;
        double highest = -INFINITY;
        // Saturday to Tuesday in June: includes midnights within the weekend and after it.
        timestamp at = new_year + 156 * 24h;
        double before = payload_view{simulated_payload(GetParam(), 9, at)}.object("metrics").number(name);
        for (const timestamp end = at + 72h; at < end;) {
            at += step;
            const double value =
                payload_view{simulated_payload(GetParam(), 9, at)}.object("metrics").number(name);
            ASSERT_LE(std::abs(value - before), bounds.max_step) << name << ' ' << format_rfc3339(at);
            lowest = std::min(lowest, value);
            highest = std::max(highest, value);
            before = value;
        }
        if (name != "rainfall_mm") { // there may be no rain
            EXPECT_GT(highest - lowest, 0.2) << name;
        }
    }
}

std::string slug_of(const testing::TestParamInfo<category>& parameter) {
    return std::string{info(parameter.param).slug};
}

INSTANTIATE_TEST_SUITE_P(all, profiles,
                         testing::Values(category::weather_station, category::indoor_thermometer,
                                         category::ip_camera, category::air_quality, category::smart_lock),
                         slug_of);
INSTANTIATE_TEST_SUITE_P(all, metered_profiles,
                         testing::Values(category::weather_station, category::indoor_thermometer,
                                         category::ip_camera, category::air_quality),
                         slug_of);

/// The mean of a metric at a time of day, over the Thursdays of a year and several devices.
double mean_at(category kind, const std::string& metric, std::chrono::minutes time_of_day) {
    double sum = 0;
    int count = 0;
    for (std::uint64_t seed = 0; seed < 4; ++seed)
        for (int day = 0; day < 364; day += 7) {
            const timestamp at = new_year + day * 24h + time_of_day;
            sum += payload_view{simulated_payload(kind, seed, at)}.object("metrics").number(metric);
            ++count;
        }
    return sum / count;
}

TEST(daily_curves, follow_the_sun_and_the_residents) {
    EXPECT_EQ(mean_at(category::weather_station, "uv_index", 0h), 0);
    EXPECT_GT(mean_at(category::weather_station, "uv_index", 12h), 1);
    EXPECT_GT(mean_at(category::weather_station, "temperature_c", 15h),
              mean_at(category::weather_station, "temperature_c", 4h) + 3);
    // The temperature lags behind the sun.
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

TEST(ip_camera, is_idle_at_night_and_takes_snapshots_only_on_motion) {
    std::map<bool, int> motions{{true, 0}, {false, 0}};
    int snapshots = 0;
    for (timestamp at = new_year; at < new_year + 60 * 24h; at += 61s) {
        const payload_view payload{simulated_payload(category::ip_camera, 3, at)};
        const std::string status = payload.text("status");
        ASSERT_TRUE(status == "idle" || status == "motion_detected") << status;
        const auto hour =
            std::chrono::floor<std::chrono::hours>(at - std::chrono::floor<std::chrono::days>(at));
        if (hour < 5h && status == "motion_detected")
            ++motions[false];
        if (hour >= 9h && hour < 14h && status == "motion_detected")
            ++motions[true];
        if (payload.raw("snapshot_taken") == "true") {
            ++snapshots;
            ASSERT_EQ(status, "motion_detected");
        }
    }
    EXPECT_GT(motions[true], 500);
    EXPECT_LT(motions[false], motions[true] / 20);
    EXPECT_GT(snapshots, 100);
}

TEST(air_quality, status_follows_the_values) {
    std::map<std::string, int> counts;
    over_a_year(category::air_quality, [&](std::uint64_t, timestamp, const std::string& text) {
        const payload_view payload{text};
        const payload_view values = payload.object("metrics");
        const double pm = values.number("pm2_5");
        const double co2 = values.number("co2_ppm");
        const double voc = values.number("voc_ppb");
        const std::string expected = pm > 35.4 || co2 > 1500 || voc > 660 ? "unhealthy"
                                     : pm > 12 || co2 > 1000 || voc > 220 ? "moderate"
                                                                          : "good";
        EXPECT_EQ(payload.text("status"), expected) << text;
        ++counts[payload.text("status")];
    });
    EXPECT_GT(counts["good"], counts["moderate"]);
    EXPECT_GT(counts["moderate"], counts["unhealthy"]);
    EXPECT_GT(counts["unhealthy"], 0);
}

TEST(smart_lock, changes_only_by_an_action) {
    int openings = 0;
    int without_action = 0;
    int jams = 0;
    for (const std::uint64_t seed : {2U, 3U, 4U}) {
        std::string status = "locked";
        std::string action;
        double charge = -1;
        for (timestamp at = new_year; at < new_year + 120 * 24h; at += 1min) {
            const payload_view payload{simulated_payload(category::smart_lock, seed, at)};
            const std::string now = payload.text("status");
            const double battery = payload.number("battery_pct");
            ASSERT_TRUE(now == "locked" || now == "unlocked") << now;
            ASSERT_GE(battery, 5);
            ASSERT_LE(battery, 100);
            if (charge >= 0 && battery > charge) {
                EXPECT_GT(battery, 99) << "the charge rises only when the battery is replaced";
            }
            charge = battery;
            if (payload.raw("jam_detected") == "true") {
                ++jams;
                ASSERT_EQ(now, "unlocked");
            }
            if (payload.raw("last_action") == "null") {
                ++without_action;
                ASSERT_EQ(now, "locked");
                action.clear();
                status = now;
                continue;
            }
            const payload_view last = payload.object("last_action");
            EXPECT_EQ(last.keys(), (std::vector<std::string>{"method", "timestamp", "user"}));
            const auto action_time = parse_rfc3339(last.text("timestamp"));
            ASSERT_TRUE(action_time);
            EXPECT_LE(*action_time, at);
            EXPECT_GE(*action_time, at - 24h - 1min);
            const bool has_new_action = payload.raw("last_action") != action;
            if (at != new_year && now != status) {
                ASSERT_TRUE(has_new_action) << payload.document();
                EXPECT_GE(*action_time, at - 1min);
                const auto hour =
                    std::chrono::floor<std::chrono::hours>(at - std::chrono::floor<std::chrono::days>(at));
                EXPECT_GE(hour, 6h);
                EXPECT_LT(hour, 23h);
                openings += now == "unlocked";
            }
            status = now;
            action = payload.raw("last_action");
        }
    }
    EXPECT_GT(openings, 3 * 120);
    EXPECT_LT(openings, 3 * 120 * 4);
    EXPECT_GT(without_action, 0);
    EXPECT_GT(jams, 0);
}

} // namespace
} // namespace breakwater::simulator
