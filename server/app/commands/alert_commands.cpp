#include "app/commands/alert_commands.hpp"

#include "app/commands/outcome.hpp"
#include "app/json_rows.hpp"
#include "app/read_file.hpp"
#include "app/terminal.hpp"
#include "base/time.hpp"
#include "wire/alert_dto.hpp"
#include "wire/schema/value_input.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <vector>

namespace breakwater::app {

namespace {

constexpr std::size_t max_rule_bytes = 64UL << 10;
constexpr std::size_t max_listed_alerts = 1000;

std::string scope_of(const alert_rule& rule) {
    if (rule.device)
        return rule.device->to_string();
    return rule.category ? std::string{info(*rule.category).slug} : "all";
}

std::string device_of(const alert& alert) {
    if (!alert.device)
        return "-";
    return printable(alert.device_name) + (alert.device_deleted ? " (deleted)"
                                           : alert.simulated    ? " (simulated)"
                                                                : "");
}

int change_alert(const change_alert_options& options, std::string_view command,
                 result<alert> (services::alert_service::*change)(alert_id, std::string_view,
                                                                  const services::caller&)) {
    if (const auto problem = wire::schema::check_text(options.note, 0, max_alert_note_length, true);
        !problem.empty())
        return refuse({.code = errc::invalid_input,
                       .detail = fmt::format("The note m{}", std::string_view{problem}.substr(1))},
                      exit_usage);
    return with_core(false, [&](core& parts) {
        const auto changed =
            (parts.alert_service.*change)(options.id, options.note, operator_at_the_shell(command));
        if (!changed)
            return refuse(changed.error());
        remark(fmt::format("Alert {} ({}) is {}.", changed->id, printable(changed->rule_name),
                           to_string(changed->state)));
        return exit_success;
    });
}

int set_rule_enabled(rule_id id, bool enabled) {
    return with_core(false, [&](core& parts) {
        auto rule = parts.alert_service.rule(id);
        if (!rule)
            return refuse(rule.error());
        rule->enabled = enabled;
        const auto done = parts.alert_service.update_rule(
            std::move(*rule), operator_at_the_shell(enabled ? "rule enable" : "rule disable"));
        return done ? exit_success : refuse(done.error());
    });
}

} // namespace

int list_alerts(const list_alerts_options& options) {
    return with_core(true, [&](core& parts) {
        const auto alerts = parts.alert_service.list({.state = options.state,
                                                      .live = !options.state,
                                                      .severity = options.severity,
                                                      .limit = max_listed_alerts},
                                                     operator_at_the_shell("alert list"));
        if (!alerts)
            return refuse(alerts.error());
        if (options.json) {
            print_json(*alerts);
            return exit_success;
        }
        std::vector<std::vector<std::string>> rows{
            {"ID", "STATE", "SEVERITY", "RAISED", "LATE", "DEVICE", "SUMMARY"}};
        for (const alert& alert : *alerts)
            rows.push_back({std::to_string(alert.id), std::string{to_string(alert.state)},
                            std::string{to_string(alert.severity)}, format_rfc3339(alert.raised_at),
                            alert.late ? "yes" : "no", device_of(alert), printable(alert.summary)});
        fmt::print("{}", as_table(rows));
        if (alerts->size() == max_listed_alerts)
            remark(fmt::format("Only the newest {} are shown; there may be more.", max_listed_alerts));
        return exit_success;
    });
}

int acknowledge_alert(const change_alert_options& options) {
    return change_alert(options, "alert acknowledge", &services::alert_service::acknowledge);
}

int resolve_alert(const change_alert_options& options) {
    return change_alert(options, "alert resolve", &services::alert_service::resolve);
}

int list_rules(bool json) {
    return with_core(true, [&](core& parts) {
        const auto rules = parts.alert_service.rules();
        if (!rules)
            return refuse(rules.error());
        if (json) {
            print_json(*rules);
            return exit_success;
        }
        std::vector<std::vector<std::string>> rows{{"ID", "ENABLED", "SEVERITY", "KIND", "FOR", "NAME"}};
        for (const alert_rule& rule : *rules)
            rows.push_back({std::to_string(rule.id), rule.enabled ? "yes" : "no",
                            std::string{to_string(rule.severity)}, std::string{to_string(rule.kind())},
                            scope_of(rule), printable(rule.name)});
        fmt::print("{}", as_table(rows));
        return exit_success;
    });
}

int create_rule(const create_rule_options& options) {
    const auto text = options.file == "-" ? read_descriptor(STDIN_FILENO, max_rule_bytes, "standard input")
                                          : read_file(options.file, max_rule_bytes);
    if (!text)
        return refuse(text.error(), exit_usage);
    const auto request = wire::schema::parse<wire::alert_rule_request>(*text);
    auto rule = request ? wire::to_domain(*request) : std::unexpected(request.error());
    if (!rule) {
        for (const field_error& field : rule.error().fields)
            remark(fmt::format("{}: {}", field.loc, field.msg));
        return refuse(rule.error(), exit_usage);
    }
    return with_core(false, [&](core& parts) {
        const auto created =
            parts.alert_service.create_rule(std::move(*rule), operator_at_the_shell("rule create"));
        if (!created)
            return refuse(created.error());
        fmt::print("{}\n", created->id);
        return exit_success;
    });
}

int enable_rule(rule_id id) {
    return set_rule_enabled(id, true);
}

int disable_rule(rule_id id) {
    return set_rule_enabled(id, false);
}

int delete_rule(rule_id id) {
    return with_core(false, [&](core& parts) {
        const auto done = parts.alert_service.remove_rule(id, operator_at_the_shell("rule delete"));
        return done ? exit_success : refuse(done.error());
    });
}

} // namespace breakwater::app
