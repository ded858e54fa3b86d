#include "app/commands/outcome.hpp"

#include "app/config_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>

namespace breakwater::app {

namespace {

int refuse_configuration(std::string_view problems) {
    return refuse({.code = errc::invalid_input,
                   .detail = fmt::format("The configuration can't be used:\n{}\n`breakwater check-config` "
                                         "shows all of it.",
                                         problems)},
                  exit_usage);
}

/// Calls `command` with the settings of the environment and those of the .env file.
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

int refuse(const error& why, int code) {
    (void)std::fflush(stdout);
    fmt::print(stderr, "breakwater: {}\n", why.detail);
    return code;
}

void remark(std::string_view text) {
    (void)std::fflush(stdout);
    fmt::print(stderr, "{}\n", text);
}

int with_config(const std::function<int(const config&)>& command) {
    return with_variables(
        [&](const variables& environment, const variables& file) {
            const auto chosen = load_config(environment, file);
            return chosen ? command(*chosen) : refuse_configuration(chosen.error().detail);
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

int refuse_database(const config& chosen, error why, bool read_only) {
    std::error_code unknown;
    if (read_only && !std::filesystem::exists(chosen.database_file, unknown))
        why.detail =
            fmt::format("There is no database at {}. `breakwater serve` makes it; DATABASE_URL says where, "
                        "and a relative path begins at the current folder.",
                        chosen.database_file.string());
    if (why.code != errc::invalid_input)
        return refuse(why);
    why.detail += " DATABASE_URL names the file.";
    return refuse(why, exit_usage);
}

int with_core(bool read_only, const std::function<int(core&)>& command) {
    return with_config([&](const config& chosen) {
        auto opened = open_core(chosen, read_only);
        if (!opened)
            return refuse_database(chosen, std::move(opened).error(), read_only);
        return command(**opened);
    });
}

result<user> account_of(core& parts, std::string_view email) {
    const auto address = normalise_email(email);
    if (!address)
        return fail(errc::invalid_input, fmt::format("{:?} is not an e-mail address.", email));
    auto found = find_user(parts, *address);
    if (!found)
        return pass(std::move(found));
    if (!*found)
        return fail(
            errc::not_found,
            fmt::format("Nobody has the address {}. `breakwater user list` shows who there is.", *address));
    return std::move(**found);
}

} // namespace breakwater::app
