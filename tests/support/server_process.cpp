#include "support/server_process.hpp"

#include "support/child_process.hpp"

#include <csignal>
#include <cstdio>
#include <stdexcept>

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace breakwater::test {

namespace {

constexpr std::string_view listening = "breakwater is listening on ";
constexpr std::chrono::seconds start_limit{30};

struct pipe_ends {
    int read = -1;
    int write = -1;
};

pipe_ends make_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        throw std::runtime_error{"no pipe"};
    return {ends[0], ends[1]};
}

std::string read_to_end(int descriptor) {
    std::string all;
    char buffer[4096];
    for (ssize_t count = 0; (count = ::read(descriptor, buffer, sizeof buffer)) > 0;)
        all.append(buffer, static_cast<std::size_t>(count));
    ::close(descriptor);
    return all;
}

} // namespace

environment test_environment(const std::filesystem::path& folder) {
    return {{"ENVIRONMENT", "local"},
            {"HOST", "127.0.0.1"},
            {"PORT", "0"},
            {"DATABASE_URL", database_url_in(folder)},
            {"BCRYPT_COST", "4"},
            {"TELEMETRY_SIMULATION_ENABLED", "false"},
            // Tests exceed the quotas within seconds. Tests of quotas set them.
            {"MAX_CALLS_PER_MINUTE_OF_USER", "0"},
            {"MAX_CALLS_PER_MINUTE_OF_ADMIN", "0"},
            {"MAX_DEVICES_OF_USER", "0"},
            {"MAX_RENEWALS_PER_MINUTE", "0"}};
}

server_process::server_process(options start_options) : options_{std::move(start_options)} {
    start();
}

server_process::~server_process() {
    kill();
}

void server_process::start() {
    if (pid_ > 0)
        throw std::logic_error{"the server is running already"};
    environment variables = test_environment(folder());
    for (const auto& [name, value] : options_.variables)
        variables[name] = value;
    std::vector<std::string> command = options_.wrapper;
    command.insert(command.end(), {binary(), "serve"});
    command.insert(command.end(), options_.arguments.begin(), options_.arguments.end());

    const pipe_ends pipe = make_pipe();
    pid_ = start_child(std::move(command), variables, folder(), -1, pipe.write, pipe.write);
    ::close(pipe.write);
    {
        const std::lock_guard lock{mutex_};
        output_.clear();
        ended_ = false;
    }
    reader_ = std::thread{[this, descriptor = pipe.read] { read_output(descriptor); }};

    const bool listens = wait_for_output(listening, start_limit) && wait_for_output("\n", start_limit);
    const std::string text = output();
    const auto line = text.find(listening);
    const auto end = line == std::string::npos ? line : text.find('\n', line);
    if (!listens || end == std::string::npos) {
        kill();
        throw std::runtime_error{"the server did not start; its output:\n" + text};
    }
    port_ = static_cast<std::uint16_t>(std::stoi(text.substr(text.rfind(':', end) + 1)));
}

void server_process::read_output(int descriptor) {
    char buffer[4096];
    for (ssize_t count = 0; (count = ::read(descriptor, buffer, sizeof buffer)) > 0;) {
        const std::lock_guard lock{mutex_};
        output_.append(buffer, static_cast<std::size_t>(count));
        more_.notify_all();
    }
    ::close(descriptor);
    const std::lock_guard lock{mutex_};
    ended_ = true;
    more_.notify_all();
}

std::string server_process::output() {
    const std::lock_guard lock{mutex_};
    return output_;
}

bool server_process::wait_for_output(std::string_view text, std::chrono::seconds timeout) {
    std::unique_lock lock{mutex_};
    const auto contains_text = [&] { return output_.find(text) != std::string::npos; };
    more_.wait_for(lock, timeout, [&] { return contains_text() || ended_; });
    return contains_text();
}

void server_process::signal(int number) const {
    if (pid_ > 0)
        ::kill(pid_, number);
}

int server_process::wait(std::chrono::seconds timeout) {
    if (pid_ <= 0)
        throw std::logic_error{"the server is not running"};
    const int handle = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
    pollfd watched{.fd = handle, .events = POLLIN, .revents = 0};
    const auto limit = std::chrono::milliseconds{timeout}.count();
    const int ready = ::poll(&watched, 1, static_cast<int>(limit));
    ::close(handle);
    if (ready <= 0)
        return -1;
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    reader_.join();
    return exit_code_of(status);
}

int server_process::stop() {
    signal(SIGTERM);
    return wait();
}

void server_process::kill() {
    if (pid_ <= 0)
        return;
    signal(SIGKILL);
    wait();
}

program_result run_program(const std::vector<std::string>& arguments, const std::filesystem::path& folder,
                           const environment& variables, std::string_view input) {
    std::vector<std::string> command{binary()};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const pipe_ends in = make_pipe();
    const pipe_ends out = make_pipe();
    const pipe_ends err = make_pipe();
    const pid_t child = start_child(std::move(command), variables, folder, in.read, out.write, err.write);
    for (const int descriptor : {in.read, out.write, err.write})
        ::close(descriptor);

    program_result result;
    std::thread errors{[&] { result.err = read_to_end(err.read); }};
    std::thread feeder{[&] {
        // A program that does not read its input may close the pipe first.
        sigset_t blocked;
        ::sigemptyset(&blocked);
        ::sigaddset(&blocked, SIGPIPE);
        ::pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
        while (!input.empty()) {
            const ssize_t count = ::write(in.write, input.data(), input.size());
            if (count <= 0)
                break;
            input.remove_prefix(static_cast<std::size_t>(count));
        }
        ::close(in.write);
    }};
    result.out = read_to_end(out.read);
    errors.join();
    feeder.join();
    int status = 0;
    ::waitpid(child, &status, 0);
    result.exit_code = exit_code_of(status);
    return result;
}

} // namespace breakwater::test
