#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

namespace breakwater::test {

/// The program that the build made.
std::string binary();

/// Starts a program that dies with the calling thread. A descriptor of -1 stands for /dev/null.
pid_t start_child(std::vector<std::string> command,
                  const std::map<std::string, std::string, std::less<>>& variables,
                  const std::filesystem::path& folder, int in, int out, int err);

/// What `waitpid` said, as a shell says it.
int exit_code_of(int status) noexcept;

} // namespace breakwater::test
