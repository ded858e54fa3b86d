#include "http/gate_framing.hpp"

#include "http/characters.hpp"
#include "http/host.hpp"

#include <algorithm>

namespace breakwater::http {

namespace {

constexpr verdict pass_on{};
constexpr std::size_t most_length_digits = 19; // what surely fits 64 bits

} // namespace

verdict framing_fields::note(const request_head::field& field) noexcept {
    switch (field.name.size()) {
    case 4: return equals_lower(field.name, "host") ? note_host(field.value) : pass_on;
    case 6: return equals_lower(field.name, "expect") ? note_expect(field.value) : pass_on;
    case 10:
        if (equals_lower(field.name, "connection"))
            note_connection(field.value);
        return pass_on;
    case 14: return equals_lower(field.name, "content-length") ? note_content_length(field.value) : pass_on;
    case 17:
        return equals_lower(field.name, "transfer-encoding") ? note_transfer_encoding(field.value) : pass_on;
    default: return pass_on;
    }
}

// RFC 9112 section 3.2
verdict framing_fields::note_host(std::string_view value) noexcept {
    if (has_host_)
        return {400, "There is more than one Host field."};
    if (!is_host(value))
        return {400, "The Host field names no proper host."};
    has_host_ = true;
    host_ = value;
    return pass_on;
}

// RFC 9112 section 6.3: a repeated or listed length is refused even where the values agree.
verdict framing_fields::note_content_length(std::string_view value) noexcept {
    if (has_length_)
        return {400, "There is more than one Content-Length field."};
    const bool digits = std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
    if (value.empty() || !digits)
        return {400, "Content-Length is not a number."};
    if (value.size() > most_length_digits)
        return {400, "Content-Length is too long a number."};
    has_length_ = true;
    head_.content_length = 0;
    for (const char c : value)
        head_.content_length = head_.content_length * 10 + static_cast<std::uint64_t>(c - '0');
    return pass_on;
}

// RFC 9112 section 6.1: `chunked`, once, alone. A coding that isn't known here is 501, anything ambiguous
// 400.
verdict framing_fields::note_transfer_encoding(std::string_view value) noexcept {
    if (has_coding_)
        return {400, "There is more than one Transfer-Encoding field."};
    has_coding_ = true;
    if (equals_lower(value, "chunked"))
        return pass_on;
    bool chunked = false;
    bool last = value.empty();
    for (std::string_view list = value; !last;) {
        last = list.find(',') == std::string_view::npos;
        const std::string_view coding = next_element(list);
        if (chunked || coding.empty() || !std::ranges::all_of(coding, is_token_character))
            return {400, "Transfer-Encoding is malformed."};
        chunked = equals_lower(coding, "chunked");
    }
    if (value.empty())
        return {400, "Transfer-Encoding is malformed."};
    return {501, "The only transfer coding known here is chunked."};
}

void framing_fields::note_connection(std::string_view value) noexcept {
    while (!value.empty()) {
        const std::string_view option = next_element(value);
        says_close_ = says_close_ || equals_lower(option, "close");
        says_keep_alive_ = says_keep_alive_ || equals_lower(option, "keep-alive");
    }
}

// RFC 9110 section 10.1.1
verdict framing_fields::note_expect(std::string_view value) noexcept {
    if (!equals_lower(value, "100-continue"))
        return {417, "The only expectation known here is 100-continue."};
    head_.expects_continue = true;
    return pass_on;
}

verdict framing_fields::conclude(const gate_limits& limits) noexcept {
    const bool old = head_.minor_version == 0;
    if (!has_host_ && !old)
        return {400, "There is no Host field."};
    if (head_.host.empty())
        head_.host = host_;
    if (has_coding_ && has_length_)
        return {400, "Transfer-Encoding and Content-Length exclude each other."};
    if (has_coding_ && old)
        return {400, "HTTP/1.0 has no Transfer-Encoding."};
    if (!has_length_)
        head_.content_length = 0;
    head_.body = has_coding_ ? framing::chunked : has_length_ ? framing::length : framing::none;
    if (head_.content_length > limits.max_body_bytes)
        return {413, "The request body is too large."};
    head_.keep_alive = !says_close_ && (!old || says_keep_alive_);
    if (old)
        head_.expects_continue = false; // RFC 9110 section 10.1.1: a 1.0 client can't mean it
    return pass_on;
}

} // namespace breakwater::http
