#include "http/admission.hpp"

#include <gtest/gtest.h>

namespace breakwater::http {
namespace {

struct caller {
    int number = 0;
    bool is_trusted = false;
};
struct other_caller {
    int number = 5;
};

TEST(admission, returns_the_state_that_the_policy_stored) {
    const admission admitted{7, caller{.number = 3, .is_trusted = true}};
    EXPECT_EQ(admitted.account(), 7);
    EXPECT_EQ(admitted.as<caller>().number, 3);
    EXPECT_TRUE(admitted.as<caller>().is_trusted);
}

TEST(admission, never_reads_one_state_as_another) {
    const admission admitted{7, caller{.number = 3}};
    EXPECT_EQ(admitted.as<other_caller>().number, 5);
}

TEST(admission, of_an_anonymous_caller_has_no_account_and_no_state) {
    const admission admitted;
    EXPECT_EQ(admitted.account(), 0);
    EXPECT_FALSE(admitted.as<caller>().is_trusted);
}

} // namespace
} // namespace breakwater::http
