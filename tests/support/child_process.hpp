#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

namespace breakwater::test {

/// The path of the breakwater program.
std::string binary();

/// Starts a program; the kernel kills it when the calling thread ends. A descriptor of -1 means /dev/null.
pid_t start_child(std::vector<std::string> command,
                  const std::map<std::string, std::string, std::less<>>& variables,
                  const std::filesystem::path& folder, int in, int out, int err);

/// Converts the status of `waitpid` to an exit code, as a shell does: 128 + signal for a signal.
int exit_code_of(int status) noexcept;

} // namespace breakwater::test
