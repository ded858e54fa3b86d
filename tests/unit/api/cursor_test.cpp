#include "api/cursor.hpp"

#include "base/calendar.hpp"
#include "base/encoding.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string_view>

namespace breakwater::api {
namespace {

std::string encoded(std::string_view text) {
    return base64url_encode(as_bytes(text));
}

TEST(cursor, survives_a_round_trip) {
    for (const timestamp at : {first_timestamp, timestamp{}, last_timestamp})
        for (const std::int64_t id : {std::numeric_limits<std::int64_t>::min(), std::int64_t{0},
                                      std::numeric_limits<std::int64_t>::max()}) {
            const storage::reading_position position{at, id};
            const auto decoded = reading_cursor(to_cursor(position));
            ASSERT_TRUE(decoded);
            EXPECT_EQ(*decoded, position);
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

TEST(cursor, with_a_time_outside_the_calendar_is_refused) {
    for (const std::string_view text :
         {"r:9223372036854775807:1", "r:-9223372036854775808:1", "r:253402300800000000:1",
          "r:-62135596800000001:1", "r:99999999999999999999:1", "r::1", "r:1:", "r:1", "r:1:1 ", "r:+1:1"}) {
        const auto decoded = reading_cursor(encoded(text));
        ASSERT_FALSE(decoded) << text;
        EXPECT_EQ(decoded.error().code, errc::invalid_input) << text;
    }
    EXPECT_FALSE(device_cursor(encoded("d:9223372036854775807:0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11")));
    EXPECT_TRUE(device_cursor(encoded("d:1:0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11")));
}

} // namespace
} // namespace breakwater::api
