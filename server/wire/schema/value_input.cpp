#include "wire/schema/value_input.hpp"

#include "base/time.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <system_error>

namespace breakwater::wire::schema {

namespace {

constexpr auto invalid_time = "Must be an RFC 3339 date and time, such as 2026-01-15T12:00:00Z.";

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

std::string_view characters(std::size_t count) {
    return count == 1 ? "character" : "characters";
}

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
    return std::ranges::equal(
        text, lower, {}, [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
}

} // namespace

complaint check_text(std::string_view text, std::size_t min, std::size_t max, bool single_line) {
    // The parsers of bodies and queries accept only UTF-8.
    const std::size_t length = count_characters(text);
    if (length < min)
        return fmt::format("Must have at least {} {}.", min, characters(min));
    if (length > max)
        return fmt::format("Must have at most {} {}.", max, characters(max));
    if (single_line && std::ranges::any_of(text, is_control))
        return "Must not contain control characters.";
    return {};
}

complaint read_integer(std::string_view text, std::int64_t min, std::int64_t max, std::int64_t& out) {
    std::int64_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool complete = end == text.data() + text.size();
    if (failure == std::errc::invalid_argument || !complete)
        return "Must be a whole number.";
    if (failure == std::errc::result_out_of_range || value < min || value > max)
        return fmt::format("Must be from {} to {}.", min, max);
    out = value;
    return {};
}

complaint read_text(std::string_view input, email_address& out) {
    std::optional<std::string> address = normalise_email(input);
    if (!address)
        return "Must be an e-mail address.";
    out.value = *std::move(address);
    return {};
}

complaint read_text(std::string_view input, timestamp& out) {
    const std::optional<timestamp> at = parse_lenient_time(input);
    if (!at)
        return invalid_time;
    out = *at;
    return {};
}

complaint read_text(std::string_view input, uuid& out) {
    const std::optional<uuid> id = uuid::parse(input);
    if (!id)
        return "Must be a UUID.";
    out = *id;
    return {};
}

complaint read_text(std::string_view input, bool& out) {
    struct word {
        std::string_view text;
        bool value;
    };
    constexpr std::array<word, 12> words{{{"true", true},
                                          {"1", true},
                                          {"yes", true},
                                          {"on", true},
                                          {"t", true},
                                          {"y", true},
                                          {"false", false},
                                          {"0", false},
                                          {"no", false},
                                          {"off", false},
                                          {"f", false},
                                          {"n", false}}};
    for (const word& spelling : words) {
        if (equals_ignoring_case(input, spelling.text)) {
            out = spelling.value;
            return {};
        }
    }
    return "Must be true or false.";
}

complaint read_json_value(json_kind kind, std::string_view token, bool& out) {
    if (kind != json_kind::boolean)
        return "Must be true or false.";
    out = token == "true";
    return {};
}

complaint read_json_value(json_kind kind, std::string_view token, double& out) {
    double value = 0;
    if (kind != json_kind::number ||
        std::from_chars(token.data(), token.data() + token.size(), value).ec != std::errc{})
        return "Must be a number.";
    out = value;
    return {};
}

complaint read_json_value(json_kind kind, std::string_view token, timestamp& out) {
    if (kind == json_kind::string)
        return read_text(unescape_json_string(token), out);
    const std::optional<timestamp> at = kind == json_kind::number ? parse_unix_time(token) : std::nullopt;
    if (!at)
        return invalid_time;
    out = *at;
    return {};
}

complaint read_json_value(json_kind kind, std::string_view token, json_scalar& out) {
    if (kind == json_kind::object || kind == json_kind::array)
        return "Must be a string, a number, true, false or null.";
    out.text = token;
    return {};
}

complaint read_json_value(json_kind kind, std::string_view token, json_object& out) {
    if (kind != json_kind::object)
        return "Must be a JSON object.";
    out.text = token;
    return {};
}

} // namespace breakwater::wire::schema
