#include "http/request_validator.hpp"

#include "base/json_string.hpp"
#include "http/characters.hpp"
#include "http/framing_fields.hpp"
#include "http/host.hpp"
#include "http/singleton_fields.hpp"

#include <algorithm>

namespace breakwater::http {

namespace {

constexpr verdict accepted{};
constexpr std::size_t max_line_without_target = 64; // enough for a method, two spaces and a version

std::optional<method> parse_method(std::string_view name) noexcept {
    using enum method;
    for (const method candidate : {get, post, put, delete_, head, options, patch})
        if (to_string(candidate) == name) // methods are case-sensitive (RFC 9110 section 9.1)
            return candidate;
    return std::nullopt;
}

verdict read_version(std::string_view text, request_head& head) noexcept {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.size() != 8 || !text.starts_with("HTTP/") || !is_digit(text[5]) || text[6] != '.' ||
        !is_digit(text[7]))
        return {400, "The request line does not end with an HTTP version."};
    if (text[5] != '1' || text[7] > '1')
        return {505, "The server supports HTTP/1.1 and HTTP/1.0 only."};
    head.minor_version = static_cast<unsigned>(text[7] - '0');
    return accepted;
}

void split_query(std::string_view path_and_query, request_head& head) noexcept {
    const std::size_t mark = path_and_query.find('?');
    head.path = path_and_query.substr(0, mark);
    head.query = mark == std::string_view::npos ? std::string_view{} : path_and_query.substr(mark + 1);
}

/// RFC 9112 section 3.2: accepts each form only where it is allowed. Sets `head.host` for the absolute form
/// only.
verdict read_target(request_head& head) noexcept {
    const std::string_view target = head.target;
    if (!std::ranges::all_of(target, is_target_character))
        return {400, "The request target contains an invalid character."};
    if (head.method_name == "CONNECT") {
        head.path = head.query = {};
        return is_host(target) ? accepted : verdict{400, "CONNECT requires a host and a port."};
    }
    if (target.starts_with('/')) {
        split_query(target, head);
        return accepted;
    }
    if (target == "*" && head.method == method::options) {
        head.path = target;
        head.query = {};
        return accepted;
    }
    const std::size_t scheme_end = target.find("://");
    const std::string_view scheme = target.substr(0, scheme_end);
    if (scheme_end == std::string_view::npos ||
        !(equals_lower(scheme, "http") || equals_lower(scheme, "https")))
        return {400, "The request target is neither a path nor a URL."};
    const std::string_view rest = target.substr(scheme_end + 3);
    const std::size_t authority_end = std::min(rest.find_first_of("/?"), rest.size());
    head.host = rest.substr(0, authority_end);
    if (!is_host(head.host))
        return {400, "The URL in the request line has no valid host."};
    split_query(rest.substr(authority_end), head);
    if (head.path.empty())
        head.path = "/";
    return accepted;
}

/// RFC 9112 section 3: method SP target SP version, with exactly two spaces.
verdict read_request_line(std::string_view line, const request_limits& limits, request_head& head) noexcept {
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == std::string_view::npos || first == last)
        return {400, "The request line must consist of a method, a target and a version."};
    head.method_name = line.substr(0, first);
    head.target = line.substr(first + 1, last - first - 1);
    if (head.method_name.empty() || !std::ranges::all_of(head.method_name, is_token_character))
        return {400, "The request line does not begin with a method."};
    if (head.target.empty())
        return {400, "The request line has no target."};
    if (head.target.size() > limits.max_target_bytes)
        return {414, "The request target is too long."};
    if (const verdict version = read_version(line.substr(last + 1), head); version.refused())
        return version;
    head.method = parse_method(head.method_name);
    return read_target(head);
}

bool is_field_value(std::string_view text) noexcept {
    // A token is long and has no other characters than those that are skipped eight at a time.
    const char* at = text.data();
    const char* const end = at + text.size();
    for (at = skip_plain(at, end); at != end; at = skip_plain(at + 1, end))
        if (!is_value_character(*at))
            return false;
    return true;
}

/// RFC 9112 section 5: name ":" OWS value OWS, no space before the colon (5.1), no folding (5.2).
verdict read_field(std::string_view line, request_head::field& field) noexcept {
    if (line.front() == ' ' || line.front() == '\t')
        return {400, "A header line must not begin with white space."};
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos)
        return {400, "A header line has no colon."};
    field.name = line.substr(0, colon);
    if (field.name.empty() || !std::ranges::all_of(field.name, is_token_character))
        return {400, "The name of a header field is not a token."};
    field.value = trim(line.substr(colon + 1));
    if (!is_field_value(field.value))
        return {400, "The value of a header field contains a control character."};
    return accepted;
}

} // namespace

verdict find_head(std::string_view received, const request_limits& limits, head_search& search) noexcept {
    while (search.scanned < received.size()) {
        const std::size_t line_feed = received.find('\n', search.scanned);
        if (line_feed == std::string_view::npos) {
            search.scanned = received.size();
            break;
        }
        search.scanned = line_feed + 1;
        if (line_feed == search.line || received[line_feed - 1] != '\r')
            return {400, "A line does not end with CRLF."};
        const bool is_empty = line_feed - search.line == 1;
        const bool in_request_line = search.line == search.begin;
        search.line = line_feed + 1;
        if (in_request_line && line_feed - search.begin > limits.max_target_bytes + max_line_without_target)
            return {414, "The request target is too long."};
        if (!is_empty)
            continue;
        if (in_request_line) {
            // RFC 9112 section 2.2: ignore an empty line here, because old clients send one after a body.
            if (search.begin != 0)
                return {400, "There is more than one empty line before the request."};
            search.begin = search.line;
            continue;
        }
        search.end = search.line;
        return search.end - search.begin > limits.max_header_bytes ? verdict{431, "The header is too large."}
                                                                   : accepted;
    }
    if (search.begin < received.size()) {
        const char first = received[search.begin];
        if (!is_token_character(first) &&
            !(first == '\r' && received.size() - search.begin == 1 && search.begin == 0))
            return {400, "The request line does not begin with a method."};
    }
    const std::size_t size = received.size() - search.begin;
    if (search.line == search.begin && size > limits.max_target_bytes + max_line_without_target)
        return {414, "The request target is too long."};
    if (size >= limits.max_header_bytes)
        return {search.line == search.begin ? 414U : 431U, "The header is too large."};
    return accepted;
}

verdict read_head(std::string_view bytes, const request_limits& limits, request_head& head) {
    head.fields.clear();
    head.host = {};
    head.expects_continue = false;
    std::size_t end = bytes.find("\r\n");
    if (const verdict line = read_request_line(bytes.substr(0, end), limits, head); line.refused())
        return line;
    framing_fields framing{head};
    singleton_fields singletons;
    for (bytes.remove_prefix(end + 2); !bytes.starts_with("\r\n"); bytes.remove_prefix(end + 2)) {
        end = bytes.find("\r\n");
        if (head.fields.size() == limits.max_fields)
            return {431, "There are too many header fields."};
        request_head::field& field = head.fields.emplace_back();
        if (const verdict read = read_field(bytes.substr(0, end), field); read.refused())
            return read;
        if (const verdict checked = framing.check(field); checked.refused())
            return checked;
        if (const verdict checked = singletons.check(field); checked.refused())
            return checked;
    }
    return framing.conclude(limits);
}

} // namespace breakwater::http
