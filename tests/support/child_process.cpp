#include "support/child_process.hpp"

#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace breakwater::test {

std::string binary() {
    return BREAKWATER_BINARY;
}

pid_t start_child(std::vector<std::string> command,
                  const std::map<std::string, std::string, std::less<>>& variables,
                  const std::filesystem::path& folder, int in, int out, int err) {
    // Allocate everything before the fork: between fork and exec, allocation is not allowed.
    std::vector<std::string> pairs;
    for (const auto& [name, value] : variables)
        if (!value.empty())
            pairs.push_back(name + "=" + value);
    for (const char* inherited : {"PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"})
        if (const char* value = std::getenv(inherited); value != nullptr && !variables.contains(inherited))
            pairs.push_back(std::string{inherited} + "=" + value);
    std::vector<char*> argv;
    for (std::string& word : command)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    std::vector<char*> envp;
    for (std::string& pair : pairs)
        envp.push_back(pair.data());
    envp.push_back(nullptr);
    const std::string directory = folder.string();
    const pid_t parent = ::getpid();

    const pid_t child = ::fork();
    if (child < 0)
        throw std::runtime_error{"fork failed"};
    if (child > 0)
        return child;

    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent || ::chdir(directory.c_str()) != 0)
        ::_exit(126);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    const int null = ::open("/dev/null", O_RDWR);
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
