#include "api/schema/value_input.hpp"

#include "base/time.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <system_error>

namespace breakwater::api::schema {

namespace {

constexpr auto no_time = "Must be an RFC 3339 date and time, as 2026-01-15T12:00:00Z.";

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
    // The readers of bodies and queries let nothing pass but UTF-8.
    const std::size_t length = count_characters(text);
    if (length < min)
        return fmt::format("Must have at least {} {}.", min, characters(min));
    if (length > max)
        return fmt::format("Must have at most {} {}.", max, characters(max));
    if (single_line && std::ranges::any_of(text, is_control))
        return "Must not contain control characters.";
    return {};
}

complaint read_integer(std::string_view text, std::int64_t min, std::int64_t max, std::int64_t& into) {
    std::int64_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool all = end == text.data() + text.size();
    if (failure == std::errc::invalid_argument || !all)
        return "Must be a whole number.";
    if (failure == std::errc::result_out_of_range || value < min || value > max)
        return fmt::format("Must be from {} to {}.", min, max);
    into = value;
    return {};
}

complaint read_text(std::string_view from, email_address& into) {
    std::optional<std::string> address = normalise_email(from);
    if (!address)
        return "Must be an e-mail address.";
    into.value = *std::move(address);
    return {};
}

complaint read_text(std::string_view from, timestamp& into) {
    const std::optional<timestamp> at = parse_lenient_time(from);
    if (!at)
        return no_time;
    into = *at;
    return {};
}

complaint read_text(std::string_view from, uuid& into) {
    const std::optional<uuid> id = uuid::parse(from);
    if (!id)
        return "Must be a UUID.";
    into = *id;
    return {};
}

complaint read_text(std::string_view from, bool& into) {
    struct word {
        std::string_view text;
        bool meaning;
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
    for (const word& known : words) {
        if (equals_ignoring_case(from, known.text)) {
            into = known.meaning;
            return {};
        }
    }
    return "Must be true or false.";
}

complaint read_json_value(json_kind kind, std::string_view token, bool& into) {
    if (kind != json_kind::boolean)
        return "Must be true or false.";
    into = token == "true";
    return {};
}

complaint read_json_value(json_kind kind, std::string_view token, double& into) {
    double value = 0;
    if (kind != json_kind::number ||
        std::from_chars(token.data(), token.data() + token.size(), value).ec != std::errc{})
        return "Must be a number.";
    into = value;
    return {};
}

complaint read_json_value(json_kind kind, std::string_view token, timestamp& into) {
    if (kind == json_kind::string)
        return read_text(unescape_json_string(token), into);
    const std::optional<timestamp> at = kind == json_kind::number ? time_of_number(token) : std::nullopt;
    if (!at)
        return no_time;
    into = *at;
    return {};
}

complaint read_json_value(json_kind kind, std::string_view token, json_scalar& into) {
    if (kind == json_kind::object || kind == json_kind::array)
        return "Must be a string, a number, true, false or null.";
    into.text = token;
    return {};
}

complaint read_json_value(json_kind kind, std::string_view token, json_object& into) {
    if (kind != json_kind::object)
        return "Must be a JSON object.";
    into.text = token;
    return {};
}

} // namespace breakwater::api::schema
