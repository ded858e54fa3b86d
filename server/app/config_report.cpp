#include "app/config_report.hpp"

#include "app/keys.hpp"
#include "app/terminal.hpp"
#include "app/tls_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace breakwater::app {

namespace {

std::string_view source_of(const setting& setting, const variables& environment, const variables& file) {
    if (environment.contains(setting.name))
        return "environment";
    return file.contains(setting.name) ? ".env" : "default";
}

std::string value_of(const setting& setting, const config& loaded) {
    const std::string value = setting.show(loaded);
    if (value.empty())
        return "(not set)";
    return setting.secret ? "(set)" : printable(value);
}

bool is_invalid(std::string_view name, const std::vector<field_error>& invalid) {
    return std::ranges::find(invalid, name, &field_error::loc) != invalid.end();
}

std::string table_of(const config& loaded, const std::vector<field_error>& invalid,
                     const variables& environment, const variables& file) {
    std::vector<std::vector<std::string>> rows{{"SETTING", "FROM", "VALUE"}};
    for (const setting& setting : settings()) {
        rows.push_back(
            {std::string{setting.name}, std::string{source_of(setting, environment, file)},
             is_invalid(setting.name, invalid) ? "(invalid, see below)" : value_of(setting, loaded)});
    }
    return as_table(rows);
}

/// The names in .env that are not settings: they have no effect, so they are probably misspelled.
std::string unknown_names(const variables& file) {
    std::string out;
    for (const auto& [name, value] : file)
        if (std::ranges::find(settings(), name, &setting::name) == settings().end())
            out += fmt::format("{}{}", out.empty() ? "" : ", ", name);
    return out;
}

} // namespace

checked_config check_settings(const variables& environment, const variables& file, random_source& random) {
    checked_config out;
    out.invalid = read_settings(out.settings, environment, file);
    out.problems.reserve(out.invalid.size());
    for (const field_error& field : out.invalid)
        out.problems.push_back(fmt::format("{} {}.", field.loc, field.msg));

    auto problems_of_keys = key_problems(out.settings);
    if (problems_of_keys.empty())
        if (const auto keys = load_tokens(out.settings, random, missing_keys::temporary); !keys)
            problems_of_keys.push_back(keys.error().detail);
    // An invalid ENVIRONMENT or JWT_ALGORITHM would cause misleading problems of the keys.
    if (!is_invalid("JWT_ALGORITHM", out.invalid) && !is_invalid("ENVIRONMENT", out.invalid))
        std::ranges::move(problems_of_keys, std::back_inserter(out.problems));

    const config& loaded = out.settings;
    if (!loaded.tls_key_file.empty() && !loaded.tls_certificate_file.empty())
        if (const auto tls = check_tls(loaded.tls_certificate_file, loaded.tls_key_file); !tls)
            out.problems.push_back(tls.error().detail);
    return out;
}

config_report report_config(const variables& environment, const variables& file, random_source& random) {
    const auto [loaded, invalid, problems] = check_settings(environment, file, random);
    auto warnings = warnings_of(loaded);
    std::ranges::move(file_warnings(loaded, ".env"), std::back_inserter(warnings));
    if (const auto names = unknown_names(file); !names.empty())
        warnings.push_back(fmt::format(".env contains unknown settings, which have no effect: {}.", names));

    config_report report{.text = table_of(loaded, invalid, environment, file), .usable = problems.empty()};
    if (!problems.empty() || !warnings.empty())
        report.text += '\n';
    for (const std::string& text : problems)
        report.text += fmt::format("error: {}\n", text);
    for (const std::string& text : warnings)
        report.text += fmt::format("warning: {}\n", text);
    report.text += fmt::format("\nThe configuration is {} ({} error(s), {} warning(s)).\n",
                               report.usable ? "usable" : "not usable", problems.size(), warnings.size());
    return report;
}

} // namespace breakwater::app
