#include "support/e2e.hpp"
#include "support/live_client.hpp"

#include <cstdint>
#include <fstream>

namespace breakwater::test {
namespace {

namespace json = boost::json;

constexpr std::int64_t hour = 3600;
constexpr std::int64_t day = 24 * hour;

/// A server whose wall clock the test sets.
class clock_jump : public testing::Test {
protected:
    void SetUp() override {
#ifdef __SANITIZE_ADDRESS__
        GTEST_SKIP() << "the sanitizer must be loaded before other libraries";
#endif
        server_.stop();
        set_clock(0);
        const auto folder = std::filesystem::read_symlink("/proc/self/exe").parent_path();
        server_.settings().variables["LD_PRELOAD"] = (folder / "libwall_shift.so").string();
        server_.settings().variables["WALL_SHIFT_FILE"] = shift_file().string();
        server_.start();
        ada_ = as_new_user(server_, "ada@example.com");
        sign_in_again();
    }
    [[nodiscard]] std::filesystem::path shift_file() const { return server_.folder() / "wall_shift"; }
    /// From now on the server's clock is wrong by that many seconds.
    void set_clock(std::int64_t seconds) {
        std::fstream file{shift_file(), std::ios::in | std::ios::out | std::ios::binary};
        if (!file)
            file.open(shift_file(), std::ios::out | std::ios::binary);
        file.write(reinterpret_cast<const char*>(&seconds), sizeof seconds);
    }
    /// Gets new tokens, because the times in the old ones belong to the previous clock.
    void sign_in_again() {
        admin_ = as_admin(server_);
        ada_ = api_client{server_, sign_in(server_, "ada@example.com", user_password).access};
    }
    /// Runs a command at the server's shell with the same clock.
    program_result run(const std::vector<std::string>& arguments, std::string_view input = {}) {
        environment variables = test_environment(server_.folder());
        for (const auto& [name, value] : server_.settings().variables)
            variables[name] = value;
        return run_program(arguments, server_.folder(), variables, input);
    }
    json::value held_until() { return admin_.get("/healthz").json().at("retention_held_until"); }
    /// Waits up to 30 s for a condition that a background task of the server fulfils.
    template <class Condition>
    bool comes_true(Condition condition) {
        for (int i = 0; i < 300; ++i) {
            if (condition())
                return true;
            std::this_thread::sleep_for(std::chrono::milliseconds{100});
        }
        return false;
    }

    server_process server_{
        {.variables = {{"MIN_SECONDS_BETWEEN_READINGS", "0"}, {"DEVICE_BCRYPT_COST", "4"}}}};
    api_client admin_{server_};
    api_client ada_{server_};
};

TEST_F(clock_jump, forward_while_the_server_is_stopped_removes_nothing_until_an_administrator_confirms) {
    ASSERT_EQ(count_events(admin_, "register", "success"), 1);
    ASSERT_TRUE(held_until().is_null());
    EXPECT_EQ(admin_.send("POST", "/admin/retention/release", "").status, 400);
    ASSERT_EQ(server_.stop(), 0);
    set_clock(365 * day);
    server_.start();
    sign_in_again();
    EXPECT_FALSE(held_until().is_null());
    EXPECT_EQ(count_events(admin_, "clock_forward", "error"), 1);
    EXPECT_EQ(count_events(admin_, "register", "success"), 1) << "the event now seems a year old";
    EXPECT_EQ(ada_.send("POST", "/admin/retention/release", "").status, 403);
    EXPECT_EQ(admin_.send("POST", "/admin/retention/release", "").status, 204);
    EXPECT_TRUE(held_until().is_null());
    EXPECT_EQ(count_events(admin_, "retention_release", "success"), 1);
    EXPECT_TRUE(comes_true([this] { return count_events(admin_, "register", "success") == 0; }))
        << "retention removes it after thirty days";
}

TEST_F(clock_jump, is_not_hidden_by_a_command_at_the_shell) {
    ASSERT_EQ(server_.stop(), 0);
    set_clock(365 * day);
    const auto created = run({"user", "create", "eve@example.com", "--password-stdin"}, user_password);
    ASSERT_EQ(created.exit_code, 0) << created.err;
    server_.start();
    sign_in_again();
    EXPECT_FALSE(held_until().is_null());
    EXPECT_EQ(count_events(admin_, "clock_forward", "error"), 1);
    EXPECT_EQ(count_events(admin_, "register", "success"), 1) << "the event now seems a year old";
}

TEST_F(clock_jump, can_be_confirmed_at_the_shell_while_the_server_is_stopped) {
    EXPECT_EQ(run({"retention", "release"}).exit_code, 1) << "the server uses the database";
    ASSERT_EQ(server_.stop(), 0);
    const auto refused = run({"retention", "release"});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_NE(refused.err.find("Retention is not on hold."), std::string::npos) << refused.err;
    set_clock(365 * day);
    const auto released = run({"retention", "release"});
    EXPECT_EQ(released.exit_code, 0) << released.err;
    server_.start();
    sign_in_again();
    EXPECT_TRUE(held_until().is_null());
    EXPECT_EQ(count_events(admin_, "clock_forward", "error"), 1);
    EXPECT_EQ(count_events(admin_, "retention_release", "success"), 1);
    EXPECT_TRUE(comes_true([this] { return count_events(admin_, "register", "success") == 0; }))
        << "retention removes it after thirty days";
}

TEST_F(clock_jump, does_not_leave_a_future_value_as_the_latest) {
    const device_credentials mast = create_device(ada_, "Mast");
    const auto upload = [&](int value) {
        return as_device(server_, mast).post("/device/readings", {{"payload", {{"v", value}}}}).status;
    };
    const auto latest = [&] {
        return ada_.get("/devices/latest").json().at(0).at("fields").at(0).at("value").as_int64();
    };
    set_clock(365 * day);
    sign_in_again();
    ASSERT_EQ(upload(1), 201);
    EXPECT_EQ(latest(), 1);
    set_clock(0);
    sign_in_again();
    EXPECT_EQ(latest(), 1) << "there is no other value";
    ASSERT_EQ(upload(2), 201);
    EXPECT_EQ(latest(), 2);
    ASSERT_EQ(server_.stop(), 0);
    server_.start();
    sign_in_again();
    EXPECT_EQ(latest(), 2);
    ASSERT_EQ(upload(3), 201);
    EXPECT_EQ(latest(), 3);
}

TEST_F(clock_jump, while_the_server_runs_is_detected_and_hides_no_alert) {
    add_hot_rule(admin_);
    const device_credentials mast = create_device(ada_, "Mast");
    ASSERT_EQ(as_device(server_, mast).post("/device/readings", {{"payload", {{"v", 1}}}}).status, 201);
    set_clock(-hour / 2);
    sign_in_again();
    ASSERT_EQ(as_device(server_, mast).post("/device/readings", {{"payload", {{"v", 31}}}}).status, 201);
    EXPECT_TRUE(comes_true([this] { return ada_.get("/alerts/summary").json().at("open") == 1; }));
    EXPECT_TRUE(comes_true([this] { return count_events(admin_, "clock_back", "success") == 1; }));
    EXPECT_TRUE(held_until().is_null());
    set_clock(400 * day);
    sign_in_again();
    EXPECT_TRUE(comes_true([this] { return !held_until().is_null(); }));
    EXPECT_EQ(as_device(server_, mast).post("/device/readings", {{"payload", {{"v", 1}}}}).status, 201);
    EXPECT_TRUE(comes_true([this] { return ada_.get("/alerts/summary").json().at("open") == 0; }));
    set_clock(0);
    sign_in_again();
    EXPECT_TRUE(comes_true([this] { return held_until().is_null(); })) << "the clock is right again";
}

} // namespace
} // namespace breakwater::test
