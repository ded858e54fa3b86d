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

std::string read_to_end(int from) {
    std::string all;
    char piece[4096];
    for (ssize_t count; (count = ::read(from, piece, sizeof piece)) > 0;)
        all.append(piece, static_cast<std::size_t>(count));
    ::close(from);
    return all;
}

} // namespace

environment test_environment(const std::filesystem::path& folder) {
    return {{"ENVIRONMENT", "local"},
            {"HOST", "127.0.0.1"},
            {"PORT", "0"},
            {"DATABASE_URL", "sqlite:///" + (folder / "iot.db").string()},
            {"BCRYPT_COST", "4"},
            {"TELEMETRY_SIMULATION_ENABLED", "false"},
            // A test makes in seconds what people make in days; those of quotas set them.
            {"MAX_CALLS_PER_MINUTE_OF_USER", "0"},
            {"MAX_CALLS_PER_MINUTE_OF_ADMIN", "0"},
            {"MAX_DEVICES_OF_USER", "0"},
            {"MAX_RENEWALS_PER_MINUTE", "0"}};
}

server_process::server_process(options chosen) : options_{std::move(chosen)} {
    start();
}

server_process::~server_process() {
    kill();
}

void server_process::start() {
    if (pid_ > 0)
        throw std::logic_error{"the server runs already"};
    environment variables = test_environment(folder());
    for (const auto& [name, value] : options_.variables)
        variables[name] = value;
    std::vector<std::string> command = options_.wrapper;
    command.insert(command.end(), {binary(), "serve"});
    command.insert(command.end(), options_.arguments.begin(), options_.arguments.end());

    const pipe_ends said = make_pipe();
    pid_ = start_child(std::move(command), variables, folder(), -1, said.write, said.write);
    ::close(said.write);
    {
        const std::lock_guard lock{mutex_};
        output_.clear();
        ended_ = false;
    }
    reader_ = std::thread{[this, from = said.read] { read_output(from); }};

    const bool listens = wait_for_output(listening, start_limit) && wait_for_output("\n", start_limit);
    const std::string told = output();
    const auto line = told.find(listening);
    const auto end = line == std::string::npos ? line : told.find('\n', line);
    if (!listens || end == std::string::npos) {
        kill();
        throw std::runtime_error{"the server did not start; it said:\n" + told};
    }
    port_ = static_cast<std::uint16_t>(std::stoi(told.substr(told.rfind(':', end) + 1)));
}

void server_process::read_output(int from) {
    char piece[4096];
    for (ssize_t count; (count = ::read(from, piece, sizeof piece)) > 0;) {
        const std::lock_guard lock{mutex_};
        output_.append(piece, static_cast<std::size_t>(count));
        more_.notify_all();
    }
    ::close(from);
    const std::lock_guard lock{mutex_};
    ended_ = true;
    more_.notify_all();
}

std::string server_process::output() {
    const std::lock_guard lock{mutex_};
    return output_;
}

bool server_process::wait_for_output(std::string_view text, std::chrono::seconds most) {
    std::unique_lock lock{mutex_};
    const auto there = [&] { return output_.find(text) != std::string::npos; };
    more_.wait_for(lock, most, [&] { return there() || ended_; });
    return there();
}

void server_process::signal(int number) const {
    if (pid_ > 0)
        ::kill(pid_, number);
}

int server_process::wait(std::chrono::seconds most) {
    if (pid_ <= 0)
        throw std::logic_error{"no server runs"};
    const int handle = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
    pollfd watched{.fd = handle, .events = POLLIN, .revents = 0};
    const auto limit = std::chrono::milliseconds{most}.count();
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
    for (const int given : {in.read, out.write, err.write})
        ::close(given);

    program_result result;
    std::thread errors{[&] { result.err = read_to_end(err.read); }};
    std::thread feeder{[&] {
        // A program that reads nothing may close its end first.
        sigset_t broken;
        ::sigemptyset(&broken);
        ::sigaddset(&broken, SIGPIPE);
        ::pthread_sigmask(SIG_BLOCK, &broken, nullptr);
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
