#include "api/handler_support.hpp"
#include "unit/wire/complaints.hpp"
#include "wire/admin_dto.hpp"
#include "wire/device_dto.hpp"
#include "wire/reading_dto.hpp"

#include <chrono>
#include <gtest/gtest.h>

namespace breakwater::api {
namespace {

using testing::complaints;
using testing::lines;
using testing::repeat;
using wire::schema::parse_path;

TEST(query_parsing, keeps_the_defaults_for_absent_parameters) {
    const auto readings = parse_query<wire::reading_list_query>("");
    ASSERT_TRUE(readings);
    EXPECT_EQ(readings->limit.value, 100);
    EXPECT_FALSE(readings->include_simulated);
    EXPECT_FALSE(readings->since || readings->until || readings->cursor);
    const auto devices = parse_query<wire::device_list_query>("unknown=1");
    ASSERT_TRUE(devices);
    EXPECT_FALSE(devices->limit || devices->cursor || devices->q || devices->status || devices->category);
    const auto events = parse_query<wire::event_list_query>("");
    ASSERT_TRUE(events);
    EXPECT_EQ(events->limit.value, 100);
}

TEST(query_parsing, refuses_a_limit_outside_its_bounds) {
    const lines outside{"query.limit: Must be from 1 to 500."};
    const lines not_a_number{"query.limit: Must be a whole number."};
    const auto outcome = [](const std::string& limit) {
        return complaints(parse_query<wire::reading_list_query>("limit=" + limit));
    };
    EXPECT_EQ(outcome("1"), lines{});
    EXPECT_EQ(outcome("500"), lines{});
    EXPECT_EQ(outcome("0500"), lines{});
    for (const std::string value :
         {"0", "501", "-1", "9223372036854775807", "9223372036854775808", "-99999999999999999999999"})
        EXPECT_EQ(outcome(value), outside) << value;
    for (const std::string value : {"", "ten", "1.0", "1e2", "0x10", "%201", "1%20", "%2B5", "NaN", "1_0"})
        EXPECT_EQ(outcome(value), not_a_number) << value;
    EXPECT_EQ(complaints(parse_query<wire::device_list_query>("limit=501")), outside);
    EXPECT_EQ(complaints(parse_query<wire::event_list_query>("limit=0")), outside);
}

TEST(query_parsing, refuses_a_repeated_parameter) {
    EXPECT_EQ(complaints(parse_query<wire::reading_list_query>("limit=1&limit=1")),
              lines{"query.limit: Must be given once."});
    EXPECT_EQ(complaints(parse_query<wire::reading_list_query>("limit=1&l%69mit=2&since=x&since=y")),
              (lines{"query.limit: Must be given once.", "query.since: Must be given once."}));
    EXPECT_TRUE(parse_query<wire::reading_list_query>("unknown=1&unknown=2"));
}

TEST(query_parsing, names_every_invalid_parameter) {
    const auto parsed = parse_query<wire::event_list_query>(
        "limit=x&since=x&until=x&actor_type=x&actor_id=&event_type=x&status=x&cursor=");
    EXPECT_EQ(complaints(parsed).size(), 8U);
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().detail,
              "8 fields are invalid: limit, since, until, actor_type, actor_id, event_type, "
              "status, cursor.");
}

TEST(query_parsing, reads_booleans_in_all_their_spellings) {
    const auto outcome = [](const std::string& text) {
        return parse_query<wire::reading_range_query>("include_simulated=" + text);
    };
    for (const std::string text : {"true", "True", "TRUE", "1", "yes", "on", "t", "y"}) {
        ASSERT_TRUE(outcome(text)) << text;
        EXPECT_TRUE(outcome(text)->include_simulated) << text;
    }
    for (const std::string text : {"false", "FALSE", "0", "no", "Off", "f", "n"}) {
        ASSERT_TRUE(outcome(text)) << text;
        EXPECT_FALSE(outcome(text)->include_simulated) << text;
    }
    for (const std::string text : {"", "2", "maybe", "truee", "null"})
        EXPECT_EQ(complaints(outcome(text)), lines{"query.include_simulated: Must be true or false."})
            << text;
}

TEST(query_parsing, reads_times) {
    using namespace std::chrono_literals;
    const auto parsed = parse_query<wire::reading_range_query>(
        "since=2026-01-15T12:00:00Z&until=2026-01-15T14%3A00%3A00%2B02:00");
    ASSERT_TRUE(parsed);
    const timestamp noon{std::chrono::sys_days{std::chrono::January / 15 / 2026} + 12h};
    EXPECT_EQ(parsed->since, noon);
    EXPECT_EQ(parsed->until, noon);
    EXPECT_EQ(complaints(parse_query<wire::reading_range_query>("since=12&until=")),
              (lines{"query.since: Must be an RFC 3339 date and time, such as 2026-01-15T12:00:00Z.",
                     "query.until: Must be an RFC 3339 date and time, such as 2026-01-15T12:00:00Z."}));
}

TEST(query_parsing, reads_enum_names) {
    const auto devices =
        parse_query<wire::device_list_query>("status=blocked&category=smart_lock&q=Front+d%C3%B6or");
    ASSERT_TRUE(devices);
    EXPECT_EQ(devices->status, device_status::blocked);
    EXPECT_EQ(devices->category, category::smart_lock);
    EXPECT_EQ(devices->q->value, "Front döor");
    EXPECT_EQ(complaints(parse_query<wire::device_list_query>("status=deleted")),
              lines{"query.status: Must be one of: active, blocked."});
    const auto events = parse_query<wire::event_list_query>(
        "event_type=register&status=denied&actor_type=anonymous&actor_id=7");
    ASSERT_TRUE(events);
    EXPECT_EQ(events->event_type, event_type::register_account);
    EXPECT_EQ(events->status, event_status::denied);
    EXPECT_EQ(events->actor_type, actor_type::anonymous);
    EXPECT_EQ(events->actor_id->value, "7");
}

TEST(query_parsing, accepts_every_event_type) {
    for (std::size_t i = 0; to_string(static_cast<event_type>(i)) != "unknown"; ++i) {
        const std::string name{to_string(static_cast<event_type>(i))};
        const auto events = parse_query<wire::event_list_query>("event_type=" + name);
        ASSERT_TRUE(events) << name;
        EXPECT_EQ(static_cast<std::size_t>(*events->event_type), i);
    }
}

TEST(query_parsing, bounds_cursor_and_search) {
    EXPECT_TRUE(
        parse_query<wire::device_list_query>("cursor=" + repeat(256, "c") + "&q=" + repeat(100, "%C3%BC")));
    EXPECT_EQ(complaints(parse_query<wire::device_list_query>("cursor=" + repeat(257, "c") +
                                                              "&q=" + repeat(101, "%C3%BC"))),
              (lines{"query.cursor: Must have at most 256 characters.",
                     "query.q: Must have at most 100 characters."}));
    EXPECT_EQ(complaints(parse_query<wire::device_list_query>("cursor=")),
              lines{"query.cursor: Must have at least 1 character."});
}

TEST(query_parsing, refuses_an_invalid_encoding) {
    for (const std::string query : {"q=%", "q=%4", "q=%zz", "q=%ff", "%c0%80=1", "q=%00"}) {
        const auto parsed = parse_query<wire::device_list_query>(query);
        ASSERT_FALSE(parsed) << query;
        EXPECT_EQ(parsed.error().code, errc::invalid_input);
        ASSERT_EQ(parsed.error().fields.size(), 1U);
        EXPECT_EQ(parsed.error().fields.front().loc, "query");
    }
    EXPECT_FALSE(parse_query<wire::device_list_query>(repeat(65, "a=1&")));
}

TEST(path_parsing, reads_ids) {
    EXPECT_EQ(parse_path<std::int64_t>("id", "7"), 7);
    EXPECT_EQ(parse_path<std::int64_t>("id", "9223372036854775807"), INT64_MAX);
    EXPECT_EQ(parse_path<uuid>("id", "0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11")->to_string(),
              "0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11");
    EXPECT_EQ(complaints(parse_path<std::int64_t>("id", "0")),
              lines{"path.id: Must be from 1 to 9223372036854775807."});
    for (const std::string text : {"", "x", "7x", " 7", "+7", "7.0"})
        EXPECT_EQ(complaints(parse_path<std::int64_t>("id", text)), lines{"path.id: Must be a whole number."})
            << text;
    const auto wrong = parse_path<uuid>("id", "7");
    EXPECT_EQ(complaints(wrong), lines{"path.id: Must be a UUID."});
    EXPECT_EQ(wrong.error().detail, "1 field is invalid: id.");
}

} // namespace
} // namespace breakwater::api
