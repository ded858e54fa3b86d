#include "live/event_log.hpp"
#include "live/subscriptions.hpp"

#include <gtest/gtest.h>

namespace breakwater::live {
namespace {

using namespace std::chrono_literals;

std::vector<live_event> events_of(std::initializer_list<const char*> texts) {
    std::vector<live_event> out;
    for (const char* text : texts)
        out.push_back({.text = text});
    return out;
}

TEST(event_log, numbers_events_and_returns_them_from_any_number) {
    event_log log{{}};
    EXPECT_EQ(log.begin(), 1U);
    EXPECT_EQ(log.end(), 1U);
    log.append(events_of({"{1}", "{2}"}));
    const auto second = log.append(events_of({"{3}"}));
    EXPECT_EQ(second->first, 3U);
    EXPECT_EQ(log.end(), 4U);
    EXPECT_EQ(log.since(1, 10).size(), 2U);
    EXPECT_EQ(log.since(1, 1).size(), 1U);
    ASSERT_EQ(log.since(2, 10).size(), 2U) << "within a batch";
    EXPECT_EQ(log.since(2, 10)[0]->text, "{1},{2}");
    EXPECT_EQ(log.since(3, 10).size(), 1U);
    EXPECT_TRUE(log.since(4, 10).empty());
}

TEST(event_log, removes_the_oldest_past_each_limit) {
    event_log few{{.events = 3, .bytes = 1000}};
    for (int i = 0; i < 5; ++i)
        few.append(events_of({"{}"}));
    EXPECT_EQ(few.begin(), 3U);
    EXPECT_EQ(few.end(), 6U);
    EXPECT_EQ(few.since(1, 10).front()->first, 3U);
    event_log small{{.events = 1000, .bytes = 8}};
    for (int i = 0; i < 5; ++i)
        small.append(events_of({"{...}"}));
    EXPECT_EQ(small.begin(), 5U) << "the newest batch stays, whatever its size";
}

TEST(event_log, keeps_batches_that_are_in_use) {
    event_log log{{.events = 1}};
    const auto kept = log.append(events_of({"{1}"}));
    log.append(events_of({"{2}"}));
    EXPECT_EQ(kept->text, "{1}");
}

class subscriptions_test : public testing::Test {
protected:
    std::string add(const char* description, role client_role = role::user) {
        const auto added =
            subscriptions_.add(*read_json(description),
                               {.kind = identity::principal::kind::person, .user = 7, .role = client_role});
        return added ? "" : added.error().detail;
    }
    bool matches(live_event event) { return subscriptions_.matches(event); }

    subscriptions subscriptions_;
    const device_id device_ = *uuid::parse("6f0a4c59-9d0b-4a1f-8f6a-7c110b8f6f0e");
};

TEST_F(subscriptions_test, match_the_events_that_they_name) {
    EXPECT_FALSE(matches({}));
    EXPECT_EQ(add(R"({"id":"a","devices":["6f0a4c59-9d0b-4a1f-8f6a-7c110b8f6f0e"]})"), "");
    EXPECT_FALSE(matches({}));
    EXPECT_TRUE(matches({.device = device_}));
    EXPECT_EQ(add(R"({"id":"b","categories":["ip_camera","smart_lock"],"include_simulated":false})"), "");
    EXPECT_TRUE(matches({.category = category::smart_lock}));
    EXPECT_FALSE(matches({.simulated = true, .category = category::smart_lock}));
    EXPECT_FALSE(matches({.category = category::air_quality}));
    EXPECT_TRUE(matches({.is_removal = true, .category = category::air_quality}))
        << "the category of a deleted device is not known";
    EXPECT_TRUE(subscriptions_.remove("b"));
    EXPECT_FALSE(subscriptions_.remove("b"));
    EXPECT_FALSE(matches({.category = category::smart_lock}));
    EXPECT_EQ(add(R"({"id":"a","all":true})"), "") << "replaces the first subscription";
    EXPECT_TRUE(matches({}));
    EXPECT_FALSE(matches({.kind = live_kind::security_event}));
}

TEST_F(subscriptions_test, of_security_events_are_for_administrators) {
    EXPECT_NE(add(R"({"id":"s","security_events":true})"), "");
    EXPECT_FALSE(matches({.kind = live_kind::security_event}));
    EXPECT_EQ(add(R"({"id":"s","security_events":true})", role::admin), "");
    EXPECT_TRUE(matches({.kind = live_kind::security_event}));
    EXPECT_FALSE(matches({}));
}

TEST_F(subscriptions_test, are_bounded) {
    for (std::size_t n = 0; n < subscriptions::max_count; ++n)
        EXPECT_EQ(add(("{\"id\":\"" + std::to_string(n) + "\",\"all\":true}").c_str()), "");
    EXPECT_EQ(add(R"({"id":"more","all":true})"), "There may be at most 32 subscriptions.");
    EXPECT_EQ(add(R"({"id":"0","all":true})"), "") << "replaces a subscription";
    std::string many = R"({"id":"1","devices":[)";
    for (std::size_t n = 0; n <= subscriptions::max_devices; ++n)
        many += std::string{n == 0 ? "" : ","} + "\"6f0a4c59-9d0b-4a1f-8f6a-7c110b8f6f0e\"";
    EXPECT_EQ(add((many + "]}").c_str()), "devices has more than 1000 elements.");
    EXPECT_NE(add(("{\"id\":\"" + std::string(70, 'x') + "\",\"all\":true}").c_str()), "");
}

} // namespace
} // namespace breakwater::live
