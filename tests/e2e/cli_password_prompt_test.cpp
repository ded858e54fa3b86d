#include "support/child_process.hpp"
#include "support/e2e.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

namespace breakwater::test {
namespace {

/// A command at a terminal, and whoever types there.
class typing {
public:
    typing(std::vector<std::string> arguments, const std::filesystem::path& folder)
        : master_{::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)} {
        if (master_ < 0 || ::grantpt(master_) != 0 || ::unlockpt(master_) != 0)
            throw std::runtime_error{"no terminal"};
        slave_ = ::open(::ptsname(master_), O_RDWR | O_NOCTTY | O_CLOEXEC);
        arguments.insert(arguments.begin(), binary());
        pid_ = start_child(std::move(arguments), test_environment(folder), folder, slave_, slave_, slave_);
    }
    ~typing() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
        ::close(slave_);
        ::close(master_);
    }
    typing(const typing&) = delete;
    typing& operator=(const typing&) = delete;

    /// Reads what is shown up to that text. False where it doesn't come.
    bool sees(std::string_view text) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
        while (shown_.find(text, from_) == std::string::npos) {
            pollfd there{master_, POLLIN, 0};
            if (std::chrono::steady_clock::now() > deadline || ::poll(&there, 1, 20'000) <= 0)
                return false;
            std::array<char, 1024> piece{};
            const auto got = ::read(master_, piece.data(), piece.size());
            if (got <= 0)
                return false;
            shown_.append(piece.data(), static_cast<std::size_t>(got));
        }
        from_ = shown_.find(text, from_) + text.size();
        return true;
    }
    void types(std::string_view line) const {
        const std::string text = std::string{line} + '\n';
        EXPECT_EQ(::write(master_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
    }
    bool echoes() const {
        termios now{};
        ::tcgetattr(slave_, &now);
        return (now.c_lflag & ECHO) != 0;
    }
    void signal(int number) const { ::kill(pid_, number); }
    int exit_code() {
        int status = 0;
        ::waitpid(pid_, &status, 0);
        pid_ = -1;
        return exit_code_of(status);
    }
    const std::string& shown() const { return shown_; }

private:
    int master_;
    int slave_ = -1;
    pid_t pid_ = -1;
    std::string shown_;
    std::size_t from_ = 0;
};

class cli_password_prompt : public testing::Test {
protected:
    std::string users() {
        return run_program({"user", "list"}, folder_.path(), test_environment(folder_.path())).out;
    }
    temp_folder folder_;
};

TEST_F(cli_password_prompt, asks_twice_and_shows_nothing_of_it) {
    typing at{{"user", "create", "ada@example.com"}, folder_.path()};
    ASSERT_TRUE(at.sees("New password for ada@example.com: ")) << at.shown();
    EXPECT_FALSE(at.echoes());
    at.types("correct horse battery");
    ASSERT_TRUE(at.sees("The same again: ")) << at.shown();
    EXPECT_FALSE(at.echoes());
    at.types("correct horse battery");
    ASSERT_TRUE(at.sees("User 1 created")) << at.shown();
    EXPECT_EQ(at.exit_code(), 0);
    EXPECT_EQ(at.shown().find("correct"), std::string::npos) << at.shown();
    EXPECT_TRUE(at.echoes());
}

TEST_F(cli_password_prompt, changes_nothing_where_the_two_differ) {
    typing at{{"user", "create", "ada@example.com"}, folder_.path()};
    ASSERT_TRUE(at.sees("New password"));
    at.types("correct horse battery");
    ASSERT_TRUE(at.sees("The same again: "));
    at.types("correct horse batterie");
    ASSERT_TRUE(at.sees("not the same")) << at.shown();
    EXPECT_EQ(at.exit_code(), 1);
    EXPECT_EQ(users().find("ada@example.com"), std::string::npos);
}

TEST_F(cli_password_prompt, gives_the_terminal_back_when_it_is_interrupted) {
    for (const int signal : {SIGINT, SIGTERM}) {
        typing at{{"user", "create", "ada@example.com"}, folder_.path()};
        ASSERT_TRUE(at.sees("New password for ada@example.com: "));
        EXPECT_FALSE(at.echoes());
        at.signal(signal);
        EXPECT_EQ(at.exit_code(), 128 + signal);
        EXPECT_TRUE(at.echoes());
    }
}

TEST_F(cli_password_prompt, a_deletion_wants_the_address_typed) {
    ASSERT_EQ(run_program({"user", "create", "ada@example.com", "--password-stdin"}, folder_.path(),
                          test_environment(folder_.path()), "correct horse battery")
                  .exit_code,
              0);
    {
        typing at{{"user", "delete", "ada@example.com"}, folder_.path()};
        ASSERT_TRUE(at.sees("Type the address to go on: ")) << at.shown();
        at.types("yes");
        EXPECT_TRUE(at.sees("Nothing was deleted")) << at.shown();
        EXPECT_EQ(at.exit_code(), 1);
    }
    EXPECT_NE(users().find("ada@example.com"), std::string::npos);
    typing at{{"user", "delete", "ada@example.com"}, folder_.path()};
    ASSERT_TRUE(at.sees("Type the address to go on: ")) << at.shown();
    at.types("Ada@Example.com");
    EXPECT_TRUE(at.sees("deleted.")) << at.shown();
    EXPECT_EQ(at.exit_code(), 0);
    EXPECT_EQ(users().find("ada@example.com"), std::string::npos);
}

} // namespace
} // namespace breakwater::test
