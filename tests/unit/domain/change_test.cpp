#include "domain/change.hpp"

#include <gtest/gtest.h>

namespace breakwater {
namespace {

std::string text_of(const change& made) {
    const change_subject subject = subject_of(made);
    return std::string{subject.kind} + ' ' + subject.key;
}

TEST(change, names_the_object_that_changed) {
    const uuid id{.bytes = {7}};
    EXPECT_EQ(text_of(account_saved{{.id = 3}}), "user 3");
    EXPECT_EQ(text_of(account_removed{4}), "user 4");
    EXPECT_EQ(text_of(device_saved{.state = {.id = id}}), "device " + id.to_string());
    EXPECT_EQ(text_of(device_removed{id, 1}), "device " + id.to_string());
    EXPECT_EQ(text_of(policy_saved{.scope = category::ip_camera}), "policy ip_camera");
    EXPECT_EQ(text_of(policy_saved{.scope = id}), "policy " + id.to_string());
    EXPECT_EQ(text_of(rule_changed{5}), "rule 5");
    EXPECT_EQ(text_of(alert_saved{.state = {.id = 6}}), "alert 6");
    EXPECT_EQ(text_of(session_ended{id}), "session " + id.to_string());
    EXPECT_EQ(text_of(message_queued{}), "outbox webhook");
}

} // namespace
} // namespace breakwater
