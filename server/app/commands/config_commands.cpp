#include "app/commands/config_commands.hpp"

#include "app/commands/outcome.hpp"
#include "app/config_report.hpp"

#include <fmt/format.h>

namespace breakwater::app {

int check_config() {
    const auto file = read_env_file(".env");
    if (!file)
        return refuse(file.error(), exit_usage);
    crypto::system_random random;
    const auto report = report_config(process_environment(), *file, random);
    fmt::print("{}", report.text);
    return report.usable ? exit_success : exit_usage;
}

} // namespace breakwater::app
