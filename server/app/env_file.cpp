#include "app/env_file.hpp"

#include "app/read_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <expected>
#include <optional>

namespace breakwater::app {

namespace {

constexpr std::string_view blanks = " \t\r";
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_name(std::string_view text) {
    constexpr auto letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    return !text.empty() && letter(text.front()) &&
           std::ranges::all_of(text, [letter](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

/// Only whitespace and a comment may follow a closing quote.
bool is_blank_or_comment(std::string_view text) {
    text = trimmed(text);
    return text.empty() || text.front() == '#';
}

char unescaped(char c) {
    switch (c) {
    case 'n': return '\n';
    case 't': return '\t';
    default: return c;
    }
}

using value_or_problem = std::expected<std::string, std::string_view>;

value_or_problem quoted(std::string_view text) {
    const char quote = text.front();
    std::string value;
    for (std::size_t at = 1; at < text.size(); ++at) {
        if (text[at] == quote) {
            if (!is_blank_or_comment(text.substr(at + 1)))
                return std::unexpected("unexpected text after the closing quote");
            return value;
        }
        if (quote == '"' && text[at] == '\\') {
            if (at + 1 == text.size() || !std::string_view{"nt\"\\"}.contains(text[at + 1]))
                return std::unexpected(R"(in double quotes, \ must be followed by n, t, " or \)");
            value += unescaped(text[++at]);
        } else {
            value += text[at];
        }
    }
    return std::unexpected("the closing quote is missing");
}

std::string unquoted(std::string_view text) {
    // A # starts a comment only after whitespace, because keys and passwords may contain #.
    for (std::size_t at = text.find('#'); at != std::string_view::npos; at = text.find('#', at + 1))
        if (at > 0 && blanks.contains(text[at - 1]))
            return std::string{trimmed(text.substr(0, at))};
    return std::string{trimmed(text)};
}

value_or_problem value_of(std::string_view after_equals) {
    const std::string_view text = trimmed(after_equals);
    if (text.starts_with('"') || text.starts_with('\''))
        return quoted(text);
    return unquoted(after_equals);
}

} // namespace

result<variables> parse_env(std::string_view text, std::string_view name) {
    const auto malformed = [name](int line, std::string_view reason) {
        return fail(errc::malformed, fmt::format("{}, line {}: {}.", name, line, reason));
    };
    if (text.starts_with(byte_order_mark))
        text.remove_prefix(byte_order_mark.size());
    variables out;
    for (int number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        std::string_view line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty() || line.front() == '#')
            continue;
        if (line.contains('\0'))
            return malformed(number, "the line contains a NUL byte");
        if (line.starts_with("export ") || line.starts_with("export\t"))
            line = trimmed(line.substr(7));
        const auto equals = line.find('=');
        if (equals == std::string_view::npos)
            return malformed(number, "expected NAME=value");
        const std::string_view key = trimmed(line.substr(0, equals));
        if (!is_name(key))
            return malformed(number, "expected NAME=value; a name consists of letters, digits and _, and "
                                     "does not start with a digit");
        auto value = value_of(line.substr(equals + 1));
        if (!value)
            return malformed(number, value.error());
        out.insert_or_assign(std::string{key}, std::move(*value));
    }
    return out;
}

result<variables> read_env_file(const std::filesystem::path& file) {
    auto text = read_file(file, max_env_file_bytes);
    if (!text && text.error().code == errc::not_found)
        return variables{};
    if (!text)
        return pass(std::move(text));
    return parse_env(*text, file.string());
}

} // namespace breakwater::app
