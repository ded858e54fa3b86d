#include "app/command_line.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <sys/resource.h>
#include <sys/stat.h>

namespace {

/// Keeps the data of this process private: no core dumps, which contain keys, and no group or world access to
/// new files.
void keep_private() {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::umask(S_IRWXG | S_IRWXO);
}

} // namespace

int main(int argc, char** argv) {
    keep_private();
    try {
        return breakwater::app::run_command_line(argc, argv);
    } catch (const std::exception& failure) {
        fmt::print(stderr, "breakwater: {}\n", failure.what());
        return EXIT_FAILURE;
    }
}
