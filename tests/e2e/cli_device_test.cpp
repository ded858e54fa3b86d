#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;

class cli_device : public testing::Test {
protected:
    cli_device() {
        server_.stop();
        EXPECT_EQ(run({"user", "create", "ada@example.com", "--password-stdin"}, user_password).exit_code, 0);
    }
    program_result run(const std::vector<std::string>& arguments, std::string_view input = {}) {
        return run_program(arguments, server_.folder(), test_environment(server_.folder()), input);
    }
    device_credentials create(std::string_view name) {
        const auto created = run({"device", "create", std::string{name}, "--category", "smart_lock",
                                  "--owner", "ada@example.com", "--json"});
        EXPECT_EQ(created.exit_code, 0) << created.err;
        return credentials(created);
    }
    static device_credentials credentials(const program_result& created) {
        const json::value document = json::parse(created.out);
        return {std::string{document.at("device_id").as_string()},
                std::string{document.at("device_secret").as_string()}};
    }
    json::array list(std::vector<std::string> options) {
        options.insert(options.begin(), {"device", "list", "--json"});
        const auto listed = run(options);
        EXPECT_EQ(listed.exit_code, 0) << listed.err;
        return json::parse(listed.out).as_array();
    }
    int token_status(const device_credentials& device) {
        return api_client{server_}
            .post("/device/token", json::object{{"device_id", device.id}, {"device_secret", device.secret}})
            .status;
    }

    server_process server_;
};

TEST_F(cli_device, creates_a_device_that_signs_in_and_belongs_to_its_owner) {
    const device_credentials lock = create("Front door");
    server_.start();
    EXPECT_EQ(token_status(lock), 200);
    api_client ada{server_, sign_in(server_, "ada@example.com", user_password).access};
    const auto devices = ada.get("/devices").json().as_array();
    ASSERT_EQ(devices.size(), 1U);
    EXPECT_EQ(devices[0].at("id").as_string(), lock.id);
    api_client admin = as_admin(server_);
    const auto events =
        admin.get("/admin/security-events?event_type=device_create&actor_type=system").json().as_array();
    ASSERT_FALSE(events.empty());
    EXPECT_NE(events[0].at("detail").as_string().find(lock.id), json::string::npos);
}

TEST_F(cli_device, prints_the_secret_to_standard_output_only) {
    const auto created =
        run({"device", "create", "Front door", "--category", "smart_lock", "--owner", "ada@example.com"});
    ASSERT_EQ(created.exit_code, 0) << created.err;
    const auto at = created.out.find("device_secret  ");
    ASSERT_NE(at, std::string::npos) << created.out;
    const std::string secret = created.out.substr(at + 15, 43);
    EXPECT_EQ(created.err.find(secret), std::string::npos);
    ASSERT_EQ(run({"backup", "copy"}).exit_code, 0);
    std::ifstream in{server_.folder() / "copy", std::ios::binary};
    const std::string stored{std::istreambuf_iterator<char>{in}, {}};
    EXPECT_EQ(stored.find(secret), std::string::npos) << "the database has only its hash";
}

TEST_F(cli_device, rotates_a_secret) {
    const device_credentials lock = create("Front door");
    const auto rotated = run({"device", "rotate", lock.id, "--json"});
    ASSERT_EQ(rotated.exit_code, 0) << rotated.err;
    const device_credentials now = credentials(rotated);
    EXPECT_EQ(now.id, lock.id);
    EXPECT_NE(now.secret, lock.secret);
    server_.start();
    EXPECT_EQ(token_status(lock), 401);
    EXPECT_EQ(token_status(now), 200);
}

TEST_F(cli_device, lists_by_owner_status_and_category) {
    const device_credentials lock = create("Front door");
    create("Back door");
    server_.start();
    api_client ada{server_, sign_in(server_, "ada@example.com", user_password).access};
    ASSERT_EQ(ada.post("/devices/" + lock.id + "/deactivate").status, 200);
    create_device(ada, "Mast", "weather_station");
    // The server still runs.
    EXPECT_EQ(list({"--owner", "ada@example.com"}).size(), 3U);
    EXPECT_EQ(list({"--owner", "ada@example.com", "--category", "smart_lock"}).size(), 2U);
    const auto blocked = list({"--status", "blocked"});
    ASSERT_EQ(blocked.size(), 1U);
    EXPECT_EQ(blocked[0].at("id").as_string(), lock.id);
    EXPECT_EQ(blocked[0].at("owner").as_string(), "ada@example.com");
    EXPECT_TRUE(list({"--owner", "ada@example.com", "--category", "ip_camera"}).empty());
    EXPECT_NE(run({"device", "list"}).out.find("Front door"), std::string::npos);
}

TEST_F(cli_device, refuses_invalid_arguments) {
    const auto create_with = [&](const std::string& name, const std::string& category,
                                 const std::string& owner) {
        return run({"device", "create", name, "--category", category, "--owner", owner});
    };
    EXPECT_EQ(create_with("ab", "smart_lock", "ada@example.com").exit_code, 2);
    EXPECT_EQ(create_with(std::string(101, 'x'), "smart_lock", "ada@example.com").exit_code, 2);
    EXPECT_EQ(create_with("a\nbc", "smart_lock", "ada@example.com").exit_code, 2);
    EXPECT_EQ(create_with("Front door", "smart_lock", "nobody@example.com").exit_code, 1);
    const auto unknown = create_with("Front door", "toaster", "ada@example.com");
    EXPECT_EQ(unknown.exit_code, 2);
    EXPECT_NE(unknown.err.find("weather_station"), std::string::npos)
        << "the error lists the valid categories: " << unknown.err;
    EXPECT_EQ(run({"device", "create", "Front door"}).exit_code, 2);
    EXPECT_EQ(run({"device", "rotate", "not-an-id"}).exit_code, 2);
    EXPECT_EQ(run({"device", "rotate", "3f1c0c52-6f0e-4f7e-9c63-0d2f6d6c2a11"}).exit_code, 1);
    EXPECT_EQ(run({"device", "list", "--owner", "nobody@example.com"}).exit_code, 1);
    EXPECT_TRUE(list({"--owner", "ada@example.com"}).empty());
}

} // namespace
} // namespace breakwater::test
