#include "support/child_process.hpp"

#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace breakwater::test {

namespace {

/// The addresses of the texts and a null pointer, as exec takes them.
std::vector<char*> addresses_of(std::vector<std::string>& texts) {
    std::vector<char*> addresses;
    addresses.reserve(texts.size() + 1);
    for (std::string& text : texts)
        addresses.push_back(text.data());
    addresses.push_back(nullptr);
    return addresses;
}

} // namespace

std::string binary() {
    return BREAKWATER_BINARY;
}

pid_t start_child(std::vector<std::string> command,
                  const std::map<std::string, std::string, std::less<>>& variables,
                  const std::filesystem::path& folder, int in, int out, int err) {
    // Allocate everything before the fork: between fork and exec, allocation is not allowed.
    std::vector<std::string> pairs;
    const auto add = [&pairs](std::string name, std::string_view value) {
        pairs.push_back(std::move(name.append("=").append(value)));
    };
    for (const auto& [name, value] : variables)
        if (!value.empty())
            add(name, value);
    for (const char* inherited : {"PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"})
        if (const char* value = std::getenv(inherited); value != nullptr && !variables.contains(inherited))
            add(inherited, value);
    const std::vector<char*> argv = addresses_of(command);
    const std::vector<char*> envp = addresses_of(pairs);
    const std::string directory = folder.string();
    const pid_t parent = ::getpid();

    const pid_t child = ::fork();
    if (child < 0)
        throw std::runtime_error{"fork failed"};
    if (child > 0)
        return child;

    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int null = ::open("/dev/null", O_RDWR);
    if (null < 0 || ::getppid() != parent || ::chdir(directory.c_str()) != 0)
        ::_exit(126);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::dup2(in < 0 ? null : in, STDIN_FILENO);
    ::dup2(out < 0 ? null : out, STDOUT_FILENO);
    ::dup2(err < 0 ? null : err, STDERR_FILENO);
    ::execvpe(argv[0], argv.data(), envp.data());
    ::_exit(127);
}

int exit_code_of(int status) noexcept {
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

} // namespace breakwater::test
