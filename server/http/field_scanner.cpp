#include "http/field_scanner.hpp"

#include "http/characters.hpp"

#include <algorithm>

namespace breakwater::http {

namespace {

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// etagc (RFC 9110 section 8.8.3): visible characters except the double quote, and obs-text.
constexpr bool is_tag_character(char c) noexcept {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte != 0x7f && c != '"';
}

} // namespace

void field_scanner::skip_space() noexcept {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t'))
        rest_.remove_prefix(1);
}

bool field_scanner::consume(char expected) noexcept {
    if (!rest_.starts_with(expected))
        return false;
    rest_.remove_prefix(1);
    return true;
}

std::string_view field_scanner::token() noexcept {
    const auto end = std::ranges::find_if_not(rest_, is_token_character);
    const std::string_view text = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(text.size());
    return text;
}

std::optional<std::string> field_scanner::quoted_string() {
    if (!consume('"'))
        return std::nullopt;
    std::string text;
    while (!rest_.empty()) {
        if (consume('"'))
            return text;
        consume('\\');
        if (rest_.empty() || !is_value_character(rest_.front()))
            break;
        text += rest_.front();
        rest_.remove_prefix(1);
    }
    return std::nullopt;
}

std::optional<std::string> field_scanner::token_or_quoted_string() {
    if (rest_.starts_with('"'))
        return quoted_string();
    const std::string_view text = token();
    return text.empty() ? std::nullopt : std::optional<std::string>{text};
}

void field_scanner::skip_element() noexcept {
    bool quoted = false;
    for (std::size_t i = 0; i < rest_.size(); ++i) {
        if (rest_[i] == '"')
            quoted = !quoted;
        else if (quoted && rest_[i] == '\\')
            ++i;
        else if (!quoted && rest_[i] == ',') {
            rest_.remove_prefix(i + 1);
            return;
        }
    }
    rest_ = {};
}

bool is_utf8_media_type(std::string_view content_type, std::string_view type) {
    field_scanner scanner{trim(content_type)};
    const std::string_view main = scanner.token();
    const bool has_slash = scanner.consume('/');
    const std::string_view sub = scanner.token();
    const std::size_t slash = type.find('/');
    if (!has_slash || !equals_lower(main, type.substr(0, slash)) ||
        !equals_lower(sub, type.substr(slash + 1)))
        return false;
    for (;;) {
        scanner.skip_space();
        if (scanner.at_end())
            return true;
        if (!scanner.consume(';'))
            return false;
        scanner.skip_space();
        const std::string_view name = scanner.token();
        if (name.empty())
            continue; // a `;` without a parameter is allowed (RFC 9110 section 5.6.6)
        if (!scanner.consume('='))
            return false;
        const auto value = scanner.token_or_quoted_string();
        if (!value || (equals_lower(name, "charset") && !equals_lower(*value, "utf-8")))
            return false;
    }
}

std::string_view opaque_tag(std::string_view entity_tag) noexcept {
    if (entity_tag.starts_with("W/"))
        entity_tag.remove_prefix(2);
    return entity_tag;
}

bool matches_entity_tag(std::string_view if_none_match, std::string_view entity_tag) noexcept {
    const std::string_view expected_tag = opaque_tag(entity_tag);
    std::string_view rest = trim(if_none_match);
    if (rest == "*")
        return true;
    while (!rest.empty()) {
        rest = opaque_tag(rest);
        if (!rest.starts_with('"'))
            return false;
        const auto end = std::find_if_not(rest.begin() + 1, rest.end(), is_tag_character);
        if (end == rest.end() || *end != '"')
            return false;
        const auto size = static_cast<std::size_t>(end - rest.begin()) + 1;
        if (rest.substr(0, size) == expected_tag)
            return true;
        rest = trim(rest.substr(size));
        if (!rest.empty() && rest.front() != ',')
            return false;
        while (rest.starts_with(',')) // empty elements are ignored (RFC 9110 section 5.6.1.2)
            rest = trim(rest.substr(1));
    }
    return false;
}

std::optional<int> parse_weight(std::string_view parameters) noexcept {
    std::string_view weight = trim(parameters);
    if (weight.empty())
        return 1000;
    if (weight.front() != ';')
        return std::nullopt;
    weight = trim(weight.substr(1));
    if (weight.size() < 3 || to_lower(weight[0]) != 'q' || weight[1] != '=')
        return std::nullopt;
    weight.remove_prefix(2);
    const char whole = weight.front();
    const std::string_view decimals = weight.size() > 2 ? weight.substr(2) : std::string_view{};
    if ((whole != '0' && whole != '1') || (weight.size() > 1 && weight[1] != '.') || decimals.size() > 3 ||
        !std::ranges::all_of(decimals, is_digit))
        return std::nullopt;
    int thousandths = whole == '1' ? 1000 : 0;
    for (int worth = 100; const char digit : decimals) {
        thousandths += (digit - '0') * worth;
        worth /= 10;
    }
    return thousandths <= 1000 ? std::optional{thousandths} : std::nullopt;
}

} // namespace breakwater::http
