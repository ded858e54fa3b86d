#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;

class admin_users : public testing::Test {
protected:
    server_process server_;
    api_client admin_ = as_admin(server_);

    http_response create(const json::object& body) { return admin_.post("/admin/users", body); }
};

TEST_F(admin_users, are_created_listed_updated_and_deleted) {
    const auto created =
        create({{"email", "ada@example.com"}, {"password", user_password}, {"role", "admin"}});
    ASSERT_EQ(created.status, 201) << created.body;
    EXPECT_EQ(created.text("/role"), "admin");
    const std::string target = "/admin/users/" + std::to_string(created.number("/id"));

    const auto rows = admin_.get("/admin/users").json().as_array();
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].as_object().size(), 5U) << "id, email, role, created_at and disabled; no password hash";

    const auto updated =
        admin_.put(target, json::object{{"email", "lovelace@example.com"}, {"role", "user"}});
    ASSERT_EQ(updated.status, 200);
    EXPECT_EQ(updated.text("/email"), "lovelace@example.com");
    EXPECT_EQ(updated.text("/role"), "user");

    EXPECT_EQ(admin_.del(target).status, 204);
    EXPECT_EQ(admin_.del(target).status, 404);
    EXPECT_EQ(admin_.put(target, json::object{{"role", "user"}}).status, 404);
    for (const std::string_view event : {"user_create", "user_update", "user_delete"})
        EXPECT_GE(count_events(admin_, event, "success"), 1) << event;
}

TEST_F(admin_users, have_the_role_user_by_default) {
    EXPECT_EQ(create({{"email", "ada@example.com"}, {"password", user_password}}).text("/role"), "user");
}

TEST_F(admin_users, need_a_unique_address) {
    ASSERT_EQ(create({{"email", "ada@example.com"}, {"password", user_password}}).status, 201);
    EXPECT_EQ(create({{"email", "ada@example.com"}, {"password", user_password}}).status, 400);
    const auto eve = create({{"email", "eve@example.com"}, {"password", user_password}});
    EXPECT_EQ(admin_
                  .put("/admin/users/" + std::to_string(eve.number("/id")),
                       json::object{{"email", "ada@example.com"}})
                  .status,
              400);
}

TEST_F(admin_users, cannot_delete_themselves_or_demote_the_last_administrator) {
    EXPECT_EQ(admin_.del("/admin/users/1").status, 400);
    EXPECT_EQ(admin_.put("/admin/users/1", json::object{{"role", "user"}}).status, 400);
}

TEST_F(admin_users, are_validated) {
    EXPECT_EQ(create({{"email", "ada@example.com"}, {"password", "password1"}}).status, 422);
    EXPECT_EQ(create({{"email", "ada@example.com"}, {"password", "short"}}).status, 422);
    EXPECT_EQ(create({{"email", "ada@example.com"}, {"password", user_password}, {"role", "emperor"}}).status,
              422);
    EXPECT_EQ(admin_.del("/admin/users/abc").status, 422);
    EXPECT_EQ(admin_.del("/admin/users/99999999999999999999").status, 422);
}

} // namespace
} // namespace breakwater::test
