#include "app/commands/outcome.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace breakwater::app {

namespace {

error unopened(const config& chosen, error why, bool read_only) {
    std::error_code unknown;
    if (read_only && !std::filesystem::exists(chosen.database_file, unknown))
        why.detail =
            fmt::format("There is no database at {}. `breakwater serve` makes it; DATABASE_URL says where, "
                        "and a relative path begins at the current folder.",
                        chosen.database_file.string());
    return why;
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

int with_config(const std::function<int(const config&)>& command, const variables& overrides) {
    const auto file = read_env_file(".env");
    if (!file)
        return refuse(file.error(), exit_usage);
    variables environment = process_environment();
    for (const auto& [name, value] : overrides)
        environment.insert_or_assign(name, value);
    const auto chosen = load_config(environment, *file);
    if (!chosen)
        return refuse(
            {.code = errc::invalid_input,
             .detail = fmt::format("The configuration can't be used:\n{}\n`breakwater check-config` "
                                   "shows all of it.",
                                   chosen.error().detail)},
            exit_usage);
    return command(*chosen);
}

int with_core(bool read_only, const std::function<int(core&)>& command) {
    return with_config([&](const config& chosen) {
        auto opened = open_core(chosen, read_only);
        if (!opened)
            return refuse(unopened(chosen, std::move(opened).error(), read_only));
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
