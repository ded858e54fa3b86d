#include "live/ended_sessions.hpp"

#include "support/manual_clock.hpp"
#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

namespace breakwater::live {
namespace {

using std::chrono::minutes;

class ended_sessions_test : public testing::Test {
protected:
    uuid new_session() { return uuid::random(random_); }

    test::manual_clock clock_;
    test::seeded_random random_;
    ended_sessions ended_{clock_, minutes{15}, 3};
};

TEST_F(ended_sessions_test, knows_the_sessions_that_ended) {
    const uuid session = new_session();
    ended_.add(session);
    ended_.add(session);
    EXPECT_EQ(ended_.size(), 1U);
    EXPECT_TRUE(ended_.has_ended(session, clock_.now() + minutes{15}));
    EXPECT_FALSE(ended_.has_ended(new_session(), clock_.now() + minutes{15}));
}

TEST_F(ended_sessions_test, forgets_a_session_once_its_tokens_have_expired) {
    ended_.add(new_session());
    clock_.advance(minutes{15});
    ended_.add(new_session());
    EXPECT_EQ(ended_.size(), 1U);
}

TEST_F(ended_sessions_test, past_the_limit_only_tokens_of_removed_sessions_count_as_ended) {
    const uuid first = new_session();
    ended_.add(first);
    const timestamp expires_at = clock_.now() + minutes{15};
    for (int i = 0; i < 3; ++i) {
        clock_.advance(minutes{1});
        ended_.add(new_session());
    }
    EXPECT_EQ(ended_.size(), 3U);
    EXPECT_TRUE(ended_.has_ended(first, expires_at))
        << "its token opens no connection, although the session was removed";
    EXPECT_TRUE(ended_.has_ended(new_session(), expires_at));
    EXPECT_FALSE(ended_.has_ended(new_session(), expires_at + minutes{1})) << "a later token is not affected";
}

} // namespace
} // namespace breakwater::live
