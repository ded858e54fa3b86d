#include "app/config_report.hpp"

#include "app/keys.hpp"
#include "app/terminal.hpp"
#include "app/tls_check.hpp"

#include <fmt/format.h>

#include <algorithm>

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

std::string table_of(const config& chosen, const std::vector<field_error>& wrong,
                     const variables& environment, const variables& file) {
    std::vector<std::vector<std::string>> rows{{"SETTING", "FROM", "VALUE"}};
    for (const setting& known : settings()) {
        const bool refused = std::ranges::find(wrong, known.name, &field_error::loc) != wrong.end();
        rows.push_back({std::string{known.name}, std::string{origin_of(known, environment, file)},
                        refused ? "(refused, see below)" : shown(known, chosen)});
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

config_report report_config(const variables& environment, const variables& file, random_source& random) {
    config chosen;
    const auto refused = read_settings(chosen, environment, file);
    std::vector<std::string> wrong;
    wrong.reserve(refused.size() + 2);
    for (const field_error& field : refused)
        wrong.push_back(fmt::format("{} {}.", field.loc, field.msg));
    if (refused.empty()) {
        if (const auto keys = load_tokens(chosen, random, missing_keys::invent); !keys)
            wrong.push_back(keys.error().detail);
        if (!chosen.tls_key_file.empty())
            if (const auto tls = check_tls(chosen.tls_certificate_file, chosen.tls_key_file); !tls)
                wrong.push_back(tls.error().detail);
    }
    auto warnings = warnings_of(chosen);
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
