#pragma once

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

/// Variables of a program's environment. It gets no others but PATH and the sanitizers' options.
using environment = std::map<std::string, std::string, std::less<>>;

/// What a server under test runs with: a database in its folder, any free port, cheap hashes, no simulated
/// devices.
environment test_environment(const std::filesystem::path& folder);

/// `breakwater serve` as a process of its own, in a temporary folder, on a free port of 127.0.0.1. A test
/// that fails, and one that ends early, leaves none behind. Belongs to the thread that made it (the process
/// dies with that thread).
class server_process {
public:
    struct options {
        environment variables;              ///< over those of `test_environment`; an empty value removes one
        std::vector<std::string> arguments; ///< after `serve`
        std::vector<std::string>
            wrapper; ///< a program, with its arguments, that runs the server: strace, say
    };

    /// Starts, and waits until it listens. Throws with what the server said where it doesn't within 30 s.
    server_process() : server_process{options{}} {}
    explicit server_process(options chosen);
    ~server_process();
    server_process(const server_process&) = delete;
    server_process& operator=(const server_process&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_.path(); }
    [[nodiscard]] std::filesystem::path database() const { return folder_ / "iot.db"; }
    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    [[nodiscard]] options& settings() noexcept { return options_; }

    /// All that it has written to its standard output and error so far.
    [[nodiscard]] std::string output();
    /// Waits until that holds the text; false where it doesn't in time, or the process has ended without.
    bool wait_for_output(std::string_view text, std::chrono::seconds most = std::chrono::seconds{20});

    void signal(int number) const;
    /// Waits for its end: the exit code, or 128 + the signal that ended it. -1 where it still runs after
    /// `most`.
    int wait(std::chrono::seconds most = std::chrono::seconds{30});
    /// SIGTERM, and waits.
    int stop();
    /// SIGKILL, and waits.
    void kill();
    /// Starts again in the same folder, with `settings()` as they are now. REQUIRES: it has ended.
    void start();

private:
    void read_output(int from);

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

/// What a command of the program did.
struct program_result {
    int exit_code = 0; ///< or 128 + signal
    std::string out;
    std::string err;
};

/// Runs `breakwater ARGUMENTS…` to its end in a folder, with that environment and that standard input.
program_result run_program(const std::vector<std::string>& arguments, const std::filesystem::path& folder,
                           const environment& variables, std::string_view input = {});

} // namespace breakwater::test
