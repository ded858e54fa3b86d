#include "domain/category.hpp"

#include "base/json_text.hpp"
#include "base/time.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace breakwater {
namespace {

struct expected_category {
    std::string_view slug;
    int min_seconds;
    int max_seconds;
    std::vector<std::string_view> members; ///< of the sample payload
    std::vector<std::string_view> metrics;
};

const std::vector<expected_category> contract{
    {"weather_station",
     15,
     45,
     {"timestamp", "status", "metrics"},
     {"temperature_c", "humidity_pct", "wind_speed_ms", "pressure_hpa", "rainfall_mm", "uv_index"}},
    {"indoor_thermometer",
     30,
     90,
     {"timestamp", "status", "metrics"},
     {"temperature_c", "humidity_pct", "comfort_index"}},
    {"ip_camera",
     10,
     25,
     {"timestamp", "status", "snapshot_taken", "metrics"},
     {"bitrate_mbps", "latency_ms", "packet_loss_pct"}},
    {"air_quality", 45, 120, {"timestamp", "status", "metrics"}, {"pm2_5", "pm10", "co2_ppm", "voc_ppb"}},
    {"smart_lock", 60, 180, {"timestamp", "status", "battery_pct", "jam_detected", "last_action"}, {}},
};

std::vector<std::string_view> names(const json_document& document) {
    std::vector<std::string_view> out;
    for (const auto& member : document.members)
        out.push_back(member.key);
    return out;
}

TEST(category, matches_the_contract) {
    ASSERT_EQ(categories().size(), contract.size());
    for (std::size_t i = 0; i < contract.size(); ++i) {
        const category_info& entry = categories()[i];
        EXPECT_EQ(static_cast<std::size_t>(entry.id), i) << "the table is indexed by the number";
        EXPECT_EQ(entry.slug, contract[i].slug);
        EXPECT_EQ(entry.min_interval.count(), contract[i].min_seconds);
        EXPECT_EQ(entry.max_interval.count(), contract[i].max_seconds);
        EXPECT_FALSE(entry.name.empty());
        EXPECT_FALSE(entry.description.empty());
        EXPECT_GE(entry.default_name.size(), 3U);
        EXPECT_EQ(&info(entry.id), &entry);
        EXPECT_EQ(parse_category(entry.slug), entry.id);
    }
}

TEST(category, has_a_sample_payload_of_its_shape) {
    for (std::size_t i = 0; i < contract.size(); ++i) {
        const category_info& entry = categories()[i];
        const auto sample = read_json(entry.sample_payload);
        ASSERT_TRUE(sample) << sample.error().detail;
        EXPECT_EQ(sample->text, entry.sample_payload) << "compact";
        EXPECT_EQ(names(*sample), contract[i].members) << entry.slug;
        const auto* const time = sample->find("timestamp");
        ASSERT_NE(time, nullptr);
        EXPECT_TRUE(parse_rfc3339(unescape_json_string(sample->value(*time))));
        if (const auto* const metrics = sample->find("metrics")) {
            EXPECT_EQ(names(*read_json(sample->value(*metrics))), contract[i].metrics) << entry.slug;
        }
    }
}

TEST(category, is_found_only_by_its_exact_slug) {
    for (const std::string_view slug : {"", "Weather_Station", "weather_station ", "toaster"})
        EXPECT_FALSE(parse_category(slug)) << slug;
    EXPECT_EQ(known_category_slugs(),
              "weather_station, indoor_thermometer, ip_camera, air_quality, smart_lock");
}

} // namespace
} // namespace breakwater
