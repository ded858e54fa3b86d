#include "app/commands/outcome.hpp"

#include "app/config_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>

namespace breakwater::app {

namespace {

int refuse_configuration(std::string_view problems) {
    return refuse({.code = errc::invalid_input,
                   .detail = fmt::format("The configuration is invalid:\n{}\n`breakwater check-config` shows "
                                         "all settings.",
                                         problems)},
                  exit_usage);
}

/// Calls `command` with the environment (with `overrides`) and the content of the .env file.
int with_variables(const std::function<int(const variables&, const variables&)>& command,
                   const variables& overrides) {
    const auto file = read_env_file(".env");
    if (!file)
        return refuse(file.error(), exit_usage);
    variables environment = process_environment();
    for (const auto& [name, value] : overrides)
        environment.insert_or_assign(name, value);
    return command(environment, *file);
}

} // namespace

int refuse(const error& failure, int code) {
    (void)std::fflush(stdout);
    fmt::print(stderr, "breakwater: {}\n", failure.detail);
    return code;
}

void remark(std::string_view text) {
    (void)std::fflush(stdout);
    fmt::print(stderr, "{}\n", text);
}

int with_config(const std::function<int(const config&)>& command) {
    return with_variables(
        [&](const variables& environment, const variables& file) {
            const auto settings = load_config(environment, file);
            return settings ? command(*settings) : refuse_configuration(settings.error().detail);
        },
        {});
}

int with_server_config(const std::function<int(const config&)>& command, const variables& overrides) {
    return with_variables(
        [&](const variables& environment, const variables& file) {
            crypto::system_random random;
            const auto checked = check_settings(environment, file, random);
            return checked.problems.empty()
                       ? command(checked.settings)
                       : refuse_configuration(fmt::format("{}", fmt::join(checked.problems, "\n")));
        },
        overrides);
}

int refuse_database(const config& settings, error failure, bool read_only) {
    const database_url& database = settings.database;
    std::error_code ignored;
    if (database.is_postgres())
        failure.detail += fmt::format(" DATABASE_URL is {}.", database.shown());
    else if (read_only && !std::filesystem::exists(database.file(), ignored))
        failure.detail =
            fmt::format("There is no database at {}. `breakwater serve` creates it. DATABASE_URL sets its "
                        "path, relative to the current folder.",
                        database.file().string());
    else if (failure.code == errc::invalid_input)
        failure.detail += " DATABASE_URL sets the file.";
    return refuse(failure, failure.code == errc::invalid_input ? exit_usage : exit_failure);
}

int with_core(bool read_only, const std::function<int(core&)>& command) {
    return with_config([&](const config& settings) {
        auto opened = open_core(settings, read_only);
        if (!opened)
            return refuse_database(settings, std::move(opened).error(), read_only);
        return command(**opened);
    });
}

result<user> account_of(core& parts, std::string_view email) {
    const auto address = normalise_email(email);
    if (!address)
        return fail(errc::invalid_input, fmt::format("{:?} is not an e-mail address.", email));
    auto account = find_user(parts, *address);
    if (!account)
        return pass(std::move(account));
    if (!*account)
        return fail(errc::not_found,
                    fmt::format("No account has the address {}. `breakwater user list` lists all accounts.",
                                *address));
    return std::move(**account);
}

} // namespace breakwater::app
