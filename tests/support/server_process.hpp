#pragma once

#include "support/backend.hpp"
#include "support/temp_folder.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <sys/types.h>

namespace breakwater::test {

/// Environment variables of a program, which also gets PATH and the sanitizer options, and no others.
using environment = std::map<std::string, std::string, std::less<>>;

/// The environment of a server under test: a database in its folder, a free port, cheap hashes, no
/// simulated devices.
environment test_environment(const std::filesystem::path& folder);

/// `breakwater serve` as a child process, in a temporary folder, on a free port of 127.0.0.1. The kernel
/// kills the process when the thread that started it ends, so a failing test leaves no process behind.
class server_process {
public:
    struct options {
        environment variables;              ///< override `test_environment`; empty values remove variables
        std::vector<std::string> arguments; ///< after `serve`
        std::vector<std::string> wrapper;   ///< a program with arguments that runs the server: strace
    };

    /// Starts the server and waits until it listens. Throws with its output if it does not within 30 s.
    server_process() : server_process{options{}} {}
    explicit server_process(options start_options);
    ~server_process();
    server_process(const server_process&) = delete;
    server_process& operator=(const server_process&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_.path(); }
    [[nodiscard]] std::string database_url() const { return database_url_in(folder()); }
    /// The file with the generated keys.
    [[nodiscard]] std::filesystem::path key_file() const {
        return folder_ / (on_postgres() ? "data/token-keys.json" : "token-keys.json");
    }
    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    [[nodiscard]] options& settings() noexcept { return options_; }

    /// Everything written to standard output and standard error so far.
    [[nodiscard]] std::string output();
    /// Waits until the output contains the text. Returns false after the timeout or if the process has ended.
    bool wait_for_output(std::string_view text, std::chrono::seconds timeout = std::chrono::seconds{20});

    void signal(int number) const;
    /// Waits for the end of the process. Returns the exit code, 128 + signal, or -1 after the timeout.
    int wait(std::chrono::seconds timeout = std::chrono::seconds{30});
    /// Sends SIGTERM and waits.
    int stop();
    /// Sends SIGKILL and waits.
    void kill();
    /// Starts again in the same folder, with the current `settings()`. REQUIRES: the process has ended.
    void start();

private:
    void read_output(int descriptor);

    options options_;
    temp_folder folder_;
    pid_t pid_ = -1;
    std::uint16_t port_ = 0;
    std::mutex mutex_;
    std::condition_variable more_;
    std::string output_;
    bool ended_ = false;
    std::thread reader_;
};

/// The result of a command.
struct program_result {
    int exit_code = 0; ///< or 128 + signal
    std::string out;
    std::string err;
};

/// Runs `breakwater ARGUMENTS…` in `folder` and waits for its end.
program_result run_program(const std::vector<std::string>& arguments, const std::filesystem::path& folder,
                           const environment& variables, std::string_view input = {});

} // namespace breakwater::test
