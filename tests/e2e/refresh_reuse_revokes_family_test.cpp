#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;

class refresh_reuse : public testing::Test {
protected:
    server_process server_;
    api_client client_{server_};

    http_response refresh(const std::string& token) {
        return client_.post("/auth/refresh", json::object{{"refresh_token", token}});
    }
};

TEST_F(refresh_reuse, revokes_the_whole_family_and_is_recorded) { // correction 8
    as_new_user(server_, "ada@example.com");
    const token_pair stolen = sign_in(server_, "ada@example.com", user_password);
    const token_pair other_session = sign_in(server_, "ada@example.com", user_password);
    const std::string second = refresh(stolen.refresh).text("/refresh_token");
    const std::string third = refresh(second).text("/refresh_token");

    const auto replayed = refresh(stolen.refresh); // within the grace period, but its successor was used
    EXPECT_EQ(replayed.status, 401);
    EXPECT_TRUE(replayed.has("WWW-Authenticate"));
    EXPECT_EQ(refresh(third).status, 401) << "tokens that descend from the stolen one are revoked too";
    EXPECT_EQ(refresh(other_session.refresh).status, 200) << "another sign-in is another family";

    api_client admin = as_admin(server_);
    EXPECT_EQ(count_events(admin, "refresh_reuse", "denied"), 1);
}

TEST_F(refresh_reuse, concurrent_refreshes_get_the_same_successor) {
    as_new_user(server_, "ada@example.com");
    const token_pair pair = sign_in(server_, "ada@example.com", user_password);
    std::vector<std::string> successors(8);
    std::vector<std::thread> racers;
    for (std::string& successor : successors)
        racers.emplace_back([&] {
            api_client racer{server_};
            successor = racer.post("/auth/refresh", json::object{{"refresh_token", pair.refresh}})
                            .text("/refresh_token");
        });
    for (std::thread& racer : racers)
        racer.join();
    for (const std::string& successor : successors)
        EXPECT_EQ(successor, successors.front());
    EXPECT_EQ(refresh(successors.front()).status, 200);
}

TEST_F(refresh_reuse, after_a_lost_response_returns_the_same_successor_even_after_a_restart) {
    as_new_user(server_, "ada@example.com");
    const token_pair pair = sign_in(server_, "ada@example.com", user_password);
    const std::string lost = refresh(pair.refresh).text("/refresh_token");
    server_.kill();
    server_.start();
    client_ = api_client{server_};
    const auto repeated = refresh(pair.refresh);
    ASSERT_EQ(repeated.status, 200) << repeated.body;
    EXPECT_EQ(repeated.text("/refresh_token"), lost);
    EXPECT_EQ(refresh(lost).status, 200);
    EXPECT_EQ(refresh(pair.refresh).status, 401) << "its successor was used, so this use is a replay";
    api_client admin = as_admin(server_);
    EXPECT_EQ(count_events(admin, "refresh_reuse", "denied"), 1);
}

TEST_F(refresh_reuse, has_no_grace_period_when_it_is_disabled) {
    server_process strict{{.variables = {{"REFRESH_REUSE_GRACE_SECONDS", "0"}}}};
    const token_pair pair = sign_in(strict, admin_email, admin_password);
    api_client client{strict};
    const auto refresh_once = [&] {
        return client.post("/auth/refresh", json::object{{"refresh_token", pair.refresh}});
    };
    ASSERT_EQ(refresh_once().status, 200);
    EXPECT_EQ(refresh_once().status, 401);
}

TEST_F(refresh_reuse, forged_and_foreign_tokens_are_401_and_recorded) {
    const token_pair admin_pair = sign_in(server_, admin_email, admin_password);
    EXPECT_EQ(refresh(admin_pair.access).status, 401) << "an access token is not a refresh token";
    EXPECT_EQ(refresh("nonsense").status, 401);
    std::string tampered = admin_pair.refresh;
    tampered[tampered.size() / 2] = tampered[tampered.size() / 2] == 'A' ? 'B' : 'A';
    EXPECT_EQ(refresh(tampered).status, 401);
    api_client admin{server_, admin_pair.access};
    EXPECT_EQ(count_events(admin, "refresh", "denied"), 2)
        << "the access token identifies its account; the two others have no account and share a row";
}

} // namespace
} // namespace breakwater::test
