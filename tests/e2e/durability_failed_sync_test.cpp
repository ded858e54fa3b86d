// Failing syncs, which killing the server cannot produce. strace injects the failures between the server and
// the kernel.

#include "support/child_process.hpp"
#include "support/e2e.hpp"
#include "support/reading_load.hpp"

#include <csignal>
#include <cstdlib>
#include <iterator>
#include <optional>

#include <sys/wait.h>

namespace breakwater::test {
namespace {

namespace json = boost::json;

/// Runs the server under strace, as a direct child of the test (-D). The syncs numbered `when` fail. strace
/// counts for each thread; only the writer thread syncs often enough to matter.
server_process::options under_strace(const std::filesystem::path& log, const std::string& when) {
    const char* inherited = std::getenv("ASAN_OPTIONS");
    return {.variables = {{"MIN_SECONDS_BETWEEN_READINGS", "0"},
                          {"DEVICE_BCRYPT_COST", "4"},
                          // The leak check does not work under a tracer.
                          {"ASAN_OPTIONS",
                           (inherited != nullptr ? std::string{inherited} + ":" : "") + "detect_leaks=0"}},
            .arguments = {},
            .wrapper = {"strace", "-D", "-f", "-qq", "-o", log.string(), "-e", "trace=fsync,fdatasync", "-e",
                        "inject=fsync,fdatasync:error=EIO:when=" + when}};
}

std::size_t count_injected(const std::filesystem::path& log) {
    std::ifstream input{log};
    const std::string text{std::istreambuf_iterator<char>{input}, {}};
    std::size_t count = 0;
    for (auto at = text.find("(INJECTED)"); at != std::string::npos; at = text.find("(INJECTED)", at + 1))
        ++count;
    return count;
}

class failed_sync : public testing::Test {
protected:
    void SetUp() override {
        BREAKWATER_ONLY_ON_SQLITE("the server syncs the disk itself");
        const pid_t child =
            start_child({"strace", "-o", "/dev/null", "true"}, {}, traces_.path(), -1, -1, -1);
        int status = 0;
        ::waitpid(child, &status, 0);
        ASSERT_EQ(exit_code_of(status), 0)
            << "This test makes syncs fail with strace, which is missing (apt-get install strace) or may not "
               "trace here (ptrace is forbidden: a container needs --cap-add=SYS_PTRACE).";
    }

    /// Starts the server under strace, creates devices and starts a load that runs until the test stops it.
    void start_load(const std::string& when) {
        server_.emplace(under_strace(log(), when));
        admin_.emplace(as_admin(*server_));
        std::vector<std::string> tokens;
        for (int i = 0; i < 4; ++i) {
            device_ = create_device(*admin_, "Mast " + std::to_string(i));
            tokens.push_back(device_token(*server_, device_));
        }
        load_.emplace(std::move(tokens), 4);
        load_->start(server_->port());
    }

    [[nodiscard]] std::filesystem::path log() const { return traces_ / "trace"; }

    void restart_without_strace() {
        server_->settings().wrapper.clear();
        server_->start();
    }

    temp_folder traces_;
    std::optional<server_process> server_;
    std::optional<api_client> admin_;
    device_credentials device_;
    std::optional<reading_load> load_;
};

TEST_F(failed_sync, acknowledges_nothing_serves_reads_and_recovers) {
    start_load("60..180");
    ASSERT_TRUE(load_->wait_until([](const upload_results& results) { return !results.refused.empty(); }));
    EXPECT_EQ(admin_->get("/devices/" + device_.id + "/readings?limit=5").status, 200) << "reads work";
    EXPECT_EQ(admin_->get("/healthz").status, 200);
    const std::size_t accepted_before = load_->results().accepted.size();
    ASSERT_TRUE(load_->wait_until([&](const upload_results& results) {
        return results.accepted.size() > accepted_before + 50;
    })) << "the server did not recover; its output:\n"
        << server_->output();
    EXPECT_EQ(admin_->get("/readyz").status, 200);
    load_->stop();
    EXPECT_EQ(count_injected(log()), 121U) << "the server issued every sync of the range, and each failed";
    const upload_results results = load_->results();
    EXPECT_EQ(results.refused_with(503), results.refused.size()) << "a failed sync is not a full disk";
    EXPECT_TRUE(results.unanswered.empty());
    expect_as_answered(stored_data{server_->database_url()}, results);

    server_->kill();
    restart_without_strace();
    expect_as_answered(stored_data{server_->database_url()}, results);
}

class permanently_failing_sync : public failed_sync, public testing::WithParamInterface<int> {};

TEST_P(permanently_failing_sync, keeps_acknowledged_readings_and_no_refused_ones) {
    start_load("60+");
    ASSERT_TRUE(
        load_->wait_until([](const upload_results& results) { return results.refused.size() > 100; }));
    const std::size_t accepted = load_->results().accepted.size();
    ASSERT_TRUE(
        load_->wait_until([](const upload_results& results) { return results.refused.size() > 200; }));
    EXPECT_EQ(load_->results().accepted.size(), accepted) << "no more readings are acknowledged";

    EXPECT_EQ(admin_->get("/readyz").status, 503);
    EXPECT_EQ(admin_->get("/devices/" + device_.id + "/readings?limit=5").status, 200);
    EXPECT_EQ(admin_->get("/admin/users").status, 200);
    api_client anyone{*server_};
    EXPECT_EQ(
        anyone.post("/auth/login", json::object{{"email", admin_email}, {"password", admin_password}}).status,
        503)
        << "the session could not be stored";
    EXPECT_EQ(anyone.post("/auth/login", json::object{{"email", admin_email}, {"password", "wrong"}}).status,
              503)
        << "the denial could not be logged";
    EXPECT_EQ(admin_->post("/devices", json::object{{"name", "Lost"}, {"category", "smart_lock"}}).status,
              503);
    const auto rotated = admin_->post("/devices/" + device_.id + "/rotate-secret");
    EXPECT_EQ(rotated.status, 503);
    EXPECT_TRUE(rotated.has("Retry-After"));

    // The last refused transactions are now complete at the end of the write-ahead log, and no later write
    // overwrites them.
    load_->stop();
    server_->signal(GetParam());
    ASSERT_NE(server_->wait(), -1) << "the server exits although its disk fails";
    restart_without_strace();
    expect_as_answered(stored_data{server_->database_url()}, load_->results());
    api_client admin = as_admin(*server_);
    EXPECT_EQ(admin.get("/devices").json().as_array().size(), 4U) << "the refused device was not stored";
    EXPECT_FALSE(device_token(*server_, device_).empty()) << "the refused rotation did not change the secret";
    EXPECT_EQ(admin.get("/readyz").status, 200);
}

INSTANTIATE_TEST_SUITE_P(e2e, permanently_failing_sync, testing::Values(SIGKILL, SIGTERM),
                         [](const auto& test) { return test.param == SIGKILL ? "killed" : "stopped"; });

TEST_F(failed_sync, at_startup_is_reported_and_the_next_start_works) {
    server_process server{
        {.variables = {{"MIN_SECONDS_BETWEEN_READINGS", "0"}, {"DEVICE_BCRYPT_COST", "4"}}}};
    api_client admin = as_admin(server);
    const device_credentials device = create_device(admin);
    reading_load load{{device_token(server, device)}, 2};
    load.start(server.port());
    ASSERT_TRUE(load.wait_until([](const upload_results& results) { return results.accepted.size() > 50; }));
    server.kill();
    load.stop();

    const auto traced = under_strace(log(), "1+");
    server.settings().wrapper = traced.wrapper;
    try {
        server.start();
        ADD_FAILURE() << "the server started although every sync failed";
    } catch (const std::runtime_error& failure) {
        EXPECT_NE(std::string{failure.what()}.find("database"), std::string::npos) << failure.what();
    }
    EXPECT_GE(count_injected(log()), 1U);
    server.settings().wrapper.clear();
    server.start();
    expect_as_answered(stored_data{server.database_url()}, load.results());
}

} // namespace
} // namespace breakwater::test
