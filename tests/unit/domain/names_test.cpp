#include "base/errc.hpp"
#include "domain/device.hpp"
#include "domain/security_event.hpp"

#include <gtest/gtest.h>

#include <set>

namespace breakwater {
namespace {

TEST(device_status, names_convert_both_ways) {
    for (const device_status value : {device_status::active, device_status::blocked})
        EXPECT_EQ(parse_device_status(to_string(value)), value);
    for (const std::string_view text : {"", "deleted", "Active"})
        EXPECT_FALSE(parse_device_status(text)) << text;
}

TEST(actor_type, names_convert_both_ways) {
    for (const actor_type value :
         {actor_type::user, actor_type::device, actor_type::system, actor_type::anonymous})
        EXPECT_EQ(parse_actor_type(to_string(value)), value);
    EXPECT_FALSE(parse_actor_type("unknown"));
}

TEST(event_status, names_convert_both_ways) {
    for (const event_status value : {event_status::success, event_status::denied, event_status::error})
        EXPECT_EQ(parse_event_status(to_string(value)), value);
    EXPECT_FALSE(parse_event_status(""));
}

TEST(event_type, every_value_has_a_unique_name_that_converts_both_ways) {
    std::set<std::string_view> names;
    constexpr int last = static_cast<int>(event_type::retention_release);
    EXPECT_EQ(to_string(static_cast<event_type>(last + 1)), "unknown")
        << "this test must know the last value";
    for (int number = 0; number <= last; ++number) {
        const auto value = static_cast<event_type>(number);
        const std::string_view name = to_string(value);
        EXPECT_NE(name, "unknown") << number;
        EXPECT_EQ(parse_event_type(name), value) << name;
        EXPECT_TRUE(names.insert(name).second) << name;
    }
    EXPECT_FALSE(parse_event_type("unknown"));
}

TEST(event_type, has_every_name_of_the_contract) {
    for (const std::string_view name :
         {"register", "login", "refresh", "logout", "device_create", "device_update", "device_block",
          "device_delete", "device_secret_rotate", "device_token_invalidate", "device_auth", "reading_accept",
          "reading_reject", "reading_rate_limit", "reading_seed", "user_create", "user_update",
          "user_delete"})
        EXPECT_TRUE(parse_event_type(name)) << name;
}

TEST(errc, every_code_has_a_unique_name) {
    std::set<std::string_view> names;
    for (int number = 0; number <= static_cast<int>(errc::internal); ++number)
        EXPECT_TRUE(names.insert(to_string(static_cast<errc>(number))).second);
    EXPECT_FALSE(names.contains("unknown"));
}

} // namespace
} // namespace breakwater
