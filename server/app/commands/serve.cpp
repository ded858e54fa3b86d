#include "app/commands/serve.hpp"

#include "app/application.hpp"
#include "app/commands/outcome.hpp"
#include "app/keys.hpp"
#include "base/log.hpp"
#include "services/password_policy.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace breakwater::app {

namespace {

constexpr std::chrono::seconds retry_interval{1}; ///< between two attempts to open the database again

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

/// Runs the server until it ends. Empty: the database must be opened again; otherwise the exit code. Sets the
/// port of `settings` to the one that it used.
std::optional<int> run_once(core& parts, events::event_bus& bus, config& settings, signal_waiter& signals,
                            bool is_first) {
    auto token_settings = load_tokens(settings, parts.random);
    if (!token_settings)
        return refuse(token_settings.error());
    application server{parts, bus, std::move(*token_settings)};
    if (const auto started = server.start(); !started)
        return refuse(started.error());
    settings.port = server.port();
    if (is_first)
        print_addresses(settings, server.port());
    else
        log::write(log::level::info, "listening again");
    if (server.run(signals) == application::ending::replaced) {
        log::write(log::level::warning, "starting again: the database must be opened anew");
        return std::nullopt;
    }
    log::write(log::level::info, "stopping: finishing accepted requests");
    return exit_success;
}

/// Waits until the database can be opened. Null if a signal asks to stop before.
std::unique_ptr<core> reopen_core(const config& settings, events::event_bus& bus, signal_waiter& signals) {
    std::string logged;
    for (;;) {
        auto opened = open_core(settings, false, &bus);
        if (opened)
            return std::move(*opened);
        if (std::string detail = opened.error().detail; detail != logged) {
            log::write(log::level::error, "the database can't be opened; retrying", {{"detail", detail}});
            logged = std::move(detail);
        }
        if (signals.wait(retry_interval) == signal_waiter::request::stop)
            return nullptr;
    }
}

} // namespace

int serve(const config& configured) {
    config settings = configured;
    signal_waiter signals; // before the first thread, so that all threads inherit its mask
    std::optional<int> exit_code;
    for (bool is_first = true; !exit_code; is_first = false) {
        events::event_bus bus;
        std::unique_ptr<core> parts;
        if (is_first) {
            auto opened = open_core(settings, false, &bus);
            if (!opened)
                return refuse_database(settings, std::move(opened).error(), false);
            parts = std::move(*opened);
        } else {
            parts = reopen_core(settings, bus, signals);
            if (!parts)
                break;
        }
        exit_code = run_once(*parts, bus, settings, signals, is_first);
    }
    if (exit_code.value_or(exit_success) == exit_success)
        log::write(log::level::info, "stopped");
    return exit_code.value_or(exit_success);
}

} // namespace breakwater::app
