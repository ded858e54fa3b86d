#include "http/framing_fields.hpp"

#include "http/characters.hpp"
#include "http/host.hpp"

#include <algorithm>

namespace breakwater::http {

namespace {

constexpr verdict accepted{};
constexpr std::size_t max_length_digits = 19; // always fits into 64 bits

} // namespace

verdict framing_fields::check(const request_head::field& field) noexcept {
    switch (field.name.size()) {
    case 4: return equals_lower(field.name, "host") ? check_host(field.value) : accepted;
    case 6: return equals_lower(field.name, "expect") ? check_expect(field.value) : accepted;
    case 10:
        if (equals_lower(field.name, "connection"))
            read_connection(field.value);
        return accepted;
    case 14: return equals_lower(field.name, "content-length") ? check_content_length(field.value) : accepted;
    case 17:
        return equals_lower(field.name, "transfer-encoding") ? check_transfer_encoding(field.value)
                                                             : accepted;
    default: return accepted;
    }
}

// RFC 9112 section 3.2
verdict framing_fields::check_host(std::string_view value) noexcept {
    if (has_host_)
        return {400, "There is more than one Host field."};
    if (!is_host(value))
        return {400, "The Host field is not a valid host."};
    has_host_ = true;
    host_ = value;
    return accepted;
}

// RFC 9112 section 6.3: a repeated or listed length is refused even where the values agree.
verdict framing_fields::check_content_length(std::string_view value) noexcept {
    if (has_length_)
        return {400, "There is more than one Content-Length field."};
    const bool digits = std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
    if (value.empty() || !digits)
        return {400, "Content-Length is not a number."};
    if (value.size() > max_length_digits)
        return {400, "Content-Length is too large."};
    has_length_ = true;
    head_.content_length = 0;
    for (const char c : value)
        head_.content_length = head_.content_length * 10 + static_cast<std::uint64_t>(c - '0');
    return accepted;
}

// RFC 9112 section 6.1: exactly one `chunked`. An unsupported coding is 501, an ambiguous list 400.
verdict framing_fields::check_transfer_encoding(std::string_view value) noexcept {
    if (has_transfer_encoding_)
        return {400, "There is more than one Transfer-Encoding field."};
    has_transfer_encoding_ = true;
    if (equals_lower(value, "chunked"))
        return accepted;
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
    return {501, "The only supported transfer coding is chunked."};
}

void framing_fields::read_connection(std::string_view value) noexcept {
    while (!value.empty()) {
        const std::string_view option = next_element(value);
        has_close_ = has_close_ || equals_lower(option, "close");
        has_keep_alive_ = has_keep_alive_ || equals_lower(option, "keep-alive");
    }
}

// RFC 9110 section 10.1.1
verdict framing_fields::check_expect(std::string_view value) noexcept {
    if (!equals_lower(value, "100-continue"))
        return {417, "The only supported expectation is 100-continue."};
    head_.expects_continue = true;
    return accepted;
}

verdict framing_fields::conclude(const request_limits& limits) noexcept {
    const bool is_http_1_0 = head_.minor_version == 0;
    if (!has_host_ && !is_http_1_0)
        return {400, "The Host field is missing."};
    if (head_.host.empty())
        head_.host = host_;
    if (has_transfer_encoding_ && has_length_)
        return {400, "Transfer-Encoding and Content-Length exclude each other."};
    if (has_transfer_encoding_ && is_http_1_0)
        return {400, "HTTP/1.0 does not support Transfer-Encoding."};
    if (!has_length_)
        head_.content_length = 0;
    head_.body = has_transfer_encoding_ ? framing::chunked : has_length_ ? framing::length : framing::none;
    if (head_.content_length > limits.max_body_bytes)
        return {413, "The request body is too large."};
    head_.keep_alive = !has_close_ && (!is_http_1_0 || has_keep_alive_);
    if (is_http_1_0)
        head_.expects_continue = false; // RFC 9110 section 10.1.1: ignored from a 1.0 client
    return accepted;
}

} // namespace breakwater::http
