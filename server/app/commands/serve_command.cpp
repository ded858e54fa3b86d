#include "app/commands/outcome.hpp"
#include "app/commands/serve.hpp"
#include "app/config_report.hpp"
#include "base/log.hpp"

#include <unistd.h>

namespace breakwater::app {

namespace {

log::level level_of(std::string_view name) {
    if (name == "debug")
        return log::level::debug;
    if (name == "warning")
        return log::level::warning;
    return name == "error" ? log::level::error : log::level::info;
}

} // namespace

int serve_command(const serve_options& options) {
    variables overrides;
    if (!options.host.empty())
        overrides.emplace("HOST", options.host);
    if (!options.port.empty())
        overrides.emplace("PORT", options.port);
    return with_server_config(
        [](const config& settings) {
            log::start(level_of(settings.log_level), ::isatty(STDERR_FILENO) == 0);
            for (const auto& warnings : {warnings_of(settings), file_warnings(settings, ".env")})
                for (const std::string& warning : warnings)
                    log::write(log::level::warning, warning);
            return serve(settings);
        },
        overrides);
}

} // namespace breakwater::app
