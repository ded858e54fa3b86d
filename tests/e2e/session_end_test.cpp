#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;

class session_end : public testing::Test {
protected:
    server_process server_;
    api_client admin_ = as_admin(server_);
    api_client ada_ = as_new_user(server_, "ada@example.com");
    token_pair pair_ = sign_in(server_, "ada@example.com", user_password);

    std::string ada_target() {
        const auto users = admin_.get("/admin/users").json().as_array();
        for (const json::value& row : users)
            if (row.at("email").as_string() == "ada@example.com")
                return "/admin/users/" + std::to_string(row.at("id").as_int64());
        throw std::runtime_error{"no such user"};
    }
    int access_status() { return api_client{server_, pair_.access}.get("/devices").status; }
    int refresh_status() {
        return api_client{server_}
            .post("/auth/refresh", json::object{{"refresh_token", pair_.refresh}})
            .status;
    }
};

TEST_F(session_end, a_new_password_ends_sessions_at_once) {
    ASSERT_EQ(access_status(), 200);
    ASSERT_EQ(admin_.put(ada_target(), json::object{{"password", "another good password"}}).status, 200);
    EXPECT_EQ(access_status(), 401);
    EXPECT_EQ(refresh_status(), 401);
    EXPECT_FALSE(sign_in(server_, "ada@example.com", "another good password").access.empty());
}

TEST_F(session_end, a_new_role_ends_sessions_at_once) {
    ASSERT_EQ(admin_.put(ada_target(), json::object{{"role", "admin"}}).status, 200);
    EXPECT_EQ(access_status(), 401);
    EXPECT_EQ(refresh_status(), 401);
    api_client promoted{server_, sign_in(server_, "ada@example.com", user_password).access};
    EXPECT_EQ(promoted.get("/admin/users").status, 200);
}

TEST_F(session_end, deletion_ends_sessions_at_once) {
    const device_credentials device = create_device(ada_);
    api_client sender = as_device(server_, device);
    ASSERT_EQ(admin_.del(ada_target()).status, 204);
    EXPECT_EQ(access_status(), 401);
    EXPECT_EQ(refresh_status(), 401);
    EXPECT_EQ(sender.post("/device/readings", json::object{{"payload", sample_payload()}}).status, 401);
    EXPECT_EQ(admin_.get("/devices/" + device.id).status, 404);
}

TEST_F(session_end, logout_all_ends_all_sessions_of_the_account_at_once) {
    const token_pair other_session = sign_in(server_, "ada@example.com", user_password);
    ASSERT_EQ(api_client(server_, other_session.access).send("POST", "/auth/logout-all", std::nullopt).status,
              204);
    EXPECT_EQ(access_status(), 401);
    EXPECT_EQ(refresh_status(), 401);
    EXPECT_EQ(api_client(server_, other_session.access).get("/devices").status, 401);
    EXPECT_EQ(admin_.get("/admin/users").status, 200) << "sessions of other accounts continue";
    EXPECT_EQ(api_client(server_).send("POST", "/auth/logout-all", std::nullopt).status, 401);
}

TEST_F(session_end, a_new_address_does_not_end_sessions) {
    ASSERT_EQ(admin_.put(ada_target(), json::object{{"email", "lovelace@example.com"}}).status, 200);
    EXPECT_EQ(access_status(), 200);
    EXPECT_EQ(refresh_status(), 200);
}

} // namespace
} // namespace breakwater::test
