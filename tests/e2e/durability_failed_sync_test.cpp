// What kill -9 can't show: the disk refuses to sync. strace injects the failures between the server and the
// kernel.

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

/// The server as strace's child, kept a child of ours (-D), with syncs failing in `when` (of each thread: the
/// writer's are those that matter, and the others hardly sync).
server_process::options under_strace(const std::filesystem::path& log, const std::string& when) {
    const char* given = std::getenv("ASAN_OPTIONS");
    return {.variables = {{"MIN_SECONDS_BETWEEN_READINGS", "0"},
                          {"DEVICE_BCRYPT_COST", "4"},
                          // The leak check can't run beside a tracer.
                          {"ASAN_OPTIONS",
                           (given != nullptr ? std::string{given} + ":" : "") + "detect_leaks=0"}},
            .arguments = {},
            .wrapper = {"strace", "-D", "-f", "-qq", "-o", log.string(), "-e", "trace=fsync,fdatasync", "-e",
                        "inject=fsync,fdatasync:error=EIO:when=" + when}};
}

std::size_t count_injected(const std::filesystem::path& log) {
    std::ifstream from{log};
    const std::string text{std::istreambuf_iterator<char>{from}, {}};
    std::size_t count = 0;
    for (auto at = text.find("(INJECTED)"); at != std::string::npos; at = text.find("(INJECTED)", at + 1))
        ++count;
    return count;
}

class failed_sync : public testing::Test {
protected:
    void SetUp() override {
        const pid_t child =
            start_child({"strace", "-o", "/dev/null", "true"}, {}, traces_.path(), -1, -1, -1);
        int status = 0;
        ::waitpid(child, &status, 0);
        ASSERT_EQ(exit_code_of(status), 0)
            << "This test makes syncs fail with strace, which is missing (apt-get install strace) or may not "
               "trace "
               "here (ptrace is forbidden: a container wants --cap-add=SYS_PTRACE).";
    }

    /// A server, some readings and the load that goes on through everything.
    void begin(const std::string& when) {
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
    made_device device_;
    std::optional<reading_load> load_;
};

TEST_F(failed_sync, acknowledges_nothing_reads_on_and_recovers_by_itself) {
    begin("60..180");
    ASSERT_TRUE(load_->wait_until([](const upload_book& book) { return !book.refused.empty(); }));
    EXPECT_EQ(admin_->get("/devices/" + device_.id + "/readings?limit=5").status, 200) << "reads go on";
    EXPECT_EQ(admin_->get("/healthz").status, 200);
    const std::size_t kept_before = load_->book().kept.size();
    ASSERT_TRUE(load_->wait_until([&](const upload_book& book) {
        return book.kept.size() > kept_before + 50;
    })) << "the server did not recover; it said:\n"
        << server_->output();
    EXPECT_EQ(admin_->get("/readyz").status, 200);
    load_->stop();
    EXPECT_EQ(count_injected(log()), 121U) << "every sync of the range failed, and the server asked for each";
    const upload_book book = load_->book();
    EXPECT_EQ(book.refused_with(503), book.refused.size()) << "a sync that fails is no full disk";
    EXPECT_TRUE(book.unanswered.empty());
    expect_as_answered(stored_file{server_->database()}, book);

    server_->kill();
    restart_without_strace();
    expect_as_answered(stored_file{server_->database()}, book);
}

class failing_for_good : public failed_sync, public testing::WithParamInterface<int> {};

TEST_P(failing_for_good, leaves_what_was_answered_and_nothing_of_what_was_refused) {
    begin("60+");
    ASSERT_TRUE(load_->wait_until([](const upload_book& book) { return book.refused.size() > 100; }));
    const std::size_t kept = load_->book().kept.size();
    ASSERT_TRUE(load_->wait_until([](const upload_book& book) { return book.refused.size() > 200; }));
    EXPECT_EQ(load_->book().kept.size(), kept) << "nothing is acknowledged any more";

    EXPECT_EQ(admin_->get("/readyz").status, 503);
    EXPECT_EQ(admin_->get("/devices/" + device_.id + "/readings?limit=5").status, 200);
    EXPECT_EQ(admin_->get("/admin/users").status, 200);
    api_client anyone{*server_};
    EXPECT_EQ(
        anyone.post("/auth/login", json::object{{"email", admin_email}, {"password", admin_password}}).status,
        503)
        << "a session that could not be stored is none";
    EXPECT_EQ(anyone.post("/auth/login", json::object{{"email", admin_email}, {"password", "wrong"}}).status,
              503)
        << "a denial that could not be put on record";
    EXPECT_EQ(admin_->post("/devices", json::object{{"name", "Lost"}, {"category", "smart_lock"}}).status,
              503);
    const auto rotated = admin_->post("/devices/" + device_.id + "/rotate-secret");
    EXPECT_EQ(rotated.status, 503);
    EXPECT_TRUE(rotated.has("Retry-After"));

    // The last refusals lie at the end of the log then, whole, and nothing that comes later covers them.
    load_->stop();
    server_->signal(GetParam());
    ASSERT_NE(server_->wait(), -1) << "it ends though its disk fails";
    restart_without_strace();
    expect_as_answered(stored_file{server_->database()}, load_->book());
    api_client again = as_admin(*server_);
    EXPECT_EQ(again.get("/devices").json().as_array().size(), 4U) << "the refused device is not there";
    EXPECT_FALSE(device_token(*server_, device_).empty()) << "the refused rotation left the secret as it was";
    EXPECT_EQ(again.get("/readyz").status, 200);
}

INSTANTIATE_TEST_SUITE_P(e2e, failing_for_good, testing::Values(SIGKILL, SIGTERM),
                         [](const auto& chosen) { return chosen.param == SIGKILL ? "killed" : "stopped"; });

TEST_F(failed_sync, at_the_start_says_so_and_the_next_start_works) {
    server_process whole{{.variables = {{"MIN_SECONDS_BETWEEN_READINGS", "0"}, {"DEVICE_BCRYPT_COST", "4"}}}};
    api_client admin = as_admin(whole);
    const made_device device = create_device(admin);
    reading_load load{{device_token(whole, device)}, 2};
    load.start(whole.port());
    ASSERT_TRUE(load.wait_until([](const upload_book& book) { return book.kept.size() > 50; }));
    whole.kill();
    load.stop();

    const auto traced = under_strace(log(), "1+");
    whole.settings().wrapper = traced.wrapper;
    try {
        whole.start();
        ADD_FAILURE() << "it started though nothing could be synced";
    } catch (const std::runtime_error& refused) {
        EXPECT_NE(std::string{refused.what()}.find("database"), std::string::npos) << refused.what();
    }
    EXPECT_GE(count_injected(log()), 1U);
    whole.settings().wrapper.clear();
    whole.start();
    expect_as_answered(stored_file{whole.database()}, load.book());
}

} // namespace
} // namespace breakwater::test
