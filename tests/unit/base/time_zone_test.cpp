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

TEST(time_zone, returns_the_periods_between_clock_changes) {
    const time_zone warsaw = time_zone::find("Europe/Warsaw").value();
    EXPECT_EQ(warsaw.name(), "Europe/Warsaw");
    const auto summer = warsaw.at(at("2026-07-01T00:00:00Z"));
    EXPECT_EQ(summer.utc_offset, hours{2});
    EXPECT_EQ(summer.begin, at("2026-03-29T01:00:00Z"));
    EXPECT_EQ(summer.end, at("2026-10-25T01:00:00Z"));
    EXPECT_EQ(warsaw.at(summer.end).utc_offset, hours{1}) << "the end is not part of it";
    EXPECT_EQ(warsaw.at(summer.end - microseconds{1}).utc_offset, hours{2});
}

TEST(time_zone, covers_the_whole_calendar) {
    for (const std::string name :
         {"UTC", "Europe/Warsaw", "Asia/Kolkata", "Pacific/Apia", "America/St_Johns"}) {
        const time_zone zone = time_zone::find(name).value();
        timestamp begin = first_timestamp;
        int periods = 0;
        for (; periods < 1000; ++periods) {
            const auto period = zone.at(begin);
            ASSERT_LE(period.begin, begin) << name;
            ASSERT_GT(period.end, begin) << name << ": " << format_rfc3339(begin);
            begin = period.end;
            if (period.end == last_timestamp)
                break;
        }
        EXPECT_LT(periods, 1000) << name;
    }
}

TEST(time_zone, without_a_name_is_utc) {
    EXPECT_EQ(time_zone{}.name(), "UTC");
    EXPECT_EQ(time_zone::find("UTC").value().at(last_timestamp).utc_offset, seconds{0});
}

TEST(time_zone, accepts_only_names_in_the_database) {
    for (const std::string& name :
         {std::string{}, std::string{"Europe"}, std::string{"Europe/Atlantis"}, std::string{"europe/warsaw"},
          std::string{"localtime"}, std::string{"../../../etc/passwd"}, std::string{"/etc/localtime"},
          std::string{"posix/Europe/Warsaw"}, std::string{"Europe/Warsaw "}, std::string(100'000, 'a')}) {
        const auto zone = time_zone::find(name);
        ASSERT_FALSE(zone) << name;
        EXPECT_EQ(zone.error().code, errc::not_found) << name;
    }
}

} // namespace
} // namespace breakwater
