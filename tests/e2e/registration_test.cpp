#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

http_response register_account(const server_process& server, std::string_view email,
                               std::string_view token = {}) {
    boost::json::object body{{"email", email}, {"password", user_password}};
    if (!token.empty())
        body["invitation"] = token;
    return api_client{server}.post("/auth/register", body);
}

TEST(registration, is_open_locally_and_by_invitation_elsewhere) {
    server_process local;
    EXPECT_EQ(api_client{local}.get("/healthz").text("/registration"), "open");
    EXPECT_EQ(register_account(local, "ada@example.com").status, 201);
    server_process fleet{
        {.variables = {{"ENVIRONMENT", "production"},
                       {"JWT_SECRET_KEY", "a-long-enough-secret-for-access-tokens-0001"},
                       {"JWT_REFRESH_SECRET_KEY", "a-long-enough-secret-for-refresh-tokens-01"},
                       {"JWT_DEVICE_SECRET_KEY", "a-long-enough-secret-for-device-tokens-001"}}}};
    EXPECT_EQ(api_client{fleet}.get("/healthz").text("/registration"), "invite");
    EXPECT_EQ(register_account(fleet, "ada@example.com").status, 403);
}

TEST(registration, that_is_closed_refuses_invitations_too) {
    server_process server{{.variables = {{"REGISTRATION", "closed"}}}};
    api_client admin = as_admin(server);
    const auto created = admin.post("/admin/invitations", boost::json::object{});
    ASSERT_EQ(created.status, 201) << created.body;
    EXPECT_EQ(register_account(server, "ada@example.com", created.text("/token")).status, 403);
    EXPECT_EQ(count_events(admin, "register", "denied"), 1);
}

class invitations : public testing::Test {
protected:
    std::string invite(const boost::json::object& body = {}) {
        const auto created = admin_.post("/admin/invitations", body);
        EXPECT_EQ(created.status, 201) << created.body;
        return created.text("/token");
    }
    std::size_t count_open() { return admin_.get("/admin/invitations").json().as_array().size(); }

    server_process server_{{.variables = {{"REGISTRATION", "invite"}}}};
    api_client admin_ = as_admin(server_);
};

TEST_F(invitations, allow_one_registration_each) {
    const std::string token = invite();
    EXPECT_EQ(count_open(), 1U);
    EXPECT_EQ(register_account(server_, "ada@example.com").status, 403);
    EXPECT_EQ(register_account(server_, "ada@example.com", token.substr(1)).status, 403);
    EXPECT_EQ(register_account(server_, "ada@example.com", token).status, 201);
    EXPECT_EQ(register_account(server_, "eve@example.com", token).status, 403) << "the invitation was used";
    EXPECT_EQ(count_open(), 0U);
    EXPECT_NO_THROW(sign_in(server_, "ada@example.com", user_password));
    EXPECT_EQ(count_events(admin_, "register", "denied"), 1) << "repeats are counted in the same row";
    EXPECT_EQ(count_events(admin_, "invitation_create", "success"), 1);
}

TEST_F(invitations, for_an_address_are_valid_only_for_it_and_assign_the_role) {
    const std::string token = invite({{"email", "Grace@Example.com"}, {"role", "admin"}});
    EXPECT_EQ(register_account(server_, "eve@example.com", token).status, 403);
    EXPECT_EQ(register_account(server_, "grace@example.com", token).text("/role"), "admin");
    api_client grace{server_, sign_in(server_, "grace@example.com", user_password).access};
    EXPECT_EQ(grace.get("/admin/users").status, 200);
}

TEST_F(invitations, used_concurrently_create_one_account) {
    const std::string token = invite();
    std::atomic<int> created = 0;
    std::vector<std::thread> callers;
    for (int i = 0; i < 8; ++i)
        callers.emplace_back([&, i] {
            if (register_account(server_, "eve" + std::to_string(i) + "@example.com", token).status == 201)
                ++created;
        });
    for (std::thread& caller : callers)
        caller.join();
    EXPECT_EQ(created, 1);
}

TEST_F(invitations, remain_valid_when_the_registration_fails) {
    const std::string token = invite();
    EXPECT_EQ(register_account(server_, admin_email, token).status, 400) << "the address is taken";
    EXPECT_EQ(register_account(server_, "ada@example.com", token).status, 201);
}

TEST_F(invitations, are_managed_only_by_administrators) {
    const auto created = admin_.post("/admin/invitations", boost::json::object{{"expires_in_hours", 1}});
    const std::string id = std::to_string(created.number("/id"));
    ASSERT_EQ(register_account(server_, "ada@example.com", invite()).status, 201);
    api_client ada{server_, sign_in(server_, "ada@example.com", user_password).access};
    EXPECT_EQ(ada.get("/admin/invitations").status, 403);
    EXPECT_EQ(ada.del("/admin/invitations/" + id).status, 403);
    EXPECT_EQ(admin_.del("/admin/invitations/" + id).status, 204);
    EXPECT_EQ(admin_.del("/admin/invitations/" + id).status, 404);
    EXPECT_EQ(register_account(server_, "eve@example.com", created.text("/token")).status, 403);
    EXPECT_EQ(admin_.post("/admin/invitations", boost::json::object{{"expires_in_hours", 721}}).status, 422);
    EXPECT_EQ(admin_.post("/admin/invitations", boost::json::object{{"email", "nobody"}}).status, 422);
}

TEST_F(invitations, are_created_by_a_command_too) {
    ASSERT_EQ(server_.stop(), 0);
    const auto created = run_program({"invitation", "create", "--email", "ada@example.com"}, server_.folder(),
                                     test_environment(server_.folder()));
    ASSERT_EQ(created.exit_code, 0) << created.err;
    const std::string token = created.out.substr(created.out.find('=') + 1, 43);
    const auto listed =
        run_program({"invitation", "list"}, server_.folder(), test_environment(server_.folder()));
    EXPECT_NE(listed.out.find("ada@example.com"), std::string::npos) << listed.out;
    server_.start();
    EXPECT_EQ(register_account(server_, "ada@example.com", token).status, 201);
}

} // namespace
} // namespace breakwater::test
