#include "http/response_writer.hpp"

#include "http/characters.hpp"
#include "http/status.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace breakwater::http {

namespace {

// The OWASP secure headers, strict because most responses are API data: no framing, sniffing or embedding.
constexpr std::string_view security_fields =
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(), geolocation=(), microphone=()\r\n"
    "X-Permitted-Cross-Domain-Policies: none\r\n";
constexpr std::string_view strict_policy =
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n";
constexpr std::string_view strict_transport =
    "Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n";

void append_number(std::string& out, std::size_t value) {
    std::array<char, 20> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    out.append(text.data(), end);
}

bool is_clean(std::string_view text) noexcept {
    return std::ranges::all_of(text, is_value_character);
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    if (!is_clean(name) || !is_clean(value))
        return;
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
}

void append_status_line(std::string& out, unsigned status) {
    if (status == 200) {
        out += "HTTP/1.1 200 OK\r\n";
        return;
    }
    out += "HTTP/1.1 ";
    append_number(out, status);
    out += ' ';
    out += reason_phrase(status);
    out += "\r\n";
}

bool has_cache_control(const response& response) noexcept {
    return std::ranges::any_of(response.headers,
                               [](const auto& field) { return equals_lower(field.first, "cache-control"); });
}

} // namespace

void response_writer::append_header(const response& response, const response_frame& frame,
                                    std::string& out) const {
    append_status_line(out, response.status);
    append_field(out, "Date", frame.date);
    const bool bodyless = response.status == 204 || response.status == 304;
    if (!bodyless) {
        append_field(out, "Content-Type", response.content_type);
        if (frame.content_length) {
            out += "Content-Length: ";
            append_number(out, *frame.content_length);
            out += "\r\n";
        } else if (!frame.is_http_1_0) {
            out += "Transfer-Encoding: chunked\r\n";
        }
    }
    if (!frame.keep_alive)
        out += "Connection: close\r\n";
    else if (frame.is_http_1_0)
        out += "Connection: keep-alive\r\n";
    append_field(out, "X-Request-Id", frame.request_id);
    if (!has_cache_control(response))
        out += response.cacheable ? "Cache-Control: no-cache\r\n" : "Cache-Control: no-store\r\n";
    out += security_fields;
    if (response.content_security_policy.empty())
        out += strict_policy;
    else
        append_field(out, "Content-Security-Policy", response.content_security_policy);
    if (frame.secure)
        out += strict_transport;
    cors_.append_fields(frame.origin, out);
    for (const auto& [name, value] : response.headers)
        append_field(out, name, value);
    out += "\r\n";
}

std::string format_http_date(timestamp at) {
    constexpr std::array<std::string_view, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(at - day)};
    std::string out;
    const auto append_two_digits = [&out](auto value) {
        out += static_cast<char>('0' + value / 10);
        out += static_cast<char>('0' + value % 10);
    };
    out += weekdays[std::chrono::weekday{day}.c_encoding()];
    out += ", ";
    append_two_digits(static_cast<unsigned>(date.day()));
    out += ' ';
    out += months[static_cast<unsigned>(date.month()) - 1];
    out += ' ';
    append_number(out, static_cast<std::size_t>(static_cast<int>(date.year())));
    out += ' ';
    append_two_digits(time.hours().count());
    out += ':';
    append_two_digits(time.minutes().count());
    out += ':';
    append_two_digits(time.seconds().count());
    out += " GMT";
    return out;
}

} // namespace breakwater::http
