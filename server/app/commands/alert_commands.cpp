#include "app/commands/alert_commands.hpp"

#include "api/dto/alert_dto.hpp"
#include "api/schema/value_input.hpp"
#include "app/commands/outcome.hpp"
#include "app/json_rows.hpp"
#include "app/read_file.hpp"
#include "app/terminal.hpp"
#include "base/time.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <vector>

namespace breakwater::app {

namespace {

constexpr std::size_t most_rule_bytes = 64UL << 10;
constexpr std::size_t most_alerts = 1000; ///< that are listed

std::string where_of(const alert_rule& rule) {
    if (rule.device)
        return rule.device->to_string();
    return rule.category ? std::string{info(*rule.category).slug} : "all";
}

std::string device_of(const alert& of) {
    if (!of.device)
        return "-";
    return printable(of.device_name) + (of.device_gone ? " (deleted)" : of.simulated ? " (simulated)" : "");
}

int settle(const settle_alert_options& chosen, std::string_view command,
           result<alert> (services::alert_service::*how)(alert_id, std::string_view,
                                                         const services::caller&)) {
    if (const auto wrong = api::schema::check_text(chosen.note, 0, max_alert_note_length, true);
        !wrong.empty())
        return refuse({.code = errc::invalid_input,
                       .detail = fmt::format("The note m{}", std::string_view{wrong}.substr(1))},
                      exit_usage);
    return with_core(false, [&](core& parts) {
        const auto done =
            ((*parts.alert_service).*how)(chosen.id, chosen.note, operator_at_the_shell(command));
        if (!done)
            return refuse(done.error());
        remark(fmt::format("Alert {} ({}) is {}.", done->id, printable(done->rule_name),
                           to_string(done->state)));
        return exit_success;
    });
}

int switch_rule(rule_id id, bool on) {
    return with_core(false, [&](core& parts) {
        auto rule = parts.alert_service->rule(id);
        if (!rule)
            return refuse(rule.error());
        rule->enabled = on;
        const auto done = parts.alert_service->update_rule(
            std::move(*rule), operator_at_the_shell(on ? "rule enable" : "rule disable"));
        return done ? exit_success : refuse(done.error());
    });
}

} // namespace

int list_alerts(const list_alerts_options& chosen) {
    return with_core(true, [&](core& parts) {
        const auto found = parts.alert_service->list(
            {.state = chosen.state, .live = !chosen.state, .severity = chosen.severity, .limit = most_alerts},
            operator_at_the_shell("alert list"));
        if (!found)
            return refuse(found.error());
        if (chosen.json) {
            print_json(*found);
            return exit_success;
        }
        std::vector<std::vector<std::string>> rows{
            {"ID", "STATE", "SEVERITY", "RAISED", "LATE", "DEVICE", "SUMMARY"}};
        for (const alert& each : *found)
            rows.push_back({std::to_string(each.id), std::string{to_string(each.state)},
                            std::string{to_string(each.severity)}, format_rfc3339(each.raised_at),
                            each.late ? "yes" : "no", device_of(each), printable(each.summary)});
        fmt::print("{}", as_table(rows));
        if (found->size() == most_alerts)
            remark(fmt::format("These are the newest {}; there may be more.", most_alerts));
        return exit_success;
    });
}

int acknowledge_alert(const settle_alert_options& chosen) {
    return settle(chosen, "alert acknowledge", &services::alert_service::acknowledge);
}

int resolve_alert(const settle_alert_options& chosen) {
    return settle(chosen, "alert resolve", &services::alert_service::resolve);
}

int list_rules(bool json) {
    return with_core(true, [&](core& parts) {
        const auto found = parts.alert_service->rules();
        if (!found)
            return refuse(found.error());
        if (json) {
            print_json(*found);
            return exit_success;
        }
        std::vector<std::vector<std::string>> rows{{"ID", "ENABLED", "SEVERITY", "KIND", "FOR", "NAME"}};
        for (const alert_rule& each : *found)
            rows.push_back({std::to_string(each.id), each.enabled ? "yes" : "no",
                            std::string{to_string(each.severity)}, std::string{to_string(each.kind())},
                            where_of(each), printable(each.name)});
        fmt::print("{}", as_table(rows));
        return exit_success;
    });
}

int create_rule(const create_rule_options& chosen) {
    const auto text = chosen.file == "-" ? read_descriptor(STDIN_FILENO, most_rule_bytes, "standard input")
                                         : read_file(chosen.file, most_rule_bytes);
    if (!text)
        return refuse(text.error(), exit_usage);
    const auto asked = api::schema::parse<api::dto::alert_rule_request>(*text);
    auto rule = asked ? api::dto::to_domain(*asked) : std::unexpected(asked.error());
    if (!rule) {
        for (const field_error& each : rule.error().fields)
            remark(fmt::format("{}: {}", each.loc, each.msg));
        return refuse(rule.error(), exit_usage);
    }
    return with_core(false, [&](core& parts) {
        const auto made =
            parts.alert_service->create_rule(std::move(*rule), operator_at_the_shell("rule create"));
        if (!made)
            return refuse(made.error());
        fmt::print("{}\n", made->id);
        return exit_success;
    });
}

int enable_rule(rule_id id) {
    return switch_rule(id, true);
}

int disable_rule(rule_id id) {
    return switch_rule(id, false);
}

int delete_rule(rule_id id) {
    return with_core(false, [&](core& parts) {
        const auto done = parts.alert_service->remove_rule(id, operator_at_the_shell("rule delete"));
        return done ? exit_success : refuse(done.error());
    });
}

} // namespace breakwater::app
