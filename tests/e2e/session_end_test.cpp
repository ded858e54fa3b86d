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
        const auto found = admin_.get("/admin/users").json().as_array();
        for (const json::value& row : found)
            if (row.at("email").as_string() == "ada@example.com")
                return "/admin/users/" + std::to_string(row.at("id").as_int64());
        throw std::runtime_error{"no such user"};
    }
    int status_now() { return api_client{server_, pair_.access}.get("/devices").status; }
    int refresh_now() {
        return api_client{server_}
            .post("/auth/refresh", json::object{{"refresh_token", pair_.refresh}})
            .status;
    }
};

TEST_F(session_end, comes_at_once_with_a_new_password) {
    ASSERT_EQ(status_now(), 200);
    ASSERT_EQ(admin_.put(ada_target(), json::object{{"password", "another good password"}}).status, 200);
    EXPECT_EQ(status_now(), 401);
    EXPECT_EQ(refresh_now(), 401);
    EXPECT_FALSE(sign_in(server_, "ada@example.com", "another good password").access.empty());
}

TEST_F(session_end, comes_at_once_with_a_new_role) {
    ASSERT_EQ(admin_.put(ada_target(), json::object{{"role", "admin"}}).status, 200);
    EXPECT_EQ(status_now(), 401);
    EXPECT_EQ(refresh_now(), 401);
    api_client promoted{server_, sign_in(server_, "ada@example.com", user_password).access};
    EXPECT_EQ(promoted.get("/admin/users").status, 200);
}

TEST_F(session_end, comes_at_once_with_deletion) {
    const made_device device = create_device(ada_);
    api_client thing = as_device(server_, device);
    ASSERT_EQ(admin_.del(ada_target()).status, 204);
    EXPECT_EQ(status_now(), 401);
    EXPECT_EQ(refresh_now(), 401);
    EXPECT_EQ(thing.post("/device/readings", json::object{{"payload", sample_payload()}}).status, 401);
    EXPECT_EQ(admin_.get("/devices/" + device.id).status, 404);
}

TEST_F(session_end, comes_everywhere_at_once_when_asked_for) {
    const token_pair elsewhere = sign_in(server_, "ada@example.com", user_password);
    ASSERT_EQ(api_client(server_, elsewhere.access).send("POST", "/auth/logout-all", std::nullopt).status,
              204);
    EXPECT_EQ(status_now(), 401);
    EXPECT_EQ(refresh_now(), 401);
    EXPECT_EQ(api_client(server_, elsewhere.access).get("/devices").status, 401);
    EXPECT_EQ(admin_.get("/admin/users").status, 200) << "nobody else's";
    EXPECT_EQ(api_client(server_).send("POST", "/auth/logout-all", std::nullopt).status, 401);
}

TEST_F(session_end, does_not_come_with_a_new_address) {
    ASSERT_EQ(admin_.put(ada_target(), json::object{{"email", "lovelace@example.com"}}).status, 200);
    EXPECT_EQ(status_now(), 200);
    EXPECT_EQ(refresh_now(), 200);
}

} // namespace
} // namespace breakwater::test
