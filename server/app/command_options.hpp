#pragma once

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

// Helpers of the files that declare commands. No other file includes CLI11, which is slow to compile.
namespace breakwater::app {

inline constexpr auto write_note =
    "Changes the database, so stop the server first. While the server runs, use its API\n"
    "instead: ";
inline constexpr auto read_note = "Only reads; can run beside the server.";
inline constexpr auto stdin_help = "Read the password from standard input";

/// The selected command. It runs after the whole command line has been parsed.
using action = std::function<int()>;

template <class Value>
using choices = std::map<std::string, Value>;

/// Adds an option whose value is one of the words in `values`. REQUIRES: `target` and `values` outlive the
/// parsing.
template <class Value, class Target>
CLI::Option* add_choice_option(CLI::App& command, const std::string& name, Target& target,
                               const choices<Value>& values, const std::string& help) {
    std::string words;
    for (const auto& [word, value] : values)
        words += (words.empty() ? "" : ", ") + word;
    return command
        .add_option_function<std::string>(
            name, [&target, &values](const std::string& word) { target = values.at(word); },
            help + ": " + words)
        ->check([values, words](const std::string& word) {
            return values.contains(word) ? std::string{} : fmt::format("{:?} is not one of {}", word, words);
        })
        ->option_text(" ");
}

/// Adds a command with its own options. The options live as long as the command.
template <class Options>
std::pair<CLI::App*, Options&> add_command(CLI::App& parent, action& selected, const std::string& name,
                                           const std::string& help, int (*run)(const Options&)) {
    auto options = std::make_shared<Options>();
    CLI::App* command = parent.add_subcommand(name, help);
    command->callback([options, run, &selected] { selected = [options, run] { return run(*options); }; });
    return {command, *options};
}

/// Adds a command without options.
inline void add_plain_command(CLI::App& parent, action& selected, const std::string& name,
                              const std::string& help, const std::string& footer, action run) {
    CLI::App* command = parent.add_subcommand(name, help);
    command->callback([run = std::move(run), &selected] { selected = run; });
    command->footer(footer);
}

/// Adds `user`, `invitation`, `device`, `alert`, `rule`, `webhook` and `retention`.
void add_management_commands(CLI::App& program, action& selected);

} // namespace breakwater::app
