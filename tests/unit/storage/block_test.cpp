#include "storage/blocks/block.hpp"

#include "base/time.hpp"
#include "domain/field_name.hpp"
#include "storage/blocks/compression.hpp"
#include "storage/blocks/integers.hpp"
#include "storage/blocks/payload_shape.hpp"
#include "storage/blocks/payload_values.hpp"
#include "storage/blocks/spelled_number.hpp"
#include "support/field_vectors.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <limits>

namespace breakwater::storage::blocks {
namespace {

timestamp at(std::int64_t micros) {
    return *parse_rfc3339("2026-03-01T00:00:00Z") + std::chrono::microseconds{micros};
}

std::vector<reading> readings_with(const std::vector<std::string>& payloads) {
    std::vector<reading> out;
    for (const std::string& payload : payloads) {
        const auto n = static_cast<std::int64_t>(out.size());
        out.push_back({.id = 100 + 7 * n,
                       .device_timestamp = n % 3 == 0 ? std::nullopt : std::optional{at(n * 999'983)},
                       .received_at = at(n * 1'000'000),
                       .payload = payload,
                       .simulated = n % 5 == 0});
    }
    return out;
}

/// Encodes and decodes the readings, and compares the result.
testing::AssertionResult round_trips(const std::vector<reading>& readings) {
    auto opened = block::open(encode(readings));
    if (!opened)
        return testing::AssertionFailure() << opened.error().detail;
    if (auto done = opened->read_payloads(); !done)
        return testing::AssertionFailure() << done.error().detail;
    if (opened->rows().size() != readings.size())
        return testing::AssertionFailure() << opened->rows().size() << " rows";
    for (std::size_t i = 0; i < readings.size(); ++i) {
        const reading decoded = opened->row(i, {});
        const reading& original = readings[i];
        if (decoded.payload != original.payload)
            return testing::AssertionFailure()
                   << "row " << i << ": " << decoded.payload << " for " << original.payload;
        if (decoded.id != original.id || decoded.received_at != original.received_at ||
            decoded.simulated != original.simulated || decoded.device_timestamp != original.device_timestamp)
            return testing::AssertionFailure() << "the head of row " << i;
    }
    return testing::AssertionSuccess();
}

TEST(block, preserves_every_spelling_of_a_value) {
    const std::array<std::vector<std::string>, 9> columns{{
        {"1", "2", "-3", "0", "9223372036854775807", "123456789012345678"},
        {"21.6", "21.65", "22.0", "22", "-0.5", "0.0", "0", "-0", "-0.0"},
        {"21.60", "21.65", "22.00", "1.5e3", "1E-7", "3.14159265358979312"},
        {"0.000000000000000001", "99999999999999999.9", "1", "-1.5"},
        {"\"2026-01-15T12:00:00Z\"", "\"2026-01-15T12:00:01Z\"", "\"2026-01-15T12:00:02.5Z\""},
        {"\"2026-01-15T12:00:00.250000+00:00\"", "\"2026-01-15T12:00:01+00:00\""},
        {"\"2026-01-15t12:00:00z\"", "\"2026-01-15T24:00:00Z\"", "\"2026-13-15T12:00:00Z\"", "\"\""},
        {"true", "false", "null", "\"a\\\"b\"", "\"\\u0000\"", "\"ü\"", "[]", "[1,2.50,[\"x\"]]", "{}"},
        {"\"2026-01-15T12:00:00.123Z\"", "\"2026-01-15T12:00:00.120Z\"", "\"0001-01-01T00:00:00.000Z\""},
    }};
    for (const auto& column : columns) {
        std::vector<std::string> payloads;
        for (int round = 0; round < 4; ++round)
            for (const std::string& value : column)
                payloads.push_back(R"({"a":)" + value + R"(,"b":{"a":)" + value + "}}");
        EXPECT_TRUE(round_trips(readings_with(payloads)));
    }
}

TEST(block, preserves_text_that_is_not_json) {
    EXPECT_TRUE(round_trips(
        readings_with({"", "{", "\"", "{\"a\"", "\x01",
                       R"({"a)"
                       "\x01"
                       R"(":1})",
                       "}{", "a b", "{\"a\":\x01}", R"({"a":"\)", std::string(3, '\0'), "null"})));
}

TEST(block, stores_any_number_of_shapes) {
    std::vector<std::string> payloads;
    for (int i = 0; i < 300; ++i)
        payloads.push_back(R"({"field)" + std::to_string(i) + R"(":)" + std::to_string(i) + "}");
    EXPECT_TRUE(round_trips(readings_with(payloads)));
    std::string wide = "[0";
    for (int i = 1; i < 3000; ++i)
        wide += "," + std::to_string(i);
    EXPECT_TRUE(round_trips(readings_with({wide + "]", "{}", wide + "]"})));
}

TEST(block, preserves_extreme_times_and_ids) {
    auto readings = readings_with(std::vector<std::string>(4, "{}"));
    readings[0].id = std::numeric_limits<reading_id>::max();
    readings[1].id = std::numeric_limits<reading_id>::min();
    readings[0].device_timestamp = *parse_rfc3339("0001-01-01T00:00:00Z");
    readings[1].device_timestamp = *parse_rfc3339("9999-12-31T23:59:59.999999Z");
    readings[2].device_timestamp = *parse_rfc3339("1969-12-31T23:59:58Z");
    EXPECT_TRUE(round_trips(readings));
}

TEST(block, encoded_without_ids_equals_one_encoded_with_them) {
    auto readings = readings_with({R"({"t":21.5})", R"({"t":21.6})", R"({"s":"a"})"});
    const unnumbered_block block_without_ids{readings};
    for (std::size_t i = 0; i < readings.size(); ++i)
        readings[i].id = 70'000 + static_cast<reading_id>(i);
    EXPECT_EQ(block_without_ids.numbered(70'000), encode(readings));
    EXPECT_TRUE(round_trips(readings));
}

TEST(block, reads_version_1) {
    auto readings = readings_with({R"({"t":21.5})", R"({"t":21.6})"});
    readings[0].id = 0; // then both versions store the same ids
    std::string bytes = encode(readings);
    ASSERT_EQ(bytes.substr(0, 2), std::string("\x02\0", 2));
    bytes.replace(0, 2, "\x01");
    const auto opened = block::open(bytes);
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->rows()[0].id, 0);
    EXPECT_EQ(opened->rows()[1].id, readings[1].id);
}

TEST(block, preserves_any_payload) {
    const auto scalar = rc::gen::oneOf(
        rc::gen::map(rc::gen::arbitrary<std::int64_t>(), [](std::int64_t n) { return std::to_string(n); }),
        rc::gen::map(rc::gen::pair(rc::gen::inRange(-5000, 5000), rc::gen::inRange(0U, 6U)),
                     [](std::pair<int, unsigned> n) {
                         std::string out;
                         append_number(out, {n.first, n.second});
                         return out;
                     }),
        rc::gen::map(rc::gen::string<std::string>(),
                     [](const std::string& text) { return "\"" + text + "\""; }),
        rc::gen::element<std::string>("true", "null", "[1,2]", "\"2026-01-15T12:00:00Z\"", "1e5"));
    const auto payload = rc::gen::oneOf(rc::gen::map(rc::gen::pair(scalar, scalar),
                                                     [](const std::pair<std::string, std::string>& values) {
                                                         return R"({"x":)" + values.first + R"(,"y":{"z":)" +
                                                                values.second + "}}";
                                                     }),
                                        rc::gen::string<std::string>());
    EXPECT_TRUE(rc::check("every payload comes back byte for byte", [&] {
        const auto payloads = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(payload));
        const auto outcome = round_trips(readings_with(payloads));
        if (!outcome)
            RC_FAIL(std::string{outcome.message()});
    }));
}

TEST(block, reads_single_fields) {
    const auto opened =
        block::open(encode(readings_with({R"({"t":21.5,"m":{"t":-3,"on":true}})",
                                          R"({"m":{"t":1e3,"on":false}})", R"({"t":"warm","m":null})"})));
    ASSERT_TRUE(opened);
    using values = std::vector<std::optional<double>>;
    EXPECT_EQ(opened->numbers("t").value(), (values{21.5, std::nullopt, std::nullopt}));
    EXPECT_EQ(opened->numbers("m.t").value(), (values{-3.0, 1000.0, std::nullopt}));
    EXPECT_EQ(opened->numbers("m.on").value(), (values{1.0, 0.0, std::nullopt}));
    EXPECT_EQ(opened->numbers("nothing").value(), values(3));
}

TEST(block, detects_damage_at_every_byte) {
    const auto readings = readings_with({R"({"t":21.5})", R"({"t":21.6})", R"({"t":22.25})"});
    const std::string whole = encode(readings);
    for (std::size_t i = 0; i < whole.size(); ++i) {
        for (const char flip : {'\x01', '\x80', '\xff'}) {
            std::string damaged = whole;
            damaged[i] = static_cast<char>(damaged[i] ^ flip);
            const auto opened = block::open(damaged);
            // Decoders ignore one bit of the frame header. Damage of any other bit is detected.
            if (opened) {
                EXPECT_TRUE(round_trips(readings));
                EXPECT_EQ(opened->rows().size(), readings.size());
            }
        }
        EXPECT_FALSE(block::open(std::string_view{whole}.substr(0, i))) << i;
    }
    EXPECT_FALSE(block::open(whole + "x"));
}

TEST(block, survives_any_content) {
    const std::string whole =
        encode(readings_with({R"({"t":21.5,"s":"a"})", R"({"t":21.6,"s":"b"})", R"({"t":22.25})"}));
    // One byte for the version, one for the first id.
    const std::string content = decompressed(std::string_view{whole}.substr(2), max_content).value();
    const auto open_content = [](std::string_view bytes) {
        std::string encoded{"\x02\x64"};
        append_compressed(encoded, bytes);
        if (auto opened = block::open(encoded); opened && opened->read_payloads()) {
            std::string out;
            for (std::size_t row = 0; row < opened->rows().size(); ++row)
                opened->append_payload(out, row);
            (void)opened->numbers("t");
        }
    };
    for (std::size_t i = 0; i < content.size(); ++i) {
        open_content(std::string_view{content}.substr(0, i));
        for (int value = 0; value < 256; ++value) {
            std::string modified = content;
            modified[i] = static_cast<char>(value);
            open_content(modified);
        }
    }
}

TEST(integers, round_trip_in_every_form) {
    EXPECT_TRUE(rc::check("any numbers", [](const std::vector<std::int64_t>& values) {
        std::string bytes;
        put_integers(bytes, values);
        byte_source from{bytes};
        RC_ASSERT(read_integers(from, values.size()) == values);
        RC_ASSERT(!from.failed() && from.at_end());
    }));
    constexpr auto low = std::numeric_limits<std::int64_t>::min();
    constexpr auto high = std::numeric_limits<std::int64_t>::max();
    const std::vector<std::int64_t> extremes{low, high, low, 0, high, -1, low};
    std::string bytes;
    put_integers(bytes, extremes);
    byte_source from{bytes};
    EXPECT_EQ(read_integers(from, extremes.size()), extremes);
}

TEST(integers, with_even_steps_need_almost_no_space) {
    std::vector<std::int64_t> values;
    for (std::int64_t i = 0; i < 1000; ++i)
        values.push_back(1'700'000'000'000'000 + i * 30'000'000);
    EXPECT_LT(estimated_bits(values), 200U);
}

TEST(slot_names, name_every_slot) {
    std::string shape;
    std::vector<std::string_view> values;
    ASSERT_TRUE(split_payload(R"({"a":1,"b":{"c":[2,{"d":3}],"e":"x"},"f":{},"g":null})", shape, values));
    EXPECT_EQ(values, (std::vector<std::string_view>{"1", "2", "3", "\"x\"", "null"}));
    EXPECT_EQ(slot_names(shape), (std::vector<std::string>{"a", "b.c[0]", "b.c[1].d", "b.e", "g"}));
}

/// `telemetry::for_each_field` names fields of an incoming payload; both use the same test vectors.
TEST(slot_names, match_the_shared_test_vectors) {
    const auto vectors = test::field_vectors();
    payload_values reader;
    for (const auto& vector : vectors.at("payloads").as_array()) {
        const std::string payload = boost::json::serialize(vector.at("payload"));
        std::vector<std::string> fields;
        reader.for_each(payload, [&](const std::string& name, std::string_view value) {
            fields.push_back(name + " " + std::string{value});
        });
        std::vector<std::string> expected;
        for (const auto& field : vector.at("fields").as_array())
            expected.push_back(std::string{field.at(0).as_string()} + " " +
                               boost::json::serialize(field.at(1)));
        EXPECT_EQ(fields, expected);
        const auto opened = block::open(encode(readings_with({payload})));
        for (const auto& field : vector.at("fields").as_array()) {
            if (!field.at(1).is_number())
                continue;
            const auto numbers = opened->numbers(field.at(0).as_string()).value();
            EXPECT_EQ(numbers.front(), field.at(1).to_number<double>()) << field;
        }
    }
}

TEST(slot_names, of_a_long_array_cover_only_its_first_values) {
    std::string payload = R"({"w":[0)";
    for (int n = 1; n < 900; ++n)
        payload += "," + std::to_string(n);
    const auto opened = block::open(encode(readings_with({payload + R"(],"t":21.5})"})));
    const auto names = opened->numbers_by_field(1000).value();
    EXPECT_EQ(names.size(), max_array_values + 1);
    EXPECT_EQ(opened->numbers("t").value().front(), 21.5) << "other fields are not affected";
    EXPECT_EQ(opened->numbers("w[63]").value().front(), 63.0);
    EXPECT_FALSE(opened->numbers("w[64]").value().front());
}

TEST(block_numbers, by_field_equal_those_of_single_fields) {
    std::vector<std::string> payloads;
    for (int n = 0; n < 400; ++n) // more shapes than the limit: some payloads are stored whole
        payloads.push_back(R"({"t":)" + std::to_string(n) + R"(,"own)" + std::to_string(n % 300) +
                           R"(":true,"text":"x","t":7})");
    const auto opened = block::open(encode(readings_with(payloads)));
    const auto all = opened->numbers_by_field(1000).value();
    EXPECT_GE(all.size(), 301U);
    for (const block::field_numbers& field : all) {
        std::vector<std::optional<double>> numbers(payloads.size());
        for (const auto& [row, value] : field.numbers) {
            EXPECT_FALSE(numbers[row]) << field.name;
            numbers[row] = value;
        }
        EXPECT_EQ(numbers, opened->numbers(field.name).value()) << field.name;
    }
    EXPECT_EQ(opened->numbers_by_field(5).value().size(), 5U);
}

} // namespace
} // namespace breakwater::storage::blocks
