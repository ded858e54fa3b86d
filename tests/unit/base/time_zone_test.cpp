#include "base/time_zone.hpp"

#include "base/calendar.hpp"
#include "base/time.hpp"

#include <gtest/gtest.h>

#include <string>

namespace breakwater {
namespace {

using namespace std::chrono;

timestamp at(std::string_view text) {
    return parse_rfc3339(text).value();
}

TEST(time_zone, knows_when_clocks_are_changed) {
    const time_zone warsaw = time_zone::find("Europe/Warsaw").value();
    EXPECT_EQ(warsaw.name(), "Europe/Warsaw");
    const auto summer = warsaw.at(at("2026-07-01T00:00:00Z"));
    EXPECT_EQ(summer.ahead, hours{2});
    EXPECT_EQ(summer.begin, at("2026-03-29T01:00:00Z"));
    EXPECT_EQ(summer.end, at("2026-10-25T01:00:00Z"));
    EXPECT_EQ(warsaw.at(summer.end).ahead, hours{1}) << "the end is not part of it";
    EXPECT_EQ(warsaw.at(summer.end - microseconds{1}).ahead, hours{2});
}

TEST(time_zone, knows_its_way_through_the_whole_calendar) {
    for (const std::string name :
         {"UTC", "Europe/Warsaw", "Asia/Kolkata", "Pacific/Apia", "America/St_Johns"}) {
        const time_zone zone = time_zone::find(name).value();
        timestamp begin = first_timestamp;
        int stretches = 0;
        for (; stretches < 1000; ++stretches) {
            const auto now = zone.at(begin);
            ASSERT_LE(now.begin, begin) << name;
            ASSERT_GT(now.end, begin) << name << ": " << format_rfc3339(begin);
            begin = now.end;
            if (now.end == last_timestamp)
                break;
        }
        EXPECT_LT(stretches, 1000) << name;
    }
}

TEST(time_zone, without_a_name_is_utc) {
    EXPECT_EQ(time_zone{}.name(), "UTC");
    EXPECT_EQ(time_zone::find("UTC").value().at(last_timestamp).ahead, seconds{0});
}

TEST(time_zone, takes_names_of_the_database_alone) {
    for (const std::string& name :
         {std::string{}, std::string{"Europe"}, std::string{"Europe/Atlantis"}, std::string{"europe/warsaw"},
          std::string{"localtime"}, std::string{"../../../etc/passwd"}, std::string{"/etc/localtime"},
          std::string{"posix/Europe/Warsaw"}, std::string{"Europe/Warsaw "}, std::string(100'000, 'a')}) {
        const auto found = time_zone::find(name);
        ASSERT_FALSE(found) << name;
        EXPECT_EQ(found.error().code, errc::not_found) << name;
    }
}

} // namespace
} // namespace breakwater
