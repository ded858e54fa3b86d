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

int serve_command(const serve_options& chosen) {
    variables overrides;
    if (!chosen.host.empty())
        overrides.emplace("HOST", chosen.host);
    if (!chosen.port.empty())
        overrides.emplace("PORT", chosen.port);
    return with_server_config(
        [](const config& settled) {
            log::start(level_of(settled.log_level), ::isatty(STDERR_FILENO) == 0);
            for (const auto& sentences : {warnings_of(settled), file_warnings(settled, ".env")})
                for (const std::string& sentence : sentences)
                    log::write(log::level::warning, sentence);
            return serve(settled);
        },
        overrides);
}

} // namespace breakwater::app
