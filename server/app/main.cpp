#include "app/commands/serve.hpp"
#include "app/config.hpp"
#include "base/log.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdlib>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace breakwater::app {
namespace {

constexpr int exit_usage = 2;

/// Nothing of this process may end up where others can read it: no core dumps (they hold keys), no group or
/// world bits.
void keep_private() {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::umask(S_IRWXG | S_IRWXO);
}

int run(int argc, char** argv) {
    CLI::App program{"Breakwater: a management stack for IoT fleets", "breakwater"};
    program.require_subcommand(1);

    std::string host;
    std::string port;
    auto* serve_command = program.add_subcommand("serve", "Run the server");
    serve_command->add_option("--host", host, "Address to listen on (HOST, default 127.0.0.1)");
    serve_command->add_option("--port", port, "Port to listen on, 0 for any free one (PORT, default 8000)");
    program.add_subcommand("version", "Print the version");

    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& wrong) {
        const int code = program.exit(wrong);
        return code == 0 ? 0 : exit_usage;
    }
    if (program.got_subcommand("version")) {
        fmt::print("breakwater {}\n", BREAKWATER_VERSION);
        return 0;
    }

    const auto file = read_env_file(".env");
    if (!file) {
        fmt::print(stderr, "breakwater: {}\n", file.error().detail);
        return exit_usage;
    }
    variables environment = process_environment();
    if (!host.empty())
        environment["HOST"] = host;
    if (!port.empty())
        environment["PORT"] = port;
    const auto chosen = load_config(environment, *file);
    if (!chosen) {
        fmt::print(stderr, "breakwater: the configuration is not usable:\n{}\n", chosen.error().detail);
        return exit_usage;
    }
    log::start(chosen->log_level == "debug"     ? log::level::debug
               : chosen->log_level == "warning" ? log::level::warning
               : chosen->log_level == "error"   ? log::level::error
                                                : log::level::info,
               ::isatty(STDERR_FILENO) == 0);
    return serve(*chosen);
}

} // namespace
} // namespace breakwater::app

int main(int argc, char** argv) {
    breakwater::app::keep_private();
    try {
        return breakwater::app::run(argc, argv);
    } catch (const std::exception& bug) {
        fmt::print(stderr, "breakwater: {}\n", bug.what());
        return EXIT_FAILURE;
    }
}
