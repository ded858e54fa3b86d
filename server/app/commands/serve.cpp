#include "app/commands/serve.hpp"

#include "app/application.hpp"
#include "app/commands/outcome.hpp"
#include "app/keys.hpp"
#include "base/log.hpp"
#include "services/password_policy.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace breakwater::app {

namespace {

void print_addresses(const config& settings, std::uint16_t port) {
    const bool v6 = settings.host.find(':') != std::string::npos;
    const std::string address =
        fmt::format("{}://{}{}{}:{}", settings.tls_key_file.empty() ? "http" : "https", v6 ? "[" : "",
                    settings.host, v6 ? "]" : "", port);
    fmt::print("breakwater is listening on {}\n", address);
    fmt::print("  web client   {}{}/\n", address, settings.base_path);
    fmt::print("  try the API  {}{}/docs\n", address, settings.base_path);
    fmt::print("  reference    {}{}/redoc\n", address, settings.base_path);
    if (settings.allows_demo())
        fmt::print("  sign in as   {} / {}  (unless changed; local environments only)\n",
                   services::demo_admin_email, services::demo_admin_password);
    fmt::print("  database     {}\n", settings.database.shown());
    (void)std::fflush(stdout);
}

} // namespace

int serve(const config& settings) {
    signal_waiter signals; // before the first thread, so that all threads inherit its mask
    events::event_bus bus;
    auto opened = open_core(settings, false, &bus);
    if (!opened)
        return refuse_database(settings, std::move(opened).error(), false);
    core& parts = **opened;
    auto token_settings = load_tokens(settings, parts.random);
    if (!token_settings)
        return refuse(token_settings.error());
    {
        application server{parts, bus, std::move(*token_settings)};
        if (const auto started = server.start(); !started)
            return refuse(started.error());
        print_addresses(settings, server.port());
        server.run(signals);
        log::write(log::level::info, "stopping: finishing accepted requests");
    }
    log::write(log::level::info, "stopped");
    return 0;
}

} // namespace breakwater::app
