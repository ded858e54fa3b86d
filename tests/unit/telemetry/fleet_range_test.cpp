#include "telemetry/fleet_range.hpp"

#include "base/time.hpp"
#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

namespace breakwater::telemetry {
namespace {

class fleet_range_test : public testing::Test {
protected:
    /// Device n has n readings, two to a page.
    result<page_source> range(std::optional<export_position> from = {}) {
        return fleet_range(
            devices, {}, from,
            [this](const storage::reading_filter& filter,
                   std::optional<storage::reading_position> after) -> result<std::vector<reading>> {
                const auto index = std::ranges::find(devices, filter.device_id) - devices.begin();
                std::vector<reading> page;
                for (reading_id n = after ? after->id + 1 : 1; n <= index && page.size() < 2; ++n)
                    page.push_back({.id = n, .device_id = filter.device_id});
                return page;
            });
    }

    std::vector<std::pair<std::ptrdiff_t, reading_id>> all(const page_source& source) {
        std::vector<std::pair<std::ptrdiff_t, reading_id>> out;
        reading_range range_reader{source};
        for (auto row = range_reader.next(); row && *row != nullptr; row = range_reader.next())
            out.emplace_back(std::ranges::find(devices, (*row)->device_id) - devices.begin(), (*row)->id);
        return out;
    }

    test::seeded_random random;
    std::vector<device_id> devices{uuid::random(random), uuid::random(random), uuid::random(random),
                                   uuid::random(random)};
    using rows = std::vector<std::pair<std::ptrdiff_t, reading_id>>;
};

TEST_F(fleet_range_test, reads_device_after_device_and_restarts) {
    const auto source = range();
    ASSERT_TRUE(source);
    const rows whole{{1, 1}, {2, 1}, {2, 2}, {3, 1}, {3, 2}, {3, 3}};
    EXPECT_EQ(all(*source), whole);
    EXPECT_EQ(all(*source), whole);
}

TEST_F(fleet_range_test, resumes_after_a_reading) {
    const auto source = range(export_position{devices[2], {timestamp{}, 1}});
    ASSERT_TRUE(source);
    const rows rest{{2, 2}, {3, 1}, {3, 2}, {3, 3}};
    EXPECT_EQ(all(*source), rest);
    EXPECT_EQ(all(*source), rest) << "the second pass of a CSV export";
    EXPECT_FALSE(range(export_position{uuid::random(random), {timestamp{}, 1}}));
}

TEST_F(fleet_range_test, parses_a_position) {
    const auto position =
        parse_export_position("0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11/2026-01-15T12:00:00.25Z/4711");
    ASSERT_TRUE(position);
    EXPECT_EQ(position->device.to_string(), "0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11");
    EXPECT_EQ(position->reading.received_at, *parse_rfc3339("2026-01-15T12:00:00.25Z"));
    EXPECT_EQ(position->reading.id, 4711);
    for (const char* malformed :
         {"", "/", "//", "a/b/c", "0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11/2026-01-15T12:00:00Z",
          "0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11/2026-01-15T12:00:00Z/x"})
        EXPECT_FALSE(parse_export_position(malformed)) << malformed;
}

} // namespace
} // namespace breakwater::telemetry
