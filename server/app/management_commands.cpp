#include "app/command_options.hpp"
#include "app/commands/alert_commands.hpp"
#include "app/commands/device_commands.hpp"
#include "app/commands/invitation_commands.hpp"
#include "app/commands/retention_commands.hpp"
#include "app/commands/user_commands.hpp"
#include "app/commands/webhook_commands.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <map>
#include <string>

// The commands that manage accounts, devices, alerts and webhooks.
namespace breakwater::app {

namespace {

const choices<role> roles{{"user", role::user}, {"admin", role::admin}};
const choices<device_status> statuses{{"active", device_status::active}, {"blocked", device_status::blocked}};
const choices<alert_state> alert_states{{"open", alert_state::open},
                                        {"acknowledged", alert_state::acknowledged},
                                        {"resolved", alert_state::resolved}};
const choices<alert_severity> severities{{"info", alert_severity::info},
                                         {"warning", alert_severity::warning},
                                         {"critical", alert_severity::critical}};
const choices<delivery_state> delivery_states{{"pending", delivery_state::pending},
                                              {"delivered", delivery_state::delivered},
                                              {"dead", delivery_state::dead}};

choices<category> category_choices() {
    choices<category> out;
    for (const category_info& entry : categories())
        out.emplace(entry.slug, entry.id);
    return out;
}

void add_user_commands(CLI::App& program, action& selected) {
    CLI::App& users = *program.add_subcommand("user", "Manages accounts")->require_subcommand(0, 1);
    {
        auto [command, options] =
            add_command(users, selected, "create", "Creates an account; reads the password from the terminal",
                        &create_user);
        command->add_option("email", options.email, "The e-mail address")->required();
        add_choice_option(*command, "--role", options.role, roles, "Role (default user)");
        command->add_flag("--password-stdin", options.password_stdin, stdin_help);
        command->footer(std::string{write_note} + "POST /admin/users.\n\n"
                                                  "  breakwater user create ada@example.com --role admin");
    }
    {
        struct list_options {
            bool json = false;
        };
        auto [command, options] =
            add_command<list_options>(users, selected, "list", "Lists all accounts",
                                      [](const list_options& o) { return list_users(o.json); });
        command->add_flag("--json", options.json, "Print a JSON array");
        command->footer(std::string{read_note} + "\n\n  breakwater user list");
    }
    {
        auto [command, options] =
            add_command(users, selected, "set-password",
                        "Sets a new password and ends the sessions of the account", &set_password);
        command->add_option("email", options.email, "The e-mail address")->required();
        command->add_flag("--password-stdin", options.password_stdin, stdin_help);
        command->footer(std::string{write_note} +
                        "PUT /admin/users/{id}.\n\n  breakwater user set-password ada@example.com");
    }
    for (const bool disables : {true, false}) {
        auto [command, options] = add_command(
            users, selected, disables ? "disable" : "enable",
            disables ? "Disables sign-in and ends the sessions of the account; its devices keep working"
                     : "Enables sign-in again",
            disables ? &disable_user : &enable_user);
        command->add_option("email", options.email, "The e-mail address")->required();
        command->footer(fmt::format("{}PUT /admin/users/{{id}}.\n\n  breakwater user {} ada@example.com",
                                    write_note, disables ? "disable" : "enable"));
    }
    {
        auto [command, options] =
            add_command(users, selected, "delete", "Deletes an account with its devices and their readings",
                        &delete_user);
        command->add_option("email", options.email, "The e-mail address")->required();
        command->add_flag("--yes", options.yes, "Delete without confirmation");
        command->footer(std::string{write_note} +
                        "DELETE /admin/users/{id}.\n\n  breakwater user delete ada@example.com");
    }
}

void add_invitation_commands(CLI::App& program, action& selected) {
    CLI::App& invitations = *program.add_subcommand("invitation", "Manages invitations to create an account")
                                 ->require_subcommand(0, 1);
    {
        auto [command, options] =
            add_command(invitations, selected, "create",
                        "Invites somebody to create an account and prints the link once", &create_invitation);
        command->add_option("--email", options.email, "Only this address may use the link (default: anybody)")
            ->option_text("EMAIL");
        add_choice_option(*command, "--role", options.role, roles, "Role of the new account (default user)");
        command->add_option("--hours", options.hours, "Hours until it expires (default 72, at most 720)")
            ->option_text("NUMBER");
        command->footer(
            std::string{write_note} +
            "POST /admin/invitations.\n\n  breakwater invitation create --email grace@example.com");
    }
    {
        struct list_options {
            bool json = false;
        };
        auto [command, options] =
            add_command<list_options>(invitations, selected, "list", "Lists unused invitations",
                                      [](const list_options& o) { return list_invitations(o.json); });
        command->add_flag("--json", options.json, "Print a JSON array");
        command->footer(std::string{read_note} + "\n\n  breakwater invitation list");
    }
    {
        auto [command, options] =
            add_command(invitations, selected, "delete", "Withdraws an invitation", &delete_invitation);
        command->add_option("id", options.id, "The number of the invitation")->required();
        command->footer(std::string{write_note} +
                        "DELETE /admin/invitations/{id}.\n\n  breakwater invitation delete 4");
    }
}

void add_retention_commands(CLI::App& program, action& selected) {
    CLI::App& retention =
        *program.add_subcommand("retention", "Manages retention, which removes old readings and events")
             ->require_subcommand(0, 1);
    add_plain_command(retention, selected, "release", "Confirms the clock after a jump paused retention",
                      std::string{write_note} +
                          "POST /admin/retention/release.\n\n  breakwater retention release",
                      release_retention);
}

void add_device_commands(CLI::App& program, action& selected) {
    static const auto category_slugs = category_choices();
    CLI::App& devices = *program.add_subcommand("device", "Manages devices")->require_subcommand(0, 1);
    {
        auto [command, options] = add_command(devices, selected, "create",
                                              "Creates a device and prints its secret once", &create_device);
        command->add_option("name", options.name, "The name, 3 to 100 characters")->required();
        add_choice_option(*command, "--category", options.category, category_slugs, "Category")->required();
        command->add_option("--owner", options.owner, "The e-mail address of its owner")
            ->required()
            ->option_text("EMAIL");
        command->add_flag("--json", options.json, "Print a JSON object");
        command->footer(std::string{write_note} +
                        "POST /devices.\n\n  breakwater device create \"Roof station\" --category "
                        "weather_station --owner ada@example.com");
    }
    {
        auto [command, options] = add_command(
            devices, selected, "list", "Lists devices, all or by owner, status or category", &list_devices);
        command->add_option("--owner", options.owner, "Only devices of this owner")->option_text("EMAIL");
        add_choice_option(*command, "--status", options.status, statuses, "Only devices with this status");
        add_choice_option(*command, "--category", options.category, category_slugs,
                          "Only devices of this category");
        command->add_flag("--json", options.json, "Print a JSON array");
        command->footer(std::string{read_note} +
                        "\n\n  breakwater device list --status blocked --owner ada@example.com");
    }
    {
        auto [command, options] = add_command(
            devices, selected, "rotate",
            "Rotates the secret of a device and prints it once; the old secret and its tokens stop working",
            &rotate_device);
        command->add_option("id", options.id, "The id of the device")->required();
        command->add_flag("--json", options.json, "Print a JSON object");
        command->footer(std::string{write_note} +
                        "POST /devices/{id}/rotate-secret.\n\n  breakwater device rotate "
                        "3f1c0c52-6f0e-4f7e-9c63-0d2f6d6c2a11");
    }
}

void add_alert_commands(CLI::App& program, action& selected) {
    CLI::App& alerts = *program.add_subcommand("alert", "Manages alerts")->require_subcommand(0, 1);
    {
        auto [command, options] = add_command(
            alerts, selected, "list",
            "Lists alerts by state and severity, newest first (default: unresolved alerts)", &list_alerts);
        add_choice_option(*command, "--state", options.state, alert_states, "Only alerts in this state");
        add_choice_option(*command, "--severity", options.severity, severities,
                          "Only alerts of this severity");
        command->add_flag("--json", options.json, "Print a JSON array");
        command->footer(std::string{read_note} + "\n\n  breakwater alert list --severity critical");
    }
    const auto add_change = [&](const std::string& name, const std::string& help,
                                int (*run)(const change_alert_options&)) {
        auto [command, options] = add_command(alerts, selected, name, help, run);
        command->add_option("id", options.id, "The number of the alert")->required();
        command->add_option("--note", options.note, "A note for the alert")->option_text("TEXT");
        command->footer(
            fmt::format("{}POST /alerts/{{id}}/{}.\n\n  breakwater alert {} 12 --note \"The fan was off\"",
                        write_note, name, name));
    };
    add_change("acknowledge", "Marks an alert as being looked at", &acknowledge_alert);
    add_change("resolve", "Marks an alert as resolved", &resolve_alert);
}

void add_rule_commands(CLI::App& program, action& selected) {
    CLI::App& rules =
        *program.add_subcommand("rule", "Manages the rules that raise alerts")->require_subcommand(0, 1);
    {
        struct list_options {
            bool json = false;
        };
        auto [command, options] =
            add_command<list_options>(rules, selected, "list", "Lists the rules that raise alerts",
                                      [](const list_options& o) { return list_rules(o.json); });
        command->add_flag("--json", options.json, "Print a JSON array");
        command->footer(std::string{read_note} + "\n\n  breakwater rule list");
    }
    {
        auto [command, options] = add_command(
            rules, selected, "create", "Adds a rule from a JSON file and prints its number", &create_rule);
        command
            ->add_option("file", options.file,
                         "A JSON object in the format of POST /alert-rules; - is standard input")
            ->required();
        command->footer(std::string{write_note} + "POST /alert-rules.\n\n  breakwater rule create warm.json");
    }
    struct rule_options {
        rule_id id = 0;
    };
    const auto add_change = [&](const std::string& name, const std::string& help, const std::string& method,
                                int (*run)(const rule_options&)) {
        auto [command, options] = add_command<rule_options>(rules, selected, name, help, run);
        command->add_option("id", options.id, "The number of the rule")->required();
        command->footer(
            fmt::format("{}{} /alert-rules/{{id}}.\n\n  breakwater rule {} 3", write_note, method, name));
    };
    add_change("enable", "Enables a rule", "PUT", [](const rule_options& o) { return enable_rule(o.id); });
    add_change("disable", "Disables a rule and resolves its alerts", "PUT",
               [](const rule_options& o) { return disable_rule(o.id); });
    add_change("delete", "Deletes a rule and resolves its alerts", "DELETE",
               [](const rule_options& o) { return delete_rule(o.id); });
}

void add_webhook_commands(CLI::App& program, action& selected) {
    CLI::App& webhooks = *program.add_subcommand("webhook", "Manages the webhooks that receive alerts")
                              ->require_subcommand(0, 1);
    {
        struct list_options {
            bool json = false;
        };
        auto [command, options] =
            add_command<list_options>(webhooks, selected, "list", "Lists the webhooks that receive alerts",
                                      [](const list_options& o) { return list_webhooks(o.json); });
        command->add_flag("--json", options.json, "Print a JSON array");
        command->footer(std::string{read_note} + "\n\n  breakwater webhook list");
    }
    {
        auto [command, options] =
            add_command(webhooks, selected, "create", "Adds a webhook and prints its signing secret once",
                        &create_webhook);
        command->add_option("name", options.name, "The name, 1 to 100 characters")->required();
        command->add_option("url", options.url, "The URL that receives alerts, https://…")->required();
        add_choice_option(*command, "--min-severity", options.min_severity, severities,
                          "Send alerts of this severity and above (default warning)");
        command->add_flag("--json", options.json, "Print a JSON object");
        command->footer(std::string{write_note} +
                        "POST /webhooks.\n\n  breakwater webhook create \"On call\" "
                        "https://hooks.example/breakwater --min-severity critical");
    }
    struct id_option {
        std::int64_t id = 0;
    };
    const auto add_change = [&](const std::string& name, const std::string& help,
                                int (*run)(const id_option&)) {
        auto [command, options] = add_command<id_option>(webhooks, selected, name, help, run);
        command->add_option("id", options.id, "The number of the webhook")->required();
        command->footer(
            fmt::format("{}PUT /webhooks/{{id}}.\n\n  breakwater webhook {} 3", write_note, name));
    };
    add_change("enable", "Enables a webhook", [](const id_option& o) { return enable_webhook(o.id); });
    add_change("disable", "Disables a webhook and gives up its pending messages",
               [](const id_option& o) { return disable_webhook(o.id); });
    {
        auto [command, options] =
            add_command<id_option>(webhooks, selected, "delete", "Deletes a webhook and its deliveries",
                                   [](const id_option& o) { return delete_webhook(o.id); });
        command->add_option("id", options.id, "The number of the webhook")->required();
        command->footer(std::string{write_note} + "DELETE /webhooks/{id}.\n\n  breakwater webhook delete 3");
    }
    {
        auto [command, options] = add_command(webhooks, selected, "deliveries",
                                              "Lists sent, pending and given-up messages", &list_deliveries);
        command->add_option("--webhook", options.webhook, "Only messages to this webhook")->option_text("ID");
        add_choice_option(*command, "--state", options.state, delivery_states, "Only messages in this state");
        command->add_flag("--json", options.json, "Print a JSON array");
        command->footer(std::string{read_note} + "\n\n  breakwater webhook deliveries --state dead");
    }
    {
        auto [command, options] =
            add_command<id_option>(webhooks, selected, "retry", "Queues a given-up message again",
                                   [](const id_option& o) { return retry_delivery(o.id); });
        command->add_option("id", options.id, "The number of the delivery")->required();
        command->footer(std::string{write_note} +
                        "POST /webhooks/deliveries/{id}/retry.\n\n  breakwater webhook retry 12");
    }
}

} // namespace

void add_management_commands(CLI::App& program, action& selected) {
    add_user_commands(program, selected);
    add_invitation_commands(program, selected);
    add_retention_commands(program, selected);
    add_device_commands(program, selected);
    add_alert_commands(program, selected);
    add_rule_commands(program, selected);
    add_webhook_commands(program, selected);
}

} // namespace breakwater::app
