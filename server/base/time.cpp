#include "base/time.hpp"

#include "base/calendar.hpp"

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

/// Takes fixed-width fields off the front of a text; once something didn't fit, `ok` stays false.
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
        int taken = 0;
        std::size_t length = 0;
        while (length < rest.size() && rest[length] >= '0' && rest[length] <= '9') {
            if (taken < 6) {
                value = value * 10 + static_cast<unsigned>(rest[length] - '0');
                ++taken;
            }
            ++length;
        }
        if (length == 0)
            ok = false;
        for (; taken < 6; ++taken)
            value *= 10;
        rest.remove_prefix(length);
        return microseconds{value};
    }
};

} // namespace

void append_rfc3339(std::string& out, timestamp moment) {
    const timestamp at = clamped_to_calendar(moment);
    const auto day = std::chrono::floor<days>(at);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{at - day};
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
    scanner in{text};
    const unsigned year = in.digits(4);
    in.require('-');
    const unsigned month = in.digits(2);
    in.require('-');
    const unsigned day = in.digits(2);
    if (!in.accept('T') && !in.accept('t'))
        in.require(' ');
    const unsigned hour = in.digits(2);
    in.require(':');
    const unsigned minute = in.digits(2);
    in.require(':');
    const unsigned second = in.digits(2);
    microseconds fraction{0};
    if (in.ok && in.accept('.'))
        fraction = in.fraction();

    minutes offset{0};
    if (in.ok && !in.rest.empty() && !in.accept('Z') && !in.accept('z')) {
        const bool west = in.accept('-');
        if (!west)
            in.require('+');
        const unsigned offset_hours = in.digits(2);
        in.require(':');
        const unsigned offset_minutes = in.digits(2);
        if (offset_hours > 23 || offset_minutes > 59)
            return std::nullopt;
        offset = hours{offset_hours} + minutes{offset_minutes};
        if (west)
            offset = -offset;
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

} // namespace breakwater
