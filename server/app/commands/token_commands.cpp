#include "app/commands/token_commands.hpp"

#include "app/commands/outcome.hpp"
#include "app/keys.hpp"
#include "app/read_file.hpp"
#include "app/token_report.hpp"

#include <fmt/format.h>

#include <unistd.h>

namespace breakwater::app {

namespace {

constexpr std::size_t max_jwk_bytes = std::size_t{64} * 1024;

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    return first == std::string_view::npos ? std::string_view{}
                                           : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

result<std::string> token_from(const std::string& argument) {
    if (argument != "-")
        return argument;
    auto input = read_descriptor(STDIN_FILENO, crypto::max_token_bytes + 64, "The token on standard input");
    if (!input)
        return input;
    return std::string{trimmed(*input)};
}

int print_verdict(const std::string& token, const token_requirements& required) {
    const auto verdict = verify_token(token, required, system_clock{}.now());
    fmt::print("{}", verdict.text);
    return verdict.valid ? exit_success : exit_failure;
}

int verify_by_kind(const std::string& token, token_kind kind) {
    return with_config([&](const config& settings) {
        crypto::system_random random;
        const auto keys = load_tokens(settings, random, missing_keys::refuse);
        if (!keys)
            return refuse(keys.error());
        token_requirements required{
            .key = keys->access_key, .issuer = keys->issuer, .audience = keys->audience};
        required.leeway = keys->leeway;
        required.subject = token_requirements::subject_kind::user;
        switch (kind) {
        case token_kind::access:
            required.type = "user_access";
            required.version_claim = "session_version";
            break;
        case token_kind::refresh:
            required.key = keys->refresh_key;
            required.type = "user_refresh";
            break;
        case token_kind::device:
            required.key = keys->device_key;
            required.type = "device_access";
            required.version_claim = "token_version";
            required.subject = token_requirements::subject_kind::device;
            break;
        }
        return print_verdict(token, required);
    });
}

} // namespace

int inspect_token_command(const std::string& argument) {
    const auto token = token_from(argument);
    if (!token)
        return refuse(token.error());
    const auto report = inspect_token(*token, system_clock{}.now());
    if (!report)
        return refuse(report.error());
    fmt::print("{}", *report);
    return exit_success;
}

int verify_token_command(const verify_token_options& options) {
    const auto token = token_from(options.token);
    if (!token)
        return refuse(token.error());
    if (options.kind)
        return verify_by_kind(*token, *options.kind);
    const auto text = read_file(options.jwk_file, max_jwk_bytes);
    if (!text)
        return refuse(text.error());
    const auto key = crypto::jws_key::from_jwk(trimmed(*text));
    if (!key)
        return refuse({.code = key.error().code,
                       .detail = fmt::format("{}: {}", options.jwk_file, key.error().detail)});
    const auto non_empty = [](const std::string& value) {
        return value.empty() ? std::nullopt : std::optional{value};
    };
    return print_verdict(*token, {.key = *key,
                                  .issuer = non_empty(options.issuer),
                                  .audience = non_empty(options.audience),
                                  .times_required = false});
}

} // namespace breakwater::app
