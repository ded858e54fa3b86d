#include "storage/blocks/rollup.hpp"

#include "base/time.hpp"
#include "storage/blocks/compression.hpp"
#include "storage/blocks/doubles.hpp"
#include "storage/blocks/latest_values.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <bit>
#include <limits>

namespace breakwater::storage::blocks {
namespace {

timestamp noon() {
    return *parse_rfc3339("2026-03-01T12:00:00Z");
}

std::vector<reading> every(std::chrono::seconds interval, int count, const std::string& payload) {
    std::vector<reading> out;
    for (int i = 0; i < count; ++i)
        out.push_back(
            {.id = i + 1, .device_id = {}, .received_at = noon() + i * interval, .payload = payload});
    return out;
}

const rollup_part& part_of(const std::vector<rollup_part>& parts, rollup_level level,
                           bool simulated = false) {
    return *std::ranges::find_if(
        parts, [&](const rollup_part& part) { return part.level == level && part.simulated == simulated; });
}

std::vector<rollup_part> rolled_up(const std::vector<reading>& readings) {
    const auto opened = block::open(encode(readings));
    std::vector<reading_id> ids;
    for (const reading& item : readings)
        ids.push_back(item.id);
    return roll_up({&*opened, 1}, ids).value();
}

TEST(doubles, round_trip_bit_by_bit) {
    EXPECT_TRUE(rc::check("any numbers", [](const std::vector<std::uint64_t>& bits) {
        std::vector<double> values;
        for (const std::uint64_t pattern : bits)
            values.push_back(std::bit_cast<double>(pattern));
        std::string bytes;
        put_doubles(bytes, values);
        byte_source source{bytes};
        const auto decoded = read_doubles(source, values.size());
        RC_ASSERT(decoded.size() == values.size());
        for (std::size_t i = 0; i < decoded.size(); ++i)
            RC_ASSERT(std::bit_cast<std::uint64_t>(decoded[i]) == bits[i]);
        RC_ASSERT(source.at_end() && !source.failed());
    }));
    const std::vector<double> examples{
        21.6, -0.05, 22, 0, -0.0, 1e300, std::numeric_limits<double>::denorm_min()};
    std::string bytes;
    put_doubles(bytes, examples);
    byte_source source{bytes};
    EXPECT_EQ(read_doubles(source, examples.size()), examples);
}

TEST(doubles, with_few_decimals_need_little_space) {
    std::vector<double> values;
    for (int i = 0; i < 100; ++i)
        values.push_back(20 + i % 7 * 0.1);
    std::string bytes;
    put_doubles(bytes, {values.data(), 1});
    for (double& value : values)
        value = std::round(value * 10) / 10;
    bytes.clear();
    put_doubles(bytes, values);
    EXPECT_LT(bytes.size(), 110U);
}

TEST(rollups, aggregate_numbers_by_minute_hour_and_day) {
    auto readings = every(std::chrono::seconds{5}, 2000, R"({"m":{"t":1.5},"on":true,"s":"x","n":null})");
    readings[1].payload = R"({"m":{"t":-4}})";
    readings[2].simulated = true;
    readings[3].device_timestamp = noon() - std::chrono::days{2};
    const auto parts = rolled_up(readings);
    const auto today = std::ranges::find_if(parts, [](const rollup_part& part) {
        return part.level == rollup_level::minute && !part.simulated && part.start == noon();
    });
    ASSERT_NE(today, parts.end());
    const aggregate& first = today->chunk.find("m.t")->begin()->second;
    EXPECT_EQ(first.count, 10) << "one of twelve is simulated, one was measured earlier";
    EXPECT_EQ(first.min, -4);
    EXPECT_EQ(first.max, 1.5);
    EXPECT_EQ(first.sum, 9.5);
    EXPECT_EQ(first.first_at, noon());
    EXPECT_EQ(first.last_at, noon() + std::chrono::seconds{55});
    std::int64_t count = 0;
    for (const rollup_part& part : parts)
        if (part.level == rollup_level::day && !part.simulated)
            for (const auto& [bucket, values] : *part.chunk.find("m.t"))
                count += values.count;
    EXPECT_EQ(count, 1999);
    EXPECT_EQ(part_of(parts, rollup_level::hour).chunk.find("on")->begin()->second.max, 1);
    EXPECT_EQ(part_of(parts, rollup_level::hour).chunk.find("s"), nullptr);
    EXPECT_EQ(part_of(parts, rollup_level::hour, true).chunk.find("m.t")->begin()->second.count, 1);
}

TEST(rollups, by_minute_exist_only_for_devices_that_report_often) {
    const auto frequent = rolled_up(every(std::chrono::seconds{5}, 100, R"({"t":1})"));
    const auto rare = rolled_up(every(std::chrono::seconds{30}, 100, R"({"t":1})"));
    EXPECT_FALSE(part_of(frequent, rollup_level::minute).sparse);
    EXPECT_TRUE(part_of(rare, rollup_level::minute).sparse);
    EXPECT_FALSE(part_of(rare, rollup_level::hour).sparse);
}

TEST(rollups, round_trip) {
    auto readings = every(std::chrono::seconds{5}, 2000, "");
    for (std::size_t i = 0; i < readings.size(); ++i)
        readings[i].payload = R"({"t":)" + std::to_string(static_cast<double>(i % 97) / 7) + R"(,"u":)" +
                              std::to_string(i % 3) + "." + std::to_string(i % 10) + "}";
    for (const rollup_part& part : rolled_up(readings)) {
        const auto decoded =
            rollup_chunk::read(part.chunk.write(part.level, part.start), part.level, part.start);
        ASSERT_TRUE(decoded) << decoded.error().detail;
        for (const char* field : {"t", "u"}) {
            const auto& original = *part.chunk.find(field);
            const auto& copy = *decoded->find(field);
            ASSERT_EQ(copy.size(), original.size());
            for (auto a = original.begin(), b = copy.begin(); a != original.end(); ++a, ++b) {
                EXPECT_EQ(a->first, b->first);
                EXPECT_EQ(a->second.count, b->second.count);
                EXPECT_EQ(a->second.min, b->second.min);
                EXPECT_EQ(a->second.last, b->second.last);
                EXPECT_EQ(a->second.first_at, b->second.first_at);
                EXPECT_EQ(a->second.last_at, b->second.last_at);
                EXPECT_NEAR(a->second.sum, b->second.sum, 1e-9);
            }
        }
    }
}

TEST(rollups, have_a_limited_number_of_fields) {
    std::vector<reading> readings;
    for (int i = 0; i < 600; ++i)
        readings.push_back({.id = i,
                            .device_id = {},
                            .received_at = noon(),
                            .payload = R"({"f)" + std::to_string(i) + R"(":1})"});
    const auto parts = rolled_up(readings);
    EXPECT_EQ(part_of(parts, rollup_level::hour).chunk.fields(), max_rolled_fields);
    EXPECT_FALSE(part_of(parts, rollup_level::hour).chunk.is_complete());
}

TEST(rollups, detect_damage) {
    const auto parts = rolled_up(every(std::chrono::seconds{5}, 100, R"({"t":1})"));
    const rollup_part& part = part_of(parts, rollup_level::hour);
    const std::string whole = part.chunk.write(part.level, part.start);
    for (std::size_t i = 0; i < whole.size(); ++i)
        EXPECT_FALSE(rollup_chunk::read(std::string_view{whole}.substr(0, i), part.level, part.start));
    std::string damaged = whole;
    damaged[whole.size() / 2] = static_cast<char>(damaged[whole.size() / 2] ^ 0x40);
    EXPECT_FALSE(rollup_chunk::read(damaged, part.level, part.start));
}

/// Nothing writes a field twice. Its buckets would not be ascending.
TEST(rollups, detect_a_field_that_is_stored_twice) {
    rollup_chunk chunk;
    const aggregate one{.count = 1, .min = 1, .max = 1, .sum = 1, .first_at = noon(), .last_at = noon()};
    chunk.add("t", 0, one);
    chunk.add("u", 0, one);
    const std::string bytes = chunk.write(rollup_level::day, noon());
    std::string content = decompressed(std::string_view{bytes}.substr(1), bytes.size() * 1000).value();
    content[content.find('u')] = 't';
    std::string repeated{bytes.front()};
    append_compressed(repeated, content);
    EXPECT_TRUE(rollup_chunk::read(bytes, rollup_level::day, noon()));
    EXPECT_FALSE(rollup_chunk::read(repeated, rollup_level::day, noon()));
}

/// A chunk is written again with each compaction that adds to it.
TEST(rollups, keep_their_sums_when_they_are_written_again) {
    for (const double sum :
         {0.1 + 0.2, 4'470'094'142.6652184, -4'449'506'096.8460674, 1e308, 123'456.000000999}) {
        rollup_chunk chunk;
        chunk.add("t", 0,
                  {.count = 2, .min = sum, .max = sum, .sum = sum, .first_at = noon(), .last_at = noon()});
        const std::string once = chunk.write(rollup_level::day, noon());
        const auto decoded = rollup_chunk::read(once, rollup_level::day, noon());
        ASSERT_TRUE(decoded) << decoded.error().detail;
        EXPECT_EQ(decoded->write(rollup_level::day, noon()), once) << sum;
    }
}

/// Version 1 had other rules for field names. Names that mean another field today are skipped; missing fields
/// are read from the blocks.
TEST(rollups, of_version_1_skip_obsolete_names_and_are_incomplete) {
    rollup_chunk chunk;
    for (const std::string_view name : {"a.b", "t", "a[0]", "x,y", "", "b\\", "c..d"})
        chunk.add(name, 0, {.count = 1, .min = 1, .max = 1, .sum = 1, .first_at = noon(), .last_at = noon()});
    std::string bytes = chunk.write(rollup_level::day, noon());
    bytes[0] = '\x01';
    const auto start = noon();
    const auto decoded = rollup_chunk::read(bytes, rollup_level::day, start);
    ASSERT_TRUE(decoded) << decoded.error().detail;
    EXPECT_EQ(decoded->fields(), 2U);
    EXPECT_TRUE(decoded->find("a.b") != nullptr && decoded->find("t") != nullptr);
    EXPECT_FALSE(decoded->is_complete());
    rollup_chunk later;
    const aggregate one{.count = 1, .min = 1, .max = 1, .sum = 1, .first_at = noon(), .last_at = noon()};
    later.add("t", 1, one);
    later.add("a[0]", 1, one);
    rollup_chunk merged = *decoded;
    merged.merge(later);
    EXPECT_EQ(merged.find("a[0]"), nullptr) << "earlier values are only in the blocks";
    EXPECT_EQ(merged.find("t")->size(), 2U);
    later.merge(*decoded);
    EXPECT_EQ(later.find("a[0]"), nullptr) << "the same in the other order";
    EXPECT_FALSE(later.is_complete());
    bytes[0] = '\x03';
    EXPECT_FALSE(rollup_chunk::read(bytes, rollup_level::day, start)) << "newer version";
}

TEST(latest_values, of_version_1_skip_obsolete_names) {
    latest_values values;
    payload_values reader;
    values.add({.device_id = {}, .received_at = noon(), .payload = R"({"t":1,"a":[2],"x,y":3})"}, reader,
               noon());
    std::string bytes = values.write();
    EXPECT_EQ(latest_values::read(bytes).value().fields(false).size(), 3U);
    bytes[0] = '\x01';
    EXPECT_EQ(latest_values::read(bytes).value().fields(false).size(), 1U);
}

} // namespace
} // namespace breakwater::storage::blocks
