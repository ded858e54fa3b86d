#include "app/command_line.hpp"

#include "api/routes.hpp"
#include "app/commands/alert_commands.hpp"
#include "app/commands/backup_command.hpp"
#include "app/commands/config_commands.hpp"
#include "app/commands/device_commands.hpp"
#include "app/commands/export_command.hpp"
#include "app/commands/import_command.hpp"
#include "app/commands/init_command.hpp"
#include "app/commands/invitation_commands.hpp"
#include "app/commands/outcome.hpp"
#include "app/commands/retention_commands.hpp"
#include "app/commands/serve.hpp"
#include "app/commands/sql_command.hpp"
#include "app/commands/token_commands.hpp"
#include "app/commands/user_commands.hpp"
#include "app/commands/webhook_commands.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <functional>
#include <map>
#include <memory>
#include <utility>

// The one file that knows CLI11, which is slow to compile. What the commands do is in commands/.
namespace breakwater::app {

namespace {

constexpr auto write_note =
    "It changes the database, so the server must be stopped; while it runs, its API does\n"
    "the same: ";
constexpr auto read_note = "It only reads, and may run beside the server.";

/// What to do once all of the command line is understood.
using action = std::function<int()>;

template <class Value>
using choices = std::map<std::string, Value>;

const choices<role> roles{{"user", role::user}, {"admin", role::admin}};
const choices<device_status> statuses{{"active", device_status::active}, {"blocked", device_status::blocked}};
const choices<export_format> formats{{"csv", export_format::csv}, {"ndjson", export_format::ndjson}};
const choices<import_format> import_formats{{"csv", import_format::csv}, {"ndjson", import_format::ndjson}};
const choices<char> separators{{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}};
const choices<sql_format> sql_formats{
    {"table", sql_format::table}, {"csv", sql_format::csv}, {"ndjson", sql_format::ndjson}};
const choices<token_kind> kinds{
    {"access", token_kind::access}, {"refresh", token_kind::refresh}, {"device", token_kind::device}};

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
    for (const category_info& known : categories())
        out.emplace(known.slug, known.id);
    return out;
}

/// An option that takes one of some words.
template <class Value, class Into>
CLI::Option* add_choice(CLI::App& command, const std::string& name, Into& into, const choices<Value>& known,
                        const std::string& help) {
    std::string words;
    for (const auto& [word, value] : known)
        words += (words.empty() ? "" : ", ") + word;
    return command
        .add_option_function<std::string>(
            name, [&into, &known](const std::string& word) { into = known.at(word); }, help + ": " + words)
        ->check([known, words](const std::string& word) {
            return known.contains(word) ? std::string{} : fmt::format("{:?} is none of {}", word, words);
        })
        ->option_text(" ");
}

/// A command with options of its own, which live as long as the command line.
template <class Options>
std::pair<CLI::App*, Options&> add(CLI::App& under, action& chosen, const std::string& name,
                                   const std::string& help, int (*run)(const Options&)) {
    auto options = std::make_shared<Options>();
    CLI::App* command = under.add_subcommand(name, help);
    command->callback([options, run, &chosen] { chosen = [options, run] { return run(*options); }; });
    return {command, *options};
}

void add_simple(CLI::App& under, action& chosen, const std::string& name, const std::string& help,
                const std::string& footer, action run) {
    CLI::App* command = under.add_subcommand(name, help);
    command->callback([run = std::move(run), &chosen] { chosen = run; });
    command->footer(footer);
}

constexpr auto stdin_help = "Read it from standard input instead of asking";

void add_user_commands(CLI::App& program, action& chosen) {
    CLI::App& users = *program.add_subcommand("user", "Accounts of people")->require_subcommand(0, 1);
    {
        auto [command, options] =
            add(users, chosen, "create", "Make an account; the password is asked for", &create_user);
        command->add_option("email", options.email, "The address")->required();
        add_choice(*command, "--role", options.role, roles, "Role (default user)");
        command->add_flag("--password-stdin", options.password_stdin, stdin_help);
        command->footer(std::string{write_note} + "POST /admin/users.\n\n"
                                                  "  breakwater user create ada@example.com --role admin");
    }
    {
        struct list_options {
            bool json = false;
        };
        auto [command, options] = add<list_options>(users, chosen, "list", "Show all accounts",
                                                    [](const list_options& o) { return list_users(o.json); });
        command->add_flag("--json", options.json, "As a JSON array");
        command->footer(std::string{read_note} + "\n\n  breakwater user list");
    }
    {
        auto [command, options] = add(users, chosen, "set-password",
                                      "Give an account a new password and end its sessions", &set_password);
        command->add_option("email", options.email, "The address")->required();
        command->add_flag("--password-stdin", options.password_stdin, stdin_help);
        command->footer(std::string{write_note} +
                        "PUT /admin/users/{id}.\n\n  breakwater user set-password ada@example.com");
    }
    for (const bool disables : {true, false}) {
        auto [command, options] =
            add(users, chosen, disables ? "disable" : "enable",
                disables ? "Let nobody sign in with an account, and end its sessions; its devices go on"
                         : "Let people sign in with a disabled account again",
                disables ? &disable_user : &enable_user);
        command->add_option("email", options.email, "The address")->required();
        command->footer(fmt::format("{}PUT /admin/users/{{id}}.\n\n  breakwater user {} ada@example.com",
                                    write_note, disables ? "disable" : "enable"));
    }
    {
        auto [command, options] =
            add(users, chosen, "delete", "Delete an account, its devices and their readings", &delete_user);
        command->add_option("email", options.email, "The address")->required();
        command->add_flag("--yes", options.yes, "Do not ask first");
        command->footer(std::string{write_note} +
                        "DELETE /admin/users/{id}.\n\n  breakwater user delete ada@example.com");
    }
}

void add_invitation_commands(CLI::App& program, action& chosen) {
    CLI::App& invitations =
        *program.add_subcommand("invitation", "Invitations to make an account")->require_subcommand(0, 1);
    {
        auto [command, options] = add(invitations, chosen, "create",
                                      "Invite somebody; the link is printed, once", &create_invitation);
        command->add_option("--email", options.email, "Only this address may use it (default anybody)")
            ->option_text("EMAIL");
        add_choice(*command, "--role", options.role, roles, "Role of the new account (default user)");
        command->add_option("--hours", options.hours, "How long it holds (default 72, at most 720)")
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
            add<list_options>(invitations, chosen, "list", "Show the invitations that wait to be used",
                              [](const list_options& o) { return list_invitations(o.json); });
        command->add_flag("--json", options.json, "As a JSON array");
        command->footer(std::string{read_note} + "\n\n  breakwater invitation list");
    }
    {
        auto [command, options] =
            add(invitations, chosen, "delete", "Withdraw an invitation", &delete_invitation);
        command->add_option("id", options.id, "Its number")->required();
        command->footer(std::string{write_note} +
                        "DELETE /admin/invitations/{id}.\n\n  breakwater invitation delete 4");
    }
}

void add_retention_commands(CLI::App& program, action& chosen) {
    CLI::App& retention = *program.add_subcommand("retention", "Readings and records that get too old")
                               ->require_subcommand(0, 1);
    add_simple(retention, chosen, "release", "Confirm the clock, where retention waits because it jumped",
               std::string{write_note} + "POST /admin/retention/release.\n\n  breakwater retention release",
               release_retention);
}

void add_device_commands(CLI::App& program, action& chosen) {
    static const auto slugs = category_choices();
    CLI::App& devices = *program.add_subcommand("device", "Devices")->require_subcommand(0, 1);
    {
        auto [command, options] =
            add(devices, chosen, "create", "Make a device and print its id and secret, once", &create_device);
        command->add_option("name", options.name, "3 to 100 characters")->required();
        add_choice(*command, "--category", options.category, slugs, "Its kind")->required();
        command->add_option("--owner", options.owner, "The address of its owner")
            ->required()
            ->option_text("EMAIL");
        command->add_flag("--json", options.json, "As a JSON object");
        command->footer(std::string{write_note} +
                        "POST /devices.\n\n  breakwater device create \"Roof station\" --category "
                        "weather_station --owner ada@example.com");
    }
    {
        auto [command, options] = add(devices, chosen, "list", "Show devices", &list_devices);
        command->add_option("--owner", options.owner, "Of this person only")->option_text("EMAIL");
        add_choice(*command, "--status", options.status, statuses, "In this state only");
        add_choice(*command, "--category", options.category, slugs, "Of this kind only");
        command->add_flag("--json", options.json, "As a JSON array");
        command->footer(std::string{read_note} +
                        "\n\n  breakwater device list --status blocked --owner ada@example.com");
    }
    {
        auto [command, options] =
            add(devices, chosen, "rotate",
                "Give a device a new secret, printed once; the old one and its tokens end", &rotate_device);
        command->add_option("id", options.id, "The device's id")->required();
        command->add_flag("--json", options.json, "As a JSON object");
        command->footer(std::string{write_note} +
                        "POST /devices/{id}/rotate-secret.\n\n  breakwater device rotate "
                        "3f1c0c52-6f0e-4f7e-9c63-0d2f6d6c2a11");
    }
}

void add_alert_commands(CLI::App& program, action& chosen) {
    CLI::App& alerts = *program.add_subcommand("alert", "Alerts")->require_subcommand(0, 1);
    {
        auto [command, options] =
            add(alerts, chosen, "list", "Show the alerts that aren't resolved, newest first", &list_alerts);
        add_choice(*command, "--state", options.state, alert_states, "In this state only");
        add_choice(*command, "--severity", options.severity, severities, "That matter so much only");
        command->add_flag("--json", options.json, "As a JSON array");
        command->footer(std::string{read_note} + "\n\n  breakwater alert list --severity critical");
    }
    const auto add_settling = [&](const std::string& name, const std::string& help,
                                  int (*run)(const settle_alert_options&)) {
        auto [command, options] = add(alerts, chosen, name, help, run);
        command->add_option("id", options.id, "The alert's number")->required();
        command->add_option("--note", options.note, "What there is to say to it")->option_text("TEXT");
        command->footer(
            fmt::format("{}POST /alerts/{{id}}/{}.\n\n  breakwater alert {} 12 --note \"The fan was off\"",
                        write_note, name, name));
    };
    add_settling("acknowledge", "Say that somebody looks after an alert", &acknowledge_alert);
    add_settling("resolve", "Say that an alert is over", &resolve_alert);
}

void add_rule_commands(CLI::App& program, action& chosen) {
    CLI::App& rules = *program.add_subcommand("rule", "Rules that raise alerts")->require_subcommand(0, 1);
    {
        struct list_options {
            bool json = false;
        };
        auto [command, options] = add<list_options>(rules, chosen, "list", "Show all rules",
                                                    [](const list_options& o) { return list_rules(o.json); });
        command->add_flag("--json", options.json, "As a JSON array");
        command->footer(std::string{read_note} + "\n\n  breakwater rule list");
    }
    {
        auto [command, options] =
            add(rules, chosen, "create", "Add a rule and print its number", &create_rule);
        command
            ->add_option("file", options.file,
                         "A JSON object, as POST /alert-rules takes it; - is standard input")
            ->required();
        command->footer(std::string{write_note} + "POST /alert-rules.\n\n  breakwater rule create warm.json");
    }
    struct rule_options {
        rule_id id = 0;
    };
    const auto add_one = [&](const std::string& name, const std::string& help, const std::string& call,
                             int (*run)(const rule_options&)) {
        auto [command, options] = add<rule_options>(rules, chosen, name, help, run);
        command->add_option("id", options.id, "The rule's number")->required();
        command->footer(
            fmt::format("{}{} /alert-rules/{{id}}.\n\n  breakwater rule {} 3", write_note, call, name));
    };
    add_one("enable", "Watch a rule again", "PUT", [](const rule_options& o) { return enable_rule(o.id); });
    add_one("disable", "Watch a rule no longer; what it raised is over", "PUT",
            [](const rule_options& o) { return disable_rule(o.id); });
    add_one("delete", "Delete a rule; what it raised is over", "DELETE",
            [](const rule_options& o) { return delete_rule(o.id); });
}

void add_webhook_commands(CLI::App& program, action& chosen) {
    CLI::App& hooks =
        *program.add_subcommand("webhook", "Addresses that are told of alerts")->require_subcommand(0, 1);
    {
        struct list_options {
            bool json = false;
        };
        auto [command, options] =
            add<list_options>(hooks, chosen, "list", "Show all webhooks",
                              [](const list_options& o) { return list_webhooks(o.json); });
        command->add_flag("--json", options.json, "As a JSON array");
        command->footer(std::string{read_note} + "\n\n  breakwater webhook list");
    }
    {
        auto [command, options] =
            add(hooks, chosen, "create", "Have an address told of alerts; its secret is printed once",
                &create_webhook);
        command->add_option("name", options.name, "1 to 100 characters")->required();
        command->add_option("url", options.url, "Where it leads, https://…")->required();
        add_choice(*command, "--min-severity", options.min_severity, severities,
                   "Told of alerts that matter so much, or more (default warning)");
        command->add_flag("--json", options.json, "As a JSON object");
        command->footer(std::string{write_note} +
                        "POST /webhooks.\n\n  breakwater webhook create \"On call\" "
                        "https://hooks.example/breakwater --min-severity critical");
    }
    struct one_option {
        std::int64_t id = 0;
    };
    const auto add_switch = [&](const std::string& name, const std::string& help,
                                int (*run)(const one_option&)) {
        auto [command, options] = add<one_option>(hooks, chosen, name, help, run);
        command->add_option("id", options.id, "The webhook's number")->required();
        command->footer(
            fmt::format("{}PUT /webhooks/{{id}}.\n\n  breakwater webhook {} 3", write_note, name));
    };
    add_switch("enable", "Tell a webhook of alerts again",
               [](const one_option& o) { return enable_webhook(o.id); });
    add_switch("disable", "Tell a webhook nothing; what waits for it is given up",
               [](const one_option& o) { return disable_webhook(o.id); });
    {
        auto [command, options] =
            add<one_option>(hooks, chosen, "delete", "Delete a webhook and its deliveries",
                            [](const one_option& o) { return delete_webhook(o.id); });
        command->add_option("id", options.id, "The webhook's number")->required();
        command->footer(std::string{write_note} + "DELETE /webhooks/{id}.\n\n  breakwater webhook delete 3");
    }
    {
        auto [command, options] =
            add(hooks, chosen, "deliveries", "Show what was sent, what waits and what was given up",
                &list_deliveries);
        command->add_option("--webhook", options.webhook, "To this one only")->option_text("ID");
        add_choice(*command, "--state", options.state, delivery_states, "In this state only");
        command->add_flag("--json", options.json, "As a JSON array");
        command->footer(std::string{read_note} + "\n\n  breakwater webhook deliveries --state dead");
    }
    {
        auto [command, options] =
            add<one_option>(hooks, chosen, "retry", "Send a message again that was given up",
                            [](const one_option& o) { return retry_delivery(o.id); });
        command->add_option("id", options.id, "The delivery's number")->required();
        command->footer(std::string{write_note} +
                        "POST /webhooks/deliveries/{id}/retry.\n\n  breakwater webhook retry 12");
    }
}

void add_export(CLI::App& program, action& chosen) {
    auto [command, options] =
        add(program, chosen, "export", "Write readings to a file or to standard output", &export_readings);
    auto* which = command->add_option_group("Which devices", "By their ids, or all")->require_option(1);
    which->add_option("--device", options.devices, "A device's id; may be given again")->option_text("ID");
    which->add_flag("--all", options.all, "All of them");
    command->add_option("--since", options.since, "From this time on, like 2026-01-31T08:00:00Z")
        ->option_text("TIME");
    command->add_option("--until", options.until, "To this time (default: now)")->option_text("TIME");
    command->add_flag("--include-simulated", options.include_simulated, "With the simulator's readings, too");
    command->add_option("--after", options.after, "Go on behind the last line of an export that was cut off")
        ->option_text("DEVICE/RECEIVED_AT/ID");
    add_choice(*command, "--format", options.format, formats, "Format (default csv)");
    command->add_option("--output", options.output, "A new file; - is standard output (default)")
        ->option_text("FILE");
    command->add_flag("--force", options.force, "Overwrite the file");
    command->footer(std::string{read_note} +
                    "\n\n  breakwater export --all --since 2026-01-01T00:00:00Z --output january.csv");
}

void add_sql(CLI::App& program, action& chosen) {
    auto [command, options] =
        add(program, chosen, "sql", "Ask the database in SQL; it can change nothing", &run_sql);
    command->add_option("statements", options.statements,
                        "What to ask, semicolons between; without it standard input is read");
    add_choice(*command, "--format", options.format, sql_formats, "Format (default table)");
    command->footer(
        std::string{read_note} +
        "\nThe tables to begin with: readings, devices, users, alerts, security_events; `breakwater sql "
        ".tables`\n"
        "shows all, and their columns.\n\n"
        "  breakwater sql \"SELECT name, count(*), avg(payload ->> '$.metrics.temperature_c') FROM readings\n"
        "      JOIN devices ON devices.id = device_id WHERE received_at > '2026-01-01' GROUP BY name\"");
}

void add_import(CLI::App& program, action& chosen) {
    auto [command, options] = add(
        program, chosen, "import",
        "Store readings from a file of CSV or lines of JSON, with the times they bring", &import_readings);
    command->add_option("file", options.file, "The file; - is standard input")->required();
    add_choice(*command, "--format", options.format, import_formats,
               "Format (default csv where the name ends in .csv, else ndjson)");
    command
        ->add_option("--time-column", options.time_columns,
                     "Of a CSV: the column with the time of measuring (default device_timestamp);\n"
                     "given twice, the one with the date and the one with the time of day")
        ->option_text("NAME")
        ->allow_extra_args(false);
    command
        ->add_option("--time-format", options.time_format,
                     "Of a CSV: how these times are spelled: seconds, milliseconds, microseconds, or a\n"
                     "pattern such as '%d.%m.%Y %H:%M' (default: RFC 3339 and what is like it)")
        ->option_text("FORMAT");
    command
        ->add_option("--time-zone", options.time_zone,
                     "With a pattern without %z: where the clock stood, such as Europe/Warsaw (default UTC)")
        ->option_text("NAME");
    add_choice(*command, "--separator", options.separator, separators,
               "Of a CSV: what separates its cells (default: what its header shows)");
    command->add_flag("--decimal-comma", options.decimal_comma, "Of a CSV: 3,5 is a number");
    command
        ->add_option("--skip-lines", options.skipped_lines, "Of a CSV: lines before its header (default 0)")
        ->check(CLI::Range(0.0, 1e6))
        ->option_text("N");
    command->add_option("--device", options.device, "Whose they are, where the lines don't say")
        ->option_text("ID");
    auto* const resume = command->add_flag(
        "--resume", options.resume, "Go on behind what was imported of this file before, if anything was");
    command->add_flag("--again", options.again, "Import all of it, whatever was imported before")
        ->excludes(resume);
    command->add_option("--rejects", options.rejects, "A new file for the lines that are refused")
        ->option_text("FILE");
    command->footer(
        std::string{write_note} +
        "POST /device/readings/batch.\n\n  breakwater import january.ndjson --rejects refused.ndjson");
}

void add_token_commands(CLI::App& program, action& chosen) {
    CLI::App& tokens =
        *program.add_subcommand("token", "Look into a token, or check one")->require_subcommand(0, 1);
    constexpr auto token_help = "The token; - reads it from standard input";
    constexpr auto note =
        "A token among the arguments can be read by everybody on this machine while the command\n"
        "runs; a live one is better piped in, with -.";
    {
        struct inspect_options {
            std::string token;
        };
        auto [command, options] =
            add<inspect_options>(tokens, chosen, "inspect", "Decode a token without verifying anything",
                                 [](const inspect_options& o) { return inspect_token_command(o.token); });
        command->add_option("token", options.token, token_help)->required();
        command->footer(std::string{note} + "\n\n  breakwater token inspect - < token.txt");
    }
    {
        auto [command, options] =
            add(tokens, chosen, "verify", "Check a token and say how each check goes; 0 valid, 1 invalid",
                &verify_token_command);
        command->add_option("token", options.token, token_help)->required();
        auto* with = command->add_option_group("Checked with", "A key of this server, or one in a file")
                         ->require_option(1);
        add_choice(*with, "--kind", options.kind, kinds, "This server's key and rules for a kind of token");
        auto* jwk = with->add_option("--jwk", options.jwk_file, "The key in this file (RFC 7517)")
                        ->option_text("FILE");
        command->add_option("--issuer", options.issuer, "Beside --jwk: what `iss` must be")
            ->option_text("TEXT")
            ->needs(jwk);
        command->add_option("--audience", options.audience, "Beside --jwk: what `aud` must be")
            ->option_text("TEXT")
            ->needs(jwk);
        command->footer(
            std::string{note} +
            "\nWhether a session or a device's token was ended early, only the server knows.\n\n"
            "  breakwater token verify - --kind access < token.txt\n"
            "  breakwater token verify - --jwk public.jwk --issuer https://a.example < token.txt");
    }
}

void add_others(CLI::App& program, action& chosen) {
    auto [serving, options] = add(program, chosen, "serve", "Run the server", &serve_command);
    serving->add_option("--host", options.host, "Address to listen on (HOST, default 127.0.0.1)")
        ->option_text("ADDRESS");
    serving->add_option("--port", options.port, "Port to listen on, 0 for any free one (PORT, default 8000)")
        ->option_text("NUMBER");
    serving->footer("Ctrl-C or SIGTERM stops it once it has finished what it took in; SIGHUP has it read\n"
                    "the certificate anew.\n\n  breakwater serve --port 0");

    auto [starting, first] = add(program, chosen, "init",
                                 "Write a configuration for production and make its administrator", &init);
    starting->add_option("--admin", first.admin, "The address of the first administrator")
        ->required()
        ->option_text("EMAIL");
    starting->add_option("--host", first.host, "Address to listen on (default 127.0.0.1, behind a proxy)")
        ->option_text("ADDRESS");
    starting->add_option("--port", first.port, "Port to listen on (default 8000)")->option_text("NUMBER");
    auto* certificate =
        starting->add_option("--tls-cert", first.tls_certificate_file, "PEM certificate chain")
            ->option_text("FILE");
    auto* key =
        starting->add_option("--tls-key", first.tls_key_file, "Its PEM private key")->option_text("FILE");
    certificate->needs(key);
    key->needs(certificate);
    starting->add_flag("--password-stdin", first.password_stdin, stdin_help);
    starting->footer(
        "It writes .env into the current folder, which must have none, with new keys and without the\n"
        "demo, and makes the database with that administrator. Without --tls-cert the server listens\n"
        "for a proxy on this machine.\n\n"
        "  breakwater init --admin ada@fleet.example\n"
        "  breakwater init --admin ada@fleet.example --host 0.0.0.0 --port 443 --tls-cert fleet.pem\n"
        "      --tls-key fleet.key");

    struct backup_options {
        std::string file;
    };
    auto [copying, target] = add<backup_options>(program, chosen, "backup",
                                                 "Copy the database into a new file, also beside a server",
                                                 [](const backup_options& o) { return back_up(o.file); });
    copying->add_option("file", target.file, "The new file; an existing one is left alone")->required();
    copying->footer(
        "The copy is one consistent state. To restore it, stop the server and put it in the place\n"
        "of the database (and remove the -wal and -shm files beside that).\n\n"
        "  breakwater backup backup-2026-01-31.db");

    add_simple(program, chosen, "check-config", "Show all settings, and what is wrong or unwise about them",
               "It starts nothing, makes nothing, and fails where the server would refuse to start.\n\n"
               "  ENVIRONMENT=production breakwater check-config",
               check_config);
    add_simple(program, chosen, "openapi", "Print the OpenAPI document",
               "  breakwater openapi > openapi.json", [] {
                   fmt::print("{}", api::openapi_document(BREAKWATER_VERSION));
                   return exit_success;
               });
    add_simple(program, chosen, "version", "Print the version", "  breakwater version", [] {
        fmt::print("breakwater {}\n", BREAKWATER_VERSION);
        return exit_success;
    });
}

} // namespace

int run_command_line(int argc, const char* const* argv) {
    CLI::App program{"Breakwater: a management stack for IoT fleets", "breakwater"};
    program.require_subcommand(0, 1); // with 1 a mistyped command would be told that one is missing
    program.set_version_flag("--version", "breakwater " BREAKWATER_VERSION, "Print the version");
    program.footer(
        "Settings come from the environment and from a .env file in the current folder; .env.example\n"
        "and `breakwater check-config` show them all.\n"
        "Exit codes: 0 done, 1 failed, 2 the command line or the configuration can't be used.");
    action chosen;
    add_others(program, chosen);
    add_user_commands(program, chosen);
    add_invitation_commands(program, chosen);
    add_retention_commands(program, chosen);
    add_device_commands(program, chosen);
    add_alert_commands(program, chosen);
    add_rule_commands(program, chosen);
    add_webhook_commands(program, chosen);
    add_export(program, chosen);
    add_import(program, chosen);
    add_sql(program, chosen);
    add_token_commands(program, chosen);
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& wrong) {
        return program.exit(wrong) == 0 ? exit_success : exit_usage;
    }
    if (!chosen) {
        fmt::print(stderr, "A command is missing.\nRun with --help for more information.\n");
        return exit_usage;
    }
    return chosen();
}

} // namespace breakwater::app
