#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

http_response make_account(const server_process& server, std::string_view email,
                           std::string_view token = {}) {
    boost::json::object body{{"email", email}, {"password", user_password}};
    if (!token.empty())
        body["invitation"] = token;
    return api_client{server}.post("/auth/register", body);
}

TEST(registration, is_open_locally_and_by_invitation_elsewhere) {
    server_process local;
    EXPECT_EQ(api_client{local}.get("/healthz").text("/registration"), "open");
    EXPECT_EQ(make_account(local, "ada@example.com").status, 201);
    server_process fleet{
        {.variables = {{"ENVIRONMENT", "production"},
                       {"JWT_SECRET_KEY", "a-long-enough-secret-for-access-tokens-0001"},
                       {"JWT_REFRESH_SECRET_KEY", "a-long-enough-secret-for-refresh-tokens-01"},
                       {"JWT_DEVICE_SECRET_KEY", "a-long-enough-secret-for-device-tokens-001"}}}};
    EXPECT_EQ(api_client{fleet}.get("/healthz").text("/registration"), "invite");
    EXPECT_EQ(make_account(fleet, "ada@example.com").status, 403);
}

TEST(registration, that_is_closed_lets_nobody_in_with_an_invitation_either) {
    server_process server{{.variables = {{"REGISTRATION", "closed"}}}};
    api_client admin = as_admin(server);
    const auto made = admin.post("/admin/invitations", boost::json::object{});
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(make_account(server, "ada@example.com", made.text("/token")).status, 403);
    EXPECT_EQ(count_events(admin, "register", "denied"), 1);
}

class invitations : public testing::Test {
protected:
    std::string invite(const boost::json::object& body = {}) {
        const auto made = admin_.post("/admin/invitations", body);
        EXPECT_EQ(made.status, 201) << made.body;
        return made.text("/token");
    }
    std::size_t open() { return admin_.get("/admin/invitations").json().as_array().size(); }

    server_process server_{{.variables = {{"REGISTRATION", "invite"}}}};
    api_client admin_ = as_admin(server_);
};

TEST_F(invitations, let_one_person_make_one_account) {
    const std::string token = invite();
    EXPECT_EQ(open(), 1U);
    EXPECT_EQ(make_account(server_, "ada@example.com").status, 403);
    EXPECT_EQ(make_account(server_, "ada@example.com", token.substr(1)).status, 403);
    EXPECT_EQ(make_account(server_, "ada@example.com", token).status, 201);
    EXPECT_EQ(make_account(server_, "eve@example.com", token).status, 403) << "it was used";
    EXPECT_EQ(open(), 0U);
    EXPECT_NO_THROW(sign_in(server_, "ada@example.com", user_password));
    EXPECT_EQ(count_events(admin_, "register", "denied"), 1) << "and its repeats are counted";
    EXPECT_EQ(count_events(admin_, "invitation_create", "success"), 1);
}

TEST_F(invitations, bound_to_an_address_are_good_for_no_other_and_carry_the_role) {
    const std::string token = invite({{"email", "Grace@Example.com"}, {"role", "admin"}});
    EXPECT_EQ(make_account(server_, "eve@example.com", token).status, 403);
    EXPECT_EQ(make_account(server_, "grace@example.com", token).text("/role"), "admin");
    api_client grace{server_, sign_in(server_, "grace@example.com", user_password).access};
    EXPECT_EQ(grace.get("/admin/users").status, 200);
}

TEST_F(invitations, used_by_many_at_once_make_one_account) {
    const std::string token = invite();
    std::atomic<int> made = 0;
    std::vector<std::thread> callers;
    for (int i = 0; i < 8; ++i)
        callers.emplace_back([&, i] {
            if (make_account(server_, "eve" + std::to_string(i) + "@example.com", token).status == 201)
                ++made;
        });
    for (std::thread& each : callers)
        each.join();
    EXPECT_EQ(made, 1);
}

TEST_F(invitations, stay_good_where_making_the_account_failed) {
    const std::string token = invite();
    EXPECT_EQ(make_account(server_, admin_email, token).status, 400) << "the address is taken";
    EXPECT_EQ(make_account(server_, "ada@example.com", token).status, 201);
}

TEST_F(invitations, are_withdrawn_and_are_for_administrators_alone) {
    const auto made = admin_.post("/admin/invitations", boost::json::object{{"expires_in_hours", 1}});
    const std::string id = std::to_string(made.number("/id"));
    ASSERT_EQ(make_account(server_, "ada@example.com", invite()).status, 201);
    api_client ada{server_, sign_in(server_, "ada@example.com", user_password).access};
    EXPECT_EQ(ada.get("/admin/invitations").status, 403);
    EXPECT_EQ(ada.del("/admin/invitations/" + id).status, 403);
    EXPECT_EQ(admin_.del("/admin/invitations/" + id).status, 204);
    EXPECT_EQ(admin_.del("/admin/invitations/" + id).status, 404);
    EXPECT_EQ(make_account(server_, "eve@example.com", made.text("/token")).status, 403);
    EXPECT_EQ(admin_.post("/admin/invitations", boost::json::object{{"expires_in_hours", 721}}).status, 422);
    EXPECT_EQ(admin_.post("/admin/invitations", boost::json::object{{"email", "nobody"}}).status, 422);
}

TEST_F(invitations, are_made_at_the_shell_too) {
    ASSERT_EQ(server_.stop(), 0);
    const auto made = run_program({"invitation", "create", "--email", "ada@example.com"}, server_.folder(),
                                  test_environment(server_.folder()));
    ASSERT_EQ(made.exit_code, 0) << made.err;
    const std::string token = made.out.substr(made.out.find('=') + 1, 43);
    const auto listed =
        run_program({"invitation", "list"}, server_.folder(), test_environment(server_.folder()));
    EXPECT_NE(listed.out.find("ada@example.com"), std::string::npos) << listed.out;
    server_.start();
    EXPECT_EQ(make_account(server_, "ada@example.com", token).status, 201);
}

} // namespace
} // namespace breakwater::test
