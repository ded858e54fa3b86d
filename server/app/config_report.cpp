#include "app/config_report.hpp"

#include "app/keys.hpp"
#include "app/terminal.hpp"
#include "app/tls_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace breakwater::app {

namespace {

std::string_view origin_of(const setting& known, const variables& environment, const variables& file) {
    if (environment.contains(known.name))
        return "environment";
    return file.contains(known.name) ? ".env" : "default";
}

std::string shown(const setting& known, const config& chosen) {
    const std::string value = known.show(chosen);
    if (value.empty())
        return "(not set)";
    return known.secret ? "(set)" : printable(value);
}

bool is_refused(std::string_view name, const std::vector<field_error>& refused) {
    return std::ranges::find(refused, name, &field_error::loc) != refused.end();
}

std::string table_of(const config& chosen, const std::vector<field_error>& wrong,
                     const variables& environment, const variables& file) {
    std::vector<std::vector<std::string>> rows{{"SETTING", "FROM", "VALUE"}};
    for (const setting& known : settings()) {
        rows.push_back({std::string{known.name}, std::string{origin_of(known, environment, file)},
                        is_refused(known.name, wrong) ? "(refused, see below)" : shown(known, chosen)});
    }
    return as_table(rows);
}

/// A wrong name in .env is silently no setting at all.
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
    out.refused = read_settings(out.settings, environment, file);
    out.problems.reserve(out.refused.size());
    for (const field_error& field : out.refused)
        out.problems.push_back(fmt::format("{} {}.", field.loc, field.msg));

    auto wrong_keys = key_problems(out.settings);
    if (wrong_keys.empty())
        if (const auto keys = load_tokens(out.settings, random, missing_keys::invent); !keys)
            wrong_keys.push_back(keys.error().detail);
    // What is wrong with a key may follow from another setting that can't be read.
    if (!is_refused("JWT_ALGORITHM", out.refused) && !is_refused("ENVIRONMENT", out.refused))
        std::ranges::move(wrong_keys, std::back_inserter(out.problems));

    const config& chosen = out.settings;
    if (!chosen.tls_key_file.empty() && !chosen.tls_certificate_file.empty())
        if (const auto tls = check_tls(chosen.tls_certificate_file, chosen.tls_key_file); !tls)
            out.problems.push_back(tls.error().detail);
    return out;
}

config_report report_config(const variables& environment, const variables& file, random_source& random) {
    const auto [chosen, refused, wrong] = check_settings(environment, file, random);
    auto warnings = warnings_of(chosen);
    std::ranges::move(file_warnings(chosen, ".env"), std::back_inserter(warnings));
    if (const auto names = unknown_names(file); !names.empty())
        warnings.push_back(fmt::format(".env has names that are no settings, and do nothing: {}.", names));

    config_report report{.text = table_of(chosen, refused, environment, file), .usable = wrong.empty()};
    if (!wrong.empty() || !warnings.empty())
        report.text += '\n';
    for (const std::string& text : wrong)
        report.text += fmt::format("error: {}\n", text);
    for (const std::string& text : warnings)
        report.text += fmt::format("warning: {}\n", text);
    report.text += fmt::format("\nThe configuration {} be used ({} error(s), {} warning(s)).\n",
                               report.usable ? "can" : "can't", wrong.size(), warnings.size());
    return report;
}

} // namespace breakwater::app
