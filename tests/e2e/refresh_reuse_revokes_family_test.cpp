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

    const auto replayed = refresh(stolen.refresh); // at once, but its successor was used
    EXPECT_EQ(replayed.status, 401);
    EXPECT_TRUE(replayed.has("WWW-Authenticate"));
    EXPECT_EQ(refresh(third).status, 401) << "the thief's descendant must be dead too";
    EXPECT_EQ(refresh(elsewhere.refresh).status, 200) << "another sign-in is another family";

    api_client admin = as_admin(server_);
    EXPECT_EQ(count_events(admin, "refresh_reuse", "denied"), 1);
}

TEST_F(refresh_reuse, concurrent_uses_get_one_successor) {
    as_new_user(server_, "ada@example.com");
    const token_pair pair = sign_in(server_, "ada@example.com", user_password);
    std::vector<std::string> got(8);
    std::vector<std::thread> racers;
    for (std::string& mine : got)
        racers.emplace_back([&] {
            api_client racer{server_};
            mine = racer.post("/auth/refresh", json::object{{"refresh_token", pair.refresh}})
                       .text("/refresh_token");
        });
    for (std::thread& racer : racers)
        racer.join();
    for (const std::string& each : got)
        EXPECT_EQ(each, got.front());
    EXPECT_EQ(refresh(got.front()).status, 200);
}

TEST_F(refresh_reuse, of_a_lost_answer_gives_it_again_also_after_a_restart) {
    as_new_user(server_, "ada@example.com");
    const token_pair pair = sign_in(server_, "ada@example.com", user_password);
    const std::string lost = refresh(pair.refresh).text("/refresh_token");
    server_.kill();
    server_.start();
    anyone_ = api_client{server_};
    const auto again = refresh(pair.refresh);
    ASSERT_EQ(again.status, 200) << again.body;
    EXPECT_EQ(again.text("/refresh_token"), lost);
    EXPECT_EQ(refresh(lost).status, 200);
    EXPECT_EQ(refresh(pair.refresh).status, 401) << "its successor was used: somebody copied it";
    api_client admin = as_admin(server_);
    EXPECT_EQ(count_events(admin, "refresh_reuse", "denied"), 1);
}

TEST_F(refresh_reuse, has_no_grace_where_it_is_switched_off) {
    server_process strict{{.variables = {{"REFRESH_REUSE_GRACE_SECONDS", "0"}}}};
    const token_pair pair = sign_in(strict, admin_email, admin_password);
    api_client client{strict};
    const auto use = [&] {
        return client.post("/auth/refresh", json::object{{"refresh_token", pair.refresh}});
    };
    ASSERT_EQ(use().status, 200);
    EXPECT_EQ(use().status, 401);
}

TEST_F(refresh_reuse, forged_and_foreign_tokens_are_401_and_on_record) {
    const token_pair admin_pair = sign_in(server_, admin_email, admin_password);
    EXPECT_EQ(refresh(admin_pair.access).status, 401) << "an access token is no refresh token";
    EXPECT_EQ(refresh("nonsense").status, 401);
    std::string tampered = admin_pair.refresh;
    tampered[tampered.size() / 2] = tampered[tampered.size() / 2] == 'A' ? 'B' : 'A';
    EXPECT_EQ(refresh(tampered).status, 401);
    api_client admin{server_, admin_pair.access};
    EXPECT_EQ(count_events(admin, "refresh", "denied"), 2)
        << "the genuine one says whose it is; repeats of the others within the window share a row";
}

} // namespace
} // namespace breakwater::test
