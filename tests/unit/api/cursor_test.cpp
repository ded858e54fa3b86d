#include "api/cursor.hpp"

#include "base/calendar.hpp"
#include "base/encoding.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string_view>

namespace breakwater::api {
namespace {

std::string spelled(std::string_view text) {
    return base64url_encode(as_bytes(text));
}

TEST(cursor, comes_back_as_it_was_given) {
    for (const timestamp at : {first_timestamp, timestamp{}, last_timestamp})
        for (const std::int64_t id : {std::numeric_limits<std::int64_t>::min(), std::int64_t{0},
                                      std::numeric_limits<std::int64_t>::max()}) {
            const storage::reading_position place{at, id};
            const auto read = reading_cursor(to_cursor(place));
            ASSERT_TRUE(read);
            EXPECT_EQ(*read, place);
        }
    EXPECT_EQ(event_cursor(event_cursor_of(42)).value(), 42);
    EXPECT_EQ(alert_cursor(alert_cursor_of(42)).value(), 42);
    EXPECT_EQ(delivery_cursor(delivery_cursor_of(42)).value(), 42);
}

TEST(cursor, of_another_list_is_refused) {
    EXPECT_FALSE(event_cursor(alert_cursor_of(42)));
    EXPECT_FALSE(delivery_cursor(event_cursor_of(42)));
    EXPECT_FALSE(reading_cursor(event_cursor_of(42)));
}

TEST(cursor, names_a_time_of_the_calendar_or_is_refused) {
    for (const std::string_view text :
         {"r:9223372036854775807:1", "r:-9223372036854775808:1", "r:253402300800000000:1",
          "r:-62135596800000001:1", "r:99999999999999999999:1", "r::1", "r:1:", "r:1", "r:1:1 ", "r:+1:1"}) {
        const auto read = reading_cursor(spelled(text));
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().code, errc::invalid_input) << text;
    }
    EXPECT_FALSE(device_cursor(spelled("d:9223372036854775807:0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11")));
    EXPECT_TRUE(device_cursor(spelled("d:1:0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11")));
}

} // namespace
} // namespace breakwater::api
