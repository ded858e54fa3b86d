#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;

class refresh_reuse : public testing::Test {
protected:
    server_process server_;
    api_client anyone_{server_};

    http_response refresh(const std::string& token) {
        return anyone_.post("/auth/refresh", json::object{{"refresh_token", token}});
    }
};

TEST_F(refresh_reuse, revokes_the_whole_family_and_is_on_record) { // correction 8
    as_new_user(server_, "ada@example.com");
    const token_pair stolen = sign_in(server_, "ada@example.com", user_password);
    const token_pair elsewhere = sign_in(server_, "ada@example.com", user_password);
    const std::string second = refresh(stolen.refresh).text("/refresh_token");
    const std::string third = refresh(second).text("/refresh_token");

    const auto replayed = refresh(stolen.refresh);
    EXPECT_EQ(replayed.status, 401);
    EXPECT_TRUE(replayed.has("WWW-Authenticate"));
    EXPECT_EQ(refresh(third).status, 401) << "the thief's descendant must be dead too";
    EXPECT_EQ(refresh(elsewhere.refresh).status, 200) << "another sign-in is another family";

    api_client admin = as_admin(server_);
    EXPECT_EQ(count_events(admin, "refresh_reuse", "denied"), 1);
}

TEST_F(refresh_reuse, of_concurrent_uses_exactly_one_succeeds) {
    as_new_user(server_, "ada@example.com");
    const token_pair pair = sign_in(server_, "ada@example.com", user_password);
    std::atomic<int> succeeded{0};
    std::vector<std::thread> racers;
    for (int i = 0; i < 8; ++i)
        racers.emplace_back([&] {
            api_client racer{server_};
            if (racer.post("/auth/refresh", json::object{{"refresh_token", pair.refresh}}).status == 200)
                ++succeeded;
        });
    for (std::thread& racer : racers)
        racer.join();
    EXPECT_EQ(succeeded, 1);
}

TEST_F(refresh_reuse, forged_and_foreign_tokens_are_401_and_on_record) {
    const token_pair admin_pair = sign_in(server_, admin_email, admin_password);
    EXPECT_EQ(refresh(admin_pair.access).status, 401) << "an access token is no refresh token";
    EXPECT_EQ(refresh("nonsense").status, 401);
    std::string tampered = admin_pair.refresh;
    tampered[tampered.size() / 2] = tampered[tampered.size() / 2] == 'A' ? 'B' : 'A';
    EXPECT_EQ(refresh(tampered).status, 401);
    api_client admin{server_, admin_pair.access};
    EXPECT_EQ(count_events(admin, "refresh", "denied"), 1) << "repeats within the window share a row";
}

} // namespace
} // namespace breakwater::test
