#include "app/command_line.hpp"

#include "api/routes.hpp"
#include "app/command_options.hpp"
#include "app/commands/backup_command.hpp"
#include "app/commands/config_commands.hpp"
#include "app/commands/export_command.hpp"
#include "app/commands/import_command.hpp"
#include "app/commands/init_command.hpp"
#include "app/commands/migrate_command.hpp"
#include "app/commands/outcome.hpp"
#include "app/commands/serve.hpp"
#include "app/commands/sql_command.hpp"
#include "app/commands/token_commands.hpp"
#include "wire/asyncapi.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <map>
#include <string>
#include <utility>

namespace breakwater::app {

namespace {

const choices<export_format> export_formats{{"csv", export_format::csv}, {"ndjson", export_format::ndjson}};
const choices<import_format> import_formats{{"csv", import_format::csv}, {"ndjson", import_format::ndjson}};
const choices<char> separators{{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}};
const choices<sql_format> sql_formats{
    {"table", sql_format::table}, {"csv", sql_format::csv}, {"ndjson", sql_format::ndjson}};
const choices<token_kind> token_kinds{
    {"access", token_kind::access}, {"refresh", token_kind::refresh}, {"device", token_kind::device}};

void add_export_command(CLI::App& program, action& selected) {
    auto [command, options] =
        add_command(program, selected, "export",
                    "Writes readings as CSV or NDJSON, to a file or to standard output", &export_readings);
    auto* devices = command->add_option_group("Devices", "Some devices, or all")->require_option(1);
    devices->add_option("--device", options.devices, "Export this device; repeat it for more")
        ->option_text("ID");
    devices->add_flag("--all", options.all, "Export all devices");
    command->add_option("--since", options.since, "Start of the range, like 2026-01-31T08:00:00Z")
        ->option_text("TIME");
    command->add_option("--until", options.until, "End of the range (default: now)")->option_text("TIME");
    command->add_flag("--include-simulated", options.include_simulated, "Include simulated readings");
    command
        ->add_option("--after", options.after,
                     "Resume after this reading, the last one of an interrupted export")
        ->option_text("DEVICE/RECEIVED_AT/ID");
    add_choice_option(*command, "--format", options.format, export_formats, "Format (default csv)");
    command->add_option("--output", options.output, "Write to this new file; - is standard output (default)")
        ->option_text("FILE");
    command->add_flag("--force", options.force, "Overwrite an existing file");
    command->footer(std::string{read_note} +
                    "\n\n  breakwater export --all --since 2026-01-01T00:00:00Z --output january.csv");
}

void add_sql_command(CLI::App& program, action& selected) {
    auto [command, options] =
        add_command(program, selected, "sql", "Runs read-only SQL on a SQLite database", &run_sql);
    command->add_option("statements", options.statements,
                        "SQL statements, separated by semicolons (default: read from standard input)");
    add_choice_option(*command, "--format", options.format, sql_formats, "Output format (default table)");
    command->footer(
        std::string{read_note} +
        "\nStart with the tables readings, devices, users, alerts and security_events. `breakwater sql "
        ".tables`\n"
        "lists all tables with their columns.\n\n"
        "  breakwater sql \"SELECT name, count(*), avg(payload ->> '$.metrics.temperature_c') FROM readings\n"
        "      JOIN devices ON devices.id = device_id WHERE received_at > '2026-01-01' GROUP BY name\"");
}

void add_import_command(CLI::App& program, action& selected) {
    auto [command, options] =
        add_command(program, selected, "import",
                    "Stores readings from a CSV or NDJSON file, with their original times", &import_readings);
    command->add_option("file", options.file, "The file; - is standard input")->required();
    add_choice_option(*command, "--format", options.format, import_formats,
                      "Format (default csv if the name ends in .csv, else ndjson)");
    command
        ->add_option("--time-column", options.time_columns,
                     "CSV: the column with the time of measurement (default device_timestamp);\n"
                     "give it twice for separate columns with the date and the time of day")
        ->option_text("NAME")
        ->allow_extra_args(false);
    command
        ->add_option("--time-format", options.time_format,
                     "CSV: the format of these times: seconds, milliseconds, microseconds, or a\n"
                     "pattern such as '%d.%m.%Y %H:%M' (default: RFC 3339 and similar formats)")
        ->option_text("FORMAT");
    command
        ->add_option("--time-zone", options.time_zone,
                     "The time zone for a pattern without %z, such as Europe/Warsaw (default UTC)")
        ->option_text("NAME");
    add_choice_option(*command, "--separator", options.separator, separators,
                      "CSV: the separator of the cells (default: detected in the header)");
    command->add_flag("--decimal-comma", options.decimal_comma, "CSV: read 3,5 as a number");
    command
        ->add_option("--skip-lines", options.skipped_lines,
                     "CSV: skip this many lines before the header (default 0)")
        ->check(CLI::Range(0.0, 1e6))
        ->option_text("N");
    command->add_option("--device", options.device, "The device of readings that do not name one")
        ->option_text("ID");
    auto* const resume = command->add_flag("--resume", options.resume,
                                           "Continue after the part of this file that was imported before");
    command->add_flag("--again", options.again, "Import the whole file, even if it was imported before")
        ->excludes(resume);
    command->add_option("--rejects", options.rejects, "Write refused lines to this new file")
        ->option_text("FILE");
    command->footer(
        std::string{write_note} +
        "POST /device/readings/batch.\n\n  breakwater import january.ndjson --rejects refused.ndjson");
}

void add_token_commands(CLI::App& program, action& selected) {
    CLI::App& tokens =
        *program.add_subcommand("token", "Decodes and verifies tokens")->require_subcommand(0, 1);
    constexpr auto token_help = "The token; - reads it from standard input";
    constexpr auto note =
        "While the command runs, every user of this machine can read its arguments. Pipe a valid\n"
        "token in, with -.";
    {
        struct inspect_options {
            std::string token;
        };
        auto [command, options] = add_command<inspect_options>(
            tokens, selected, "inspect", "Decodes a token without verifying anything",
            [](const inspect_options& o) { return inspect_token_command(o.token); });
        command->add_option("token", options.token, token_help)->required();
        command->footer(std::string{note} + "\n\n  breakwater token inspect - < token.txt");
    }
    {
        auto [command, options] =
            add_command(tokens, selected, "verify",
                        "Verifies a token and reports each check; the exit code is 0 if it is valid, else 1",
                        &verify_token_command);
        command->add_option("token", options.token, token_help)->required();
        auto* key =
            command->add_option_group("Key", "A key of this server, or one in a file")->require_option(1);
        add_choice_option(*key, "--kind", options.kind, token_kinds,
                          "Verify with this server's key and rules for a kind of token");
        auto* jwk = key->add_option("--jwk", options.jwk_file, "Verify with the key in this file (RFC 7517)")
                        ->option_text("FILE");
        command->add_option("--issuer", options.issuer, "With --jwk: the required `iss`")
            ->option_text("TEXT")
            ->needs(jwk);
        command->add_option("--audience", options.audience, "With --jwk: the required `aud`")
            ->option_text("TEXT")
            ->needs(jwk);
        command->footer(
            std::string{note} +
            "\nOnly the server knows whether a session has ended or a device token was revoked.\n\n"
            "  breakwater token verify - --kind access < token.txt\n"
            "  breakwater token verify - --jwk public.jwk --issuer https://a.example < token.txt");
    }
}

void add_serve_command(CLI::App& program, action& selected) {
    auto [command, options] = add_command(program, selected, "serve", "Runs the server", &serve_command);
    command->add_option("--host", options.host, "Address to listen on (HOST, default 127.0.0.1)")
        ->option_text("ADDRESS");
    command->add_option("--port", options.port, "Port to listen on; 0 picks a free one (PORT, default 8000)")
        ->option_text("NUMBER");
    command->footer("Ctrl-C or SIGTERM stops the server after it has finished accepted work. SIGHUP reloads\n"
                    "the certificate.\n\n  breakwater serve --port 0");
}

void add_init_command(CLI::App& program, action& selected) {
    auto [command, options] =
        add_command(program, selected, "init",
                    "Writes a configuration for production and creates its first administrator", &init);
    command->add_option("--admin", options.admin, "The e-mail address of the first administrator")
        ->required()
        ->option_text("EMAIL");
    command->add_option("--host", options.host, "Address to listen on (default 127.0.0.1, behind a proxy)")
        ->option_text("ADDRESS");
    command->add_option("--port", options.port, "Port to listen on (default 8000)")->option_text("NUMBER");
    auto* certificate =
        command->add_option("--tls-cert", options.tls_certificate_file, "PEM certificate chain")
            ->option_text("FILE");
    auto* key = command->add_option("--tls-key", options.tls_key_file, "PEM private key of the certificate")
                    ->option_text("FILE");
    certificate->needs(key);
    key->needs(certificate);
    command->add_flag("--password-stdin", options.password_stdin, stdin_help);
    command->footer(
        "Writes .env into the current folder, which must not have one: with new keys, and without the\n"
        "demo. Then creates the database with that administrator. Without --tls-cert the server expects\n"
        "a proxy on this machine. If the environment has DATABASE_URL, .env gets it too.\n\n"
        "  breakwater init --admin ada@fleet.example\n"
        "  breakwater init --admin ada@fleet.example --host 0.0.0.0 --port 443 --tls-cert fleet.pem\n"
        "      --tls-key fleet.key");
}

struct backup_options {
    std::string file;
};

void add_backup_command(CLI::App& program, action& selected) {
    auto [command, options] = add_command<backup_options>(
        program, selected, "backup", "Copies the database into a new file while the server runs",
        [](const backup_options& o) { return back_up(o.file); });
    command->add_option("file", options.file, "The new file; an existing file is not overwritten")
        ->required();
    command->footer(
        "The copy is one consistent state. To restore one of a SQLite file, stop the server, replace the\n"
        "database with the copy, and remove the -wal and -shm files beside the database. To restore one\n"
        "of PostgreSQL, use `breakwater restore`.\n\n"
        "  breakwater backup backup-2026-01-31.db");
}

void add_restore_command(CLI::App& program, action& selected) {
    auto [command, options] = add_command<backup_options>(
        program, selected, "restore", "Loads a backup into an empty PostgreSQL database",
        [](const backup_options& o) { return restore(o.file); });
    command->add_option("file", options.file, "The file that `breakwater backup` wrote")->required();
    command->footer(
        "DATABASE_URL names the database. It must have no tables; use the version of Breakwater that\n"
        "wrote the backup. An error leaves no rows.\n\n"
        "  breakwater restore backup-2026-01-31");
}

void add_migrate_command(CLI::App& program, action& selected) {
    auto [command, options] =
        add_command(program, selected, "migrate",
                    "Copies everything into another database, such as PostgreSQL", &migrate);
    command->add_option("--from", options.from, "The database to copy; it is only read")
        ->required()
        ->option_text("URL");
    command->add_option("--to", options.to, "An empty database, or one with an interrupted migration")
        ->required()
        ->option_text("URL");
    command->add_flag("--leave-damaged", options.leave_damaged,
                      "Leave readings behind that are damaged in the source");
    command->footer(
        "No server may run on these databases. If the command is interrupted, run it again: it continues.\n"
        "In the end it compares both databases. Until then, no server starts on the target.\n"
        "While the command runs, every user of this machine can read its arguments. For a password, use\n"
        "the file ~/.pgpass or the variable PGPASSWORD.\n\n"
        "  breakwater migrate --from sqlite:///data/iot_demo.db --to "
        "postgresql://breakwater@db.example/breakwater\n"
        "  breakwater migrate --from postgresql://breakwater@db.example/breakwater --to sqlite:///iot.db");
}

void add_plain_commands(CLI::App& program, action& selected) {
    add_plain_command(program, selected, "check-config",
                      "Shows all settings, their sources, errors and warnings",
                      "Starts and creates nothing. Exits with 2 if the server would refuse to start.\n\n"
                      "  ENVIRONMENT=production breakwater check-config",
                      check_config);
    add_plain_command(program, selected, "openapi", "Prints the OpenAPI document",
                      "  breakwater openapi > openapi.json", [] {
                          fmt::print("{}", api::openapi_document(BREAKWATER_VERSION));
                          return exit_success;
                      });
    add_plain_command(program, selected, "asyncapi",
                      "Prints the AsyncAPI document, which describes live messages and webhooks",
                      "  breakwater asyncapi > asyncapi.json", [] {
                          fmt::print("{}", wire::asyncapi_document({.version = BREAKWATER_VERSION}));
                          return exit_success;
                      });
    add_plain_command(program, selected, "permissions", "Prints who may do what, as Markdown",
                      "  breakwater permissions > permissions.md", [] {
                          fmt::print("{}", api::permissions_page());
                          return exit_success;
                      });
    add_plain_command(program, selected, "version", "Prints the version", "  breakwater version", [] {
        fmt::print("breakwater {}\n", BREAKWATER_VERSION);
        return exit_success;
    });
}

} // namespace

int run_command_line(int argc, const char* const* argv) {
    CLI::App program{"Breakwater manages fleets of IoT devices", "breakwater"};
    // With a minimum of 1, CLI11 would report a mistyped command as a missing one.
    program.require_subcommand(0, 1);
    program.set_version_flag("--version", "breakwater " BREAKWATER_VERSION, "Print the version");
    program.footer(
        "Settings come from the environment and from a .env file in the current folder. .env.example\n"
        "and `breakwater check-config` list them.\n"
        "Exit codes: 0 success, 1 failure, 2 invalid command line or configuration.");
    action selected;
    add_serve_command(program, selected);
    add_init_command(program, selected);
    add_backup_command(program, selected);
    add_restore_command(program, selected);
    add_migrate_command(program, selected);
    add_plain_commands(program, selected);
    add_management_commands(program, selected);
    add_export_command(program, selected);
    add_import_command(program, selected);
    add_sql_command(program, selected);
    add_token_commands(program, selected);
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& failure) {
        return program.exit(failure) == 0 ? exit_success : exit_usage;
    }
    if (!selected) {
        fmt::print(stderr, "A command is missing.\nRun with --help for more information.\n");
        return exit_usage;
    }
    return selected();
}

} // namespace breakwater::app
