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

/// Runs a command on a pseudo-terminal and types into it.
class terminal_session {
public:
    terminal_session(std::vector<std::string> arguments, const std::filesystem::path& folder)
        : master_{::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)} {
        if (master_ < 0 || ::grantpt(master_) != 0 || ::unlockpt(master_) != 0)
            throw std::runtime_error{"no terminal"};
        slave_ = ::open(::ptsname(master_), O_RDWR | O_NOCTTY | O_CLOEXEC);
        arguments.insert(arguments.begin(), binary());
        pid_ = start_child(std::move(arguments), test_environment(folder), folder, slave_, slave_, slave_);
    }
    ~terminal_session() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
        ::close(slave_);
        ::close(master_);
    }
    terminal_session(const terminal_session&) = delete;
    terminal_session& operator=(const terminal_session&) = delete;

    /// Reads the output up to `text`. False if the text does not appear within 20 s.
    bool shows(std::string_view text) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
        while (output_.find(text, position_) == std::string::npos) {
            pollfd readable{master_, POLLIN, 0};
            if (std::chrono::steady_clock::now() > deadline || ::poll(&readable, 1, 20'000) <= 0)
                return false;
            std::array<char, 1024> piece{};
            const auto count = ::read(master_, piece.data(), piece.size());
            if (count <= 0)
                return false;
            output_.append(piece.data(), static_cast<std::size_t>(count));
        }
        position_ = output_.find(text, position_) + text.size();
        return true;
    }
    void type(std::string_view line) const {
        const std::string text = std::string{line} + '\n';
        EXPECT_EQ(::write(master_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
    }
    bool is_echoing() const {
        termios settings{};
        ::tcgetattr(slave_, &settings);
        return (settings.c_lflag & ECHO) != 0;
    }
    void signal(int number) const { ::kill(pid_, number); }
    int exit_code() {
        int status = 0;
        ::waitpid(pid_, &status, 0);
        pid_ = -1;
        return exit_code_of(status);
    }
    const std::string& output() const { return output_; }

private:
    int master_;
    int slave_ = -1;
    pid_t pid_ = -1;
    std::string output_;
    std::size_t position_ = 0;
};

class cli_password_prompt : public testing::Test {
protected:
    std::string users() {
        return run_program({"user", "list"}, folder_.path(), test_environment(folder_.path())).out;
    }
    temp_folder folder_;
};

TEST_F(cli_password_prompt, asks_twice_without_echo) {
    terminal_session terminal{{"user", "create", "ada@example.com"}, folder_.path()};
    ASSERT_TRUE(terminal.shows("New password for ada@example.com: ")) << terminal.output();
    EXPECT_FALSE(terminal.is_echoing());
    terminal.type("correct horse battery");
    ASSERT_TRUE(terminal.shows("Repeat the password: ")) << terminal.output();
    EXPECT_FALSE(terminal.is_echoing());
    terminal.type("correct horse battery");
    ASSERT_TRUE(terminal.shows("User 1 created")) << terminal.output();
    EXPECT_EQ(terminal.exit_code(), 0);
    EXPECT_EQ(terminal.output().find("correct"), std::string::npos) << terminal.output();
    EXPECT_TRUE(terminal.is_echoing());
}

TEST_F(cli_password_prompt, changes_nothing_if_the_passwords_differ) {
    terminal_session terminal{{"user", "create", "ada@example.com"}, folder_.path()};
    ASSERT_TRUE(terminal.shows("New password"));
    terminal.type("correct horse battery");
    ASSERT_TRUE(terminal.shows("Repeat the password: "));
    terminal.type("correct horse batterie");
    ASSERT_TRUE(terminal.shows("passwords are different")) << terminal.output();
    EXPECT_EQ(terminal.exit_code(), 1);
    EXPECT_EQ(users().find("ada@example.com"), std::string::npos);
}

TEST_F(cli_password_prompt, restores_the_terminal_after_a_signal) {
    for (const int signal : {SIGINT, SIGTERM}) {
        terminal_session terminal{{"user", "create", "ada@example.com"}, folder_.path()};
        ASSERT_TRUE(terminal.shows("New password for ada@example.com: "));
        EXPECT_FALSE(terminal.is_echoing());
        terminal.signal(signal);
        EXPECT_EQ(terminal.exit_code(), 128 + signal);
        EXPECT_TRUE(terminal.is_echoing());
    }
}

TEST_F(cli_password_prompt, a_deletion_requires_the_address) {
    ASSERT_EQ(run_program({"user", "create", "ada@example.com", "--password-stdin"}, folder_.path(),
                          test_environment(folder_.path()), "correct horse battery")
                  .exit_code,
              0);
    {
        terminal_session terminal{{"user", "delete", "ada@example.com"}, folder_.path()};
        ASSERT_TRUE(terminal.shows("Type the address to confirm: ")) << terminal.output();
        terminal.type("yes");
        EXPECT_TRUE(terminal.shows("Nothing was deleted")) << terminal.output();
        EXPECT_EQ(terminal.exit_code(), 1);
    }
    EXPECT_NE(users().find("ada@example.com"), std::string::npos);
    terminal_session terminal{{"user", "delete", "ada@example.com"}, folder_.path()};
    ASSERT_TRUE(terminal.shows("Type the address to confirm: ")) << terminal.output();
    terminal.type("Ada@Example.com");
    EXPECT_TRUE(terminal.shows("deleted.")) << terminal.output();
    EXPECT_EQ(terminal.exit_code(), 0);
    EXPECT_EQ(users().find("ada@example.com"), std::string::npos);
}

} // namespace
} // namespace breakwater::test
