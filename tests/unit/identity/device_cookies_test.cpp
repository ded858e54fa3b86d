#include "identity/device_cookies.hpp"

#include "support/manual_clock.hpp"
#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

namespace breakwater::identity {
namespace {

class device_cookies_test : public testing::Test {
protected:
    device_cookies_test() { users_.put(ada_); }

    test::manual_clock clock_;
    test::seeded_random random_;
    registry::user_registry users_;
    user ada_{.id = 7, .email = "ada@example.com", .session_version = 3, .created_at = {}};
    device_cookies cookies_{{1, 2, 3}, users_, clock_, random_};
    std::string cookie_ = cookies_.issue(ada_, std::nullopt);
};

TEST_F(device_cookies_test, make_a_client_known_to_its_account) {
    const auto client = cookies_.verify(cookie_, "ada@example.com");
    ASSERT_TRUE(client);
    EXPECT_EQ(client->user, 7);
    const auto again = cookies_.verify(cookies_.issue(ada_, client), "ada@example.com");
    ASSERT_TRUE(again);
    EXPECT_EQ(again->id, client->id) << "the same client keeps its failure count";
    EXPECT_NE(cookies_.verify(cookies_.issue(ada_, std::nullopt), "ada@example.com")->id, client->id);
}

TEST_F(device_cookies_test, are_valid_for_one_account_only) {
    EXPECT_FALSE(cookies_.verify(cookie_, "eve@example.com"));
}

TEST_F(device_cookies_test, cannot_be_forged) {
    const device_cookies foreign{{9}, users_, clock_, random_};
    EXPECT_FALSE(cookies_.verify(foreign.issue(ada_, std::nullopt), "ada@example.com"));
    EXPECT_FALSE(cookies_.verify("", "ada@example.com"));
    EXPECT_FALSE(cookies_.verify("nonsense", "ada@example.com"));
    EXPECT_FALSE(cookies_.verify(cookie_ + "A", "ada@example.com"));
    for (std::size_t i = 0; i < cookie_.size(); ++i) {
        std::string changed = cookie_;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(cookies_.verify(changed, "ada@example.com")) << i;
    }
}

TEST_F(device_cookies_test, end_with_the_session_version_and_the_account) {
    ++ada_.session_version;
    users_.put(ada_);
    EXPECT_FALSE(cookies_.verify(cookie_, "ada@example.com"));
    const std::string newer = cookies_.issue(ada_, std::nullopt);
    EXPECT_TRUE(cookies_.verify(newer, "ada@example.com"));
    users_.remove(ada_.id);
    EXPECT_FALSE(cookies_.verify(newer, "ada@example.com"));
}

TEST_F(device_cookies_test, end_a_year_after_the_last_sign_in) {
    clock_.advance(device_cookies::lifetime);
    EXPECT_TRUE(cookies_.verify(cookie_, "ada@example.com"));
    clock_.advance(std::chrono::seconds{1});
    EXPECT_FALSE(cookies_.verify(cookie_, "ada@example.com"));
}

} // namespace
} // namespace breakwater::identity
