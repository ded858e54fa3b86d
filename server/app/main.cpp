#include "app/command_line.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <sys/resource.h>
#include <sys/stat.h>

namespace {

/// Nothing of this process may end up where others can read it: no core dumps (they hold keys), no group or
/// world bits.
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
    } catch (const std::exception& bug) {
        fmt::print(stderr, "breakwater: {}\n", bug.what());
        return EXIT_FAILURE;
    }
}
