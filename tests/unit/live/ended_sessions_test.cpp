#include "live/ended_sessions.hpp"

#include "support/manual_clock.hpp"
#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

namespace breakwater::live {
namespace {

using std::chrono::minutes;

class ended_sessions_test : public testing::Test {
protected:
    uuid fresh() { return uuid::random(random_); }

    test::manual_clock clock_;
    test::seeded_random random_;
    ended_sessions ended_{clock_, minutes{15}, 3};
};

TEST_F(ended_sessions_test, remembers_which_ended) {
    const uuid gone = fresh();
    ended_.add(gone);
    ended_.add(gone);
    EXPECT_EQ(ended_.size(), 1U);
    EXPECT_TRUE(ended_.has_ended(gone, clock_.now() + minutes{15}));
    EXPECT_FALSE(ended_.has_ended(fresh(), clock_.now() + minutes{15}));
}

TEST_F(ended_sessions_test, forgets_once_every_token_from_before_is_dead) {
    ended_.add(fresh());
    clock_.advance(minutes{15});
    ended_.add(fresh());
    EXPECT_EQ(ended_.size(), 1U);
}

TEST_F(ended_sessions_test, past_its_bound_the_tokens_of_that_time_are_dead_and_no_later_one) {
    const uuid first = fresh();
    ended_.add(first);
    const timestamp of_first = clock_.now() + minutes{15};
    for (int i = 0; i < 3; ++i) {
        clock_.advance(minutes{1});
        ended_.add(fresh());
    }
    EXPECT_EQ(ended_.size(), 3U);
    EXPECT_TRUE(ended_.has_ended(first, of_first)) << "it opens nothing, though it is forgotten";
    EXPECT_TRUE(ended_.has_ended(fresh(), of_first));
    EXPECT_FALSE(ended_.has_ended(fresh(), of_first + minutes{1})) << "an honest client renews and is back";
}

} // namespace
} // namespace breakwater::live
