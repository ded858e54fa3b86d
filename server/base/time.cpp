#include "base/time.hpp"

#include "base/calendar.hpp"

#include <algorithm>
#include <array>

namespace breakwater {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;

void put_digits(char* at, unsigned value, int width) {
    for (int i = width - 1; i >= 0; --i) {
        at[i] = static_cast<char>('0' + value % 10);
        value /= 10;
    }
}

/// Reads fixed-width fields from the front of a text. After the first mismatch `ok` stays false.
struct scanner {
    std::string_view rest;
    bool ok = true;

    unsigned digits(std::size_t width) {
        if (rest.size() < width) {
            ok = false;
            return 0;
        }
        unsigned value = 0;
        for (const char c : rest.substr(0, width)) {
            if (c < '0' || c > '9') {
                ok = false;
                return 0;
            }
            value = value * 10 + static_cast<unsigned>(c - '0');
        }
        rest.remove_prefix(width);
        return value;
    }

    bool accept(char c) {
        if (rest.empty() || rest.front() != c)
            return false;
        rest.remove_prefix(1);
        return true;
    }

    void require(char c) {
        if (!accept(c))
            ok = false;
    }

    microseconds fraction() {
        unsigned value = 0;
        int places = 0;
        std::size_t length = 0;
        while (length < rest.size() && rest[length] >= '0' && rest[length] <= '9') {
            if (places < 6) {
                value = value * 10 + static_cast<unsigned>(rest[length] - '0');
                ++places;
            }
            ++length;
        }
        if (length == 0)
            ok = false;
        for (; places < 6; ++places)
            value *= 10;
        rest.remove_prefix(length);
        return microseconds{value};
    }
};

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// `lenient` accepts the additions of `parse_lenient_time`.
enum class strictness : bool { rfc3339, lenient };

/// Reads an offset from UTC. The rest of the text must be one.
minutes read_offset(scanner& in, strictness mode) {
    if (mode == strictness::lenient)
        in.accept(' ');
    if (in.accept('Z') || in.accept('z'))
        return minutes{0};
    const bool west = in.accept('-');
    if (!west)
        in.require('+');
    const unsigned offset_hours = in.digits(2);
    const bool hours_only = mode == strictness::lenient && in.rest.empty();
    if (!hours_only && !in.accept(':') && mode == strictness::rfc3339)
        in.ok = false;
    const unsigned offset_minutes = hours_only ? 0 : in.digits(2);
    if (offset_hours > 23 || offset_minutes > 59)
        in.ok = false;
    const minutes offset = hours{offset_hours} + minutes{offset_minutes};
    return west ? -offset : offset;
}

std::optional<timestamp> read_date_and_time(std::string_view text, strictness mode) {
    const bool lenient = mode == strictness::lenient;
    scanner in{text};
    const unsigned year = in.digits(4);
    in.require('-');
    const unsigned month = in.digits(2);
    in.require('-');
    const unsigned day = in.digits(2);
    unsigned hour = 0;
    unsigned minute = 0;
    unsigned second = 0;
    microseconds fraction{0};
    minutes offset{0};
    if (!lenient || !in.rest.empty()) {
        if (!in.accept('T') && !in.accept('t'))
            in.require(' ');
        hour = in.digits(2);
        in.require(':');
        minute = in.digits(2);
        if (!lenient || in.rest.starts_with(':')) {
            in.require(':');
            second = in.digits(2);
            if (in.ok && (in.accept('.') || (lenient && in.accept(','))))
                fraction = in.fraction();
        }
        if (in.ok && !in.rest.empty())
            offset = read_offset(in, mode);
    }
    const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(year)},
                                           std::chrono::month{month}, std::chrono::day{day}};
    if (!in.ok || !in.rest.empty() || year == 0 || !date.ok() || hour > 23 || minute > 59 || second > 60)
        return std::nullopt;
    const timestamp at = timestamp{std::chrono::sys_days{date}} + hours{hour} + minutes{minute} +
                         seconds{second} + fraction - offset;
    if (!is_in_calendar(at))
        return std::nullopt;
    return at;
}

} // namespace

void append_rfc3339(std::string& out, timestamp at) {
    const timestamp clamped = clamped_to_calendar(at);
    const auto day = std::chrono::floor<days>(clamped);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{clamped - day};
    std::array<char, 27> text{};
    put_digits(&text[0], static_cast<unsigned>(static_cast<int>(date.year())), 4);
    text[4] = '-';
    put_digits(&text[5], static_cast<unsigned>(date.month()), 2);
    text[7] = '-';
    put_digits(&text[8], static_cast<unsigned>(date.day()), 2);
    text[10] = 'T';
    put_digits(&text[11], static_cast<unsigned>(time.hours().count()), 2);
    text[13] = ':';
    put_digits(&text[14], static_cast<unsigned>(time.minutes().count()), 2);
    text[16] = ':';
    put_digits(&text[17], static_cast<unsigned>(time.seconds().count()), 2);
    std::size_t length = 19;
    if (const auto fraction = time.subseconds().count(); fraction != 0) {
        text[length] = '.';
        put_digits(&text[length + 1], static_cast<unsigned>(fraction), 6);
        length += 7;
    }
    out.append(text.data(), length);
    out.push_back('Z');
}

std::string format_rfc3339(timestamp at) {
    std::string out;
    append_rfc3339(out, at);
    return out;
}

std::optional<timestamp> parse_rfc3339(std::string_view text) {
    return read_date_and_time(text, strictness::rfc3339);
}

std::optional<timestamp> parse_lenient_time(std::string_view text) {
    const auto at = read_date_and_time(text, strictness::lenient);
    return at ? at : parse_unix_time(text);
}

std::optional<timestamp> parse_unix_time(std::string_view text, epoch_unit unit) {
    const std::size_t min_digits = unit == epoch_unit::by_size ? 9 : 1;
    constexpr std::size_t max_digits = 18; // always fit into 64 bits
    const std::string_view whole = text.substr(0, text.find('.'));
    std::string_view decimals = text.substr(whole.size());
    if (!decimals.empty())
        decimals.remove_prefix(1);
    const bool has_point = whole.size() != text.size();
    if (whole.size() < min_digits || whole.size() > max_digits + 1 || has_point == decimals.empty() ||
        !std::ranges::all_of(whole, is_digit) || !std::ranges::all_of(decimals, is_digit))
        return std::nullopt;
    std::int64_t value = 0;
    const auto append = [&value](char digit) {
        return !__builtin_mul_overflow(value, 10, &value) &&
               !__builtin_add_overflow(value, std::int64_t{digit - '0'}, &value);
    };
    if (!std::ranges::all_of(whole, append))
        return std::nullopt;
    if (unit == epoch_unit::by_size) {
        constexpr std::int64_t first_milliseconds = 100'000'000'000;
        constexpr std::int64_t first_microseconds = first_milliseconds * 1000;
        constexpr std::int64_t first_nanoseconds = first_microseconds * 1000;
        if (value >= first_nanoseconds) {
            value /= 1000;
            decimals = {};
        }
        unit = value >= first_microseconds   ? epoch_unit::microseconds
               : value >= first_milliseconds ? epoch_unit::milliseconds
                                             : epoch_unit::seconds;
    }
    const std::size_t places = unit == epoch_unit::seconds ? 6 : unit == epoch_unit::milliseconds ? 3 : 0;
    for (std::size_t n = 0; n < places; ++n)
        if (!append(n < decimals.size() ? decimals[n] : '0'))
            return std::nullopt;
    const timestamp at{timestamp::duration{value}};
    return is_in_calendar(at) ? std::optional{at} : std::nullopt;
}

} // namespace breakwater
