// A full disk: a small tmpfs in a mount namespace that belongs to the test process and disappears with it.

#include "support/e2e.hpp"
#include "support/reading_load.hpp"

#include <cerrno>
#include <cstring>
#include <optional>

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

namespace breakwater::test {
namespace {

namespace json = boost::json;

void write_file(const char* path, const std::string& text) {
    const int file = ::open(path, O_WRONLY | O_CLOEXEC);
    ASSERT_GE(file, 0) << path << ": " << std::strerror(errno);
    EXPECT_EQ(::write(file, text.data(), text.size()), static_cast<ssize_t>(text.size()))
        << path << ": " << std::strerror(errno);
    ::close(file);
}

/// Limits the mounts that follow to this process. Root gets a mount namespace; other users get one that
/// belongs to a new user namespace (user_namespaces(7)). Returns the reason if the system forbids it.
std::optional<std::string> enter_mount_namespace() {
    const uid_t user = ::geteuid();
    const gid_t group = ::getegid();
    if (::unshare(user == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) != 0)
        return std::strerror(errno);
    if (user == 0) {
        if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0)
            return {};
        // In a chroot `/` is a folder of a mount that has no path here, and a new mount would be visible
        // outside.
        return std::string{"mounts cannot be limited to this process: "} + std::strerror(errno);
    }
    write_file("/proc/self/setgroups", "deny");
    write_file("/proc/self/uid_map", std::to_string(user) + ' ' + std::to_string(user) + " 1");
    write_file("/proc/self/gid_map", std::to_string(group) + ' ' + std::to_string(group) + " 1");
    return {};
}

class disk_full : public testing::Test {
protected:
    void SetUp() override {
        BREAKWATER_ONLY_ON_SQLITE("the server writes to the disk itself");
        if (const auto obstacle = enter_mount_namespace())
            GTEST_SKIP() << "NOT TESTED: the behaviour on a full disk. This test mounts a small file system, "
                            "which needs a user namespace, or root whose / is a mount point: "
                         << *obstacle;
        ASSERT_EQ(::mount("tmpfs", disk_.path().c_str(), "tmpfs", 0, "size=24m,mode=0700"), 0)
            << "mount is forbidden (a container needs --cap-add=SYS_ADMIN): " << std::strerror(errno);
        mounted_ = true;
        server_.emplace(server_process::options{.variables = {{"MIN_SECONDS_BETWEEN_READINGS", "0"},
                                                              {"DEVICE_BCRYPT_COST", "4"},
                                                              {"DATABASE_URL", url()}},
                                                .arguments = {},
                                                .wrapper = {}});
        admin_.emplace(as_admin(*server_));
        std::vector<std::string> tokens;
        for (int i = 0; i < 4; ++i) {
            device_ = create_device(*admin_, "Mast " + std::to_string(i));
            tokens.push_back(device_token(*server_, device_));
        }
        load_.emplace(std::move(tokens), 4, 1500);
    }

    void TearDown() override {
        load_.reset();
        server_.reset();
        if (mounted_)
            ::umount2(disk_.path().c_str(), MNT_DETACH);
    }

    [[nodiscard]] std::string url() const { return "sqlite:///" + (disk_ / "iot.db").string(); }

    /// Fills the disk until that many bytes remain.
    void fill_disk(std::uintmax_t remaining) {
        const auto available = std::filesystem::space(disk_.path()).available;
        ASSERT_GT(available, remaining);
        const int file = ::open((disk_ / "ballast").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        ASSERT_GE(file, 0);
        EXPECT_EQ(::posix_fallocate(file, 0, static_cast<off_t>(available - remaining)), 0);
        ::close(file);
    }
    void free_space() { std::filesystem::remove(disk_ / "ballast"); }

    /// Uploads until the server has refused more than 200 readings.
    void upload_until_full() {
        ASSERT_NO_FATAL_FAILURE(fill_disk(2U << 20));
        load_->start(server_->port());
        ASSERT_TRUE(load_->wait_until([](const upload_results& results) {
            return results.refused.size() > 200;
        })) << server_->output();
    }

    void expect_recovery() {
        const std::size_t accepted = load_->results().accepted.size();
        load_->start(server_->port());
        ASSERT_TRUE(load_->wait_until([&](const upload_results& results) {
            return results.accepted.size() > accepted + 100;
        })) << "the server did not recover; its output:\n"
            << server_->output();
        load_->stop();
        EXPECT_EQ(admin_->get("/readyz").status, 200);
    }

    temp_folder disk_;
    bool mounted_ = false;
    std::optional<server_process> server_;
    std::optional<api_client> admin_;
    device_credentials device_;
    std::optional<reading_load> load_;
};

TEST_F(disk_full, refuses_writes_serves_reads_and_recovers_when_space_is_free) {
    ASSERT_EQ(admin_->get("/readyz").status, 200);
    ASSERT_NO_FATAL_FAILURE(upload_until_full());
    EXPECT_GT(load_->results().refused_with(507), 0U);

    const auto ready = admin_->get("/readyz");
    EXPECT_EQ(ready.status, 503);
    EXPECT_NE(ready.body.find("disk"), std::string::npos) << ready.body;
    EXPECT_EQ(admin_->get("/healthz").status, 200);
    EXPECT_EQ(admin_->get("/devices/" + device_.id + "/readings?limit=5").status, 200) << "reads work";
    EXPECT_EQ(admin_->get("/admin/security-events").status, 200);
    const auto exported = admin_->get("/devices/" + device_.id + "/readings.csv");
    EXPECT_TRUE(exported.status == 507 || exported.status == 503)
        << "an export is logged before its first row, and the log is full: " << exported.status;

    // Either status means that the server stored nothing.
    api_client anyone{*server_};
    const auto signed_in =
        anyone.post("/auth/login", json::object{{"email", admin_email}, {"password", admin_password}});
    EXPECT_TRUE(signed_in.status == 507 || signed_in.status == 503) << signed_in.status;
    const auto denied =
        anyone.post("/auth/login", json::object{{"email", admin_email}, {"password", "wrong"}});
    EXPECT_TRUE(denied.status == 507 || denied.status == 503) << "the denial could not be logged";
    const auto rotated = admin_->post("/devices/" + device_.id + "/rotate-secret");
    EXPECT_TRUE(rotated.status == 507 || rotated.status == 503) << rotated.status;

    load_->stop();
    expect_as_answered(stored_data{url()}, load_->results());
    free_space();
    ASSERT_NO_FATAL_FAILURE(expect_recovery());
    EXPECT_FALSE(device_token(*server_, device_).empty()) << "the refused rotation did not change the secret";
    expect_as_answered(stored_data{url()}, load_->results());
    ASSERT_EQ(server_->stop(), 0);
    server_->start();
    expect_as_answered(stored_data{url()}, load_->results());
    EXPECT_FALSE(device_token(*server_, device_).empty());
}

TEST_F(disk_full, a_crash_loses_no_acknowledged_reading) {
    ASSERT_NO_FATAL_FAILURE(upload_until_full());
    server_->kill();
    load_->stop();
    // There may be too little space to move the write-ahead log into the database. Then the server reports
    // that and exits.
    try {
        server_->start();
        expect_as_answered(stored_data{url()}, load_->results());
        server_->kill();
    } catch (const std::runtime_error& failure) {
        EXPECT_NE(std::string{failure.what()}.find("disk is full"), std::string::npos) << failure.what();
    }
    free_space();
    server_->start();
    expect_as_answered(stored_data{url()}, load_->results());
    admin_.emplace(as_admin(*server_));
    ASSERT_NO_FATAL_FAILURE(expect_recovery());
    expect_as_answered(stored_data{url()}, load_->results());
}

} // namespace
} // namespace breakwater::test
