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

std::string_view without_blanks(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    return first == std::string_view::npos ? std::string_view{}
                                           : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

result<std::string> token_from(const std::string& argument) {
    if (argument != "-")
        return argument;
    auto piped = read_descriptor(STDIN_FILENO, crypto::max_token_bytes + 64, "The token on standard input");
    if (!piped)
        return piped;
    return std::string{without_blanks(*piped)};
}

int show_verdict(const std::string& token, const token_demands& demanded) {
    const auto verdict = verify_token(token, demanded, system_clock{}.now());
    fmt::print("{}", verdict.text);
    return verdict.valid ? exit_success : exit_failure;
}

int verify_by_kind(const std::string& token, token_kind kind) {
    return with_config([&](const config& chosen) {
        crypto::system_random random;
        const auto keys = load_tokens(chosen, random, missing_keys::refuse);
        if (!keys)
            return refuse(keys.error());
        token_demands demanded{.key = keys->access_key, .issuer = keys->issuer, .audience = keys->audience};
        demanded.leeway = keys->leeway;
        demanded.about = token_demands::subject::user;
        switch (kind) {
        case token_kind::access:
            demanded.type = "user_access";
            demanded.version_claim = "session_version";
            break;
        case token_kind::refresh:
            demanded.key = keys->refresh_key;
            demanded.type = "user_refresh";
            break;
        case token_kind::device:
            demanded.key = keys->device_key;
            demanded.type = "device_access";
            demanded.version_claim = "token_version";
            demanded.about = token_demands::subject::device;
            break;
        }
        return show_verdict(token, demanded);
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

int verify_token_command(const verify_token_options& chosen) {
    const auto token = token_from(chosen.token);
    if (!token)
        return refuse(token.error());
    if (chosen.kind)
        return verify_by_kind(*token, *chosen.kind);
    const auto text = read_file(chosen.jwk_file, max_jwk_bytes);
    if (!text)
        return refuse(text.error());
    const auto key = crypto::jws_key::from_jwk(without_blanks(*text));
    if (!key)
        return refuse(
            {.code = key.error().code, .detail = fmt::format("{}: {}", chosen.jwk_file, key.error().detail)});
    const auto demand = [](const std::string& text_or_none) {
        return text_or_none.empty() ? std::nullopt : std::optional{text_or_none};
    };
    return show_verdict(*token, {.key = *key,
                                 .issuer = demand(chosen.issuer),
                                 .audience = demand(chosen.audience),
                                 .times_required = false});
}

} // namespace breakwater::app
