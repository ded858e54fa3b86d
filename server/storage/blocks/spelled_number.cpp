#include "storage/blocks/spelled_number.hpp"

#include "base/calendar.hpp"
#include "base/time.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <system_error>

namespace breakwater::storage::blocks {

namespace {

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

// A style combines a fraction and a suffix in one byte.
enum class fraction : std::uint8_t { none, three, six, six_or_none };
constexpr std::uint8_t fraction_count = 4;
constexpr std::array<std::string_view, 3> suffixes{"Z", "+00:00", ""};

constexpr std::uint8_t style_of(fraction digits, std::size_t suffix) noexcept {
    return static_cast<std::uint8_t>(static_cast<std::uint8_t>(digits) + fraction_count * suffix);
}

constexpr std::size_t seconds_length = sizeof("2026-01-15T12:00:00") - 1;

} // namespace

std::optional<spelled_number> read_number(std::string_view text) noexcept {
    const bool negative = text.starts_with('-');
    if (negative)
        text.remove_prefix(1);
    if (text.empty() || !is_digit(text.front()) || (text.front() == '0' && text.size() > 1 && text[1] != '.'))
        return std::nullopt;
    spelled_number out;
    unsigned digits = 0;
    bool after_point = false;
    for (const char c : text) {
        if (c == '.' && !after_point) {
            after_point = true;
        } else if (is_digit(c) && ++digits <= max_digits) {
            out.digits = out.digits * 10 + (c - '0');
            out.decimals += after_point ? 1 : 0;
        } else {
            return std::nullopt;
        }
    }
    if ((after_point && out.decimals == 0) || (negative && out.digits == 0))
        return std::nullopt;
    if (negative)
        out.digits = -out.digits;
    return out;
}

void append_number(std::string& out, spelled_number value) {
    std::array<char, 40> text{};
    std::uint64_t magnitude = static_cast<std::uint64_t>(value.digits);
    if (value.digits < 0) {
        out += '-';
        magnitude = 0 - magnitude;
    }
    const char* const end = std::to_chars(text.data(), text.data() + text.size(), magnitude).ptr;
    const auto length = static_cast<std::size_t>(end - text.data());
    if (value.decimals == 0) {
        out.append(text.data(), length);
        return;
    }
    if (length <= value.decimals) {
        out += "0.";
        out.append(value.decimals - length, '0');
        out.append(text.data(), length);
        return;
    }
    out.append(text.data(), length - value.decimals);
    out += '.';
    out.append(end - value.decimals, value.decimals);
}

unsigned trailing_zeros(std::int64_t digits, unsigned limit) noexcept {
    unsigned zeros = 0;
    while (zeros < limit && digits % 10 == 0) {
        digits /= 10;
        ++zeros;
    }
    return zeros;
}

std::optional<double> number_of(std::string_view scalar) noexcept {
    if (scalar == "true")
        return 1.0;
    if (scalar == "false")
        return 0.0;
    double value = 0;
    const auto [end, failure] = std::from_chars(scalar.data(), scalar.data() + scalar.size(), value);
    if (failure != std::errc{} || end != scalar.data() + scalar.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

std::optional<spelled_time> read_time(std::string_view token, bool sparse) {
    if (token.size() < seconds_length + 2 || token.front() != '"' || token.back() != '"')
        return std::nullopt;
    const std::string_view text = token.substr(1, token.size() - 2);
    std::string_view rest = text.substr(seconds_length);
    fraction digits = sparse ? fraction::six_or_none : fraction::none;
    if (rest.starts_with('.')) {
        std::size_t length = 1;
        while (length < rest.size() && is_digit(rest[length]))
            ++length;
        if (length == 4)
            digits = fraction::three;
        else if (length == 7)
            digits = sparse ? fraction::six_or_none : fraction::six;
        else
            return std::nullopt;
        rest.remove_prefix(length);
    }
    std::size_t suffix = 0;
    while (suffix < suffixes.size() && suffixes[suffix] != rest)
        ++suffix;
    if (suffix == suffixes.size())
        return std::nullopt;
    const auto at = parse_rfc3339(text);
    if (!at)
        return std::nullopt;
    const spelled_time out{at->time_since_epoch().count(), style_of(digits, suffix)};
    std::string respelled;
    append_time(respelled, out);
    if (respelled != token)
        return std::nullopt;
    return out;
}

void append_time(std::string& out, spelled_time value) {
    const timestamp at{timestamp::duration{value.micros}};
    const auto second = std::chrono::floor<std::chrono::seconds>(at);
    const auto micros = static_cast<unsigned>((at - second).count());
    out += '"';
    append_rfc3339(out, second);
    out.pop_back(); // the Z
    const auto digits = static_cast<fraction>(value.style % fraction_count);
    if (digits != fraction::none && !(digits == fraction::six_or_none && micros == 0)) {
        std::array<char, 7> text{'.', '0', '0', '0', '0', '0', '0'};
        unsigned remaining = micros;
        for (std::size_t i = 6; i > 0; --i, remaining /= 10)
            text[i] = static_cast<char>('0' + remaining % 10);
        out.append(text.data(), digits == fraction::three ? 4 : 7);
    }
    out += suffixes[value.style / fraction_count];
    out += '"';
}

bool is_time_style(std::uint8_t style) noexcept {
    return style < fraction_count * suffixes.size();
}

bool is_calendar_time(std::int64_t micros) noexcept {
    return is_in_calendar(timestamp{timestamp::duration{micros}});
}

} // namespace breakwater::storage::blocks
