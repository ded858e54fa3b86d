#include "http/gate.hpp"

#include "http/characters.hpp"
#include "http/gate_framing.hpp"
#include "http/gate_singletons.hpp"
#include "http/host.hpp"

#include <algorithm>

namespace breakwater::http {

namespace {

constexpr verdict pass_on{};
constexpr std::size_t line_beside_target = 64; // room enough for a method, two spaces and a version

std::optional<method> known_method(std::string_view name) noexcept {
    using enum method;
    for (const method known : {get, post, put, delete_, head, options, patch})
        if (to_string(known) == name) // methods are case-sensitive (RFC 9110 section 9.1)
            return known;
    return std::nullopt;
}

verdict read_version(std::string_view text, request_head& into) noexcept {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.size() != 8 || !text.starts_with("HTTP/") || !is_digit(text[5]) || text[6] != '.' ||
        !is_digit(text[7]))
        return {400, "The request line does not end with an HTTP version."};
    if (text[5] != '1' || text[7] > '1')
        return {505, "Only HTTP/1.1 and HTTP/1.0 are spoken here."};
    into.minor_version = static_cast<unsigned>(text[7] - '0');
    return pass_on;
}

void split_query(std::string_view path_and_query, request_head& into) noexcept {
    const std::size_t mark = path_and_query.find('?');
    into.path = path_and_query.substr(0, mark);
    into.query = mark == std::string_view::npos ? std::string_view{} : path_and_query.substr(mark + 1);
}

/// RFC 9112 section 3.2: each form only where it belongs. `into.host` is set by the absolute form alone.
verdict read_target(request_head& into) noexcept {
    const std::string_view target = into.target;
    if (!std::ranges::all_of(target, is_target_character))
        return {400, "The request target holds a character that does not belong there."};
    if (into.method_name == "CONNECT") {
        into.path = into.query = {};
        return is_host(target) ? pass_on : verdict{400, "CONNECT takes a host and a port."};
    }
    if (target.starts_with('/')) {
        split_query(target, into);
        return pass_on;
    }
    if (target == "*" && into.method == method::options) {
        into.path = target;
        into.query = {};
        return pass_on;
    }
    const std::size_t scheme_end = target.find("://");
    const std::string_view scheme = target.substr(0, scheme_end);
    if (scheme_end == std::string_view::npos ||
        !(equals_lower(scheme, "http") || equals_lower(scheme, "https")))
        return {400, "The request target is neither a path nor a URL."};
    const std::string_view rest = target.substr(scheme_end + 3);
    const std::size_t authority_end = std::min(rest.find_first_of("/?"), rest.size());
    into.host = rest.substr(0, authority_end);
    if (!is_host(into.host))
        return {400, "The URL in the request line names no proper host."};
    split_query(rest.substr(authority_end), into);
    if (into.path.empty())
        into.path = "/";
    return pass_on;
}

/// RFC 9112 section 3: method SP target SP version, and not a space more.
verdict read_request_line(std::string_view line, const gate_limits& limits, request_head& into) noexcept {
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == std::string_view::npos || first == last)
        return {400, "The request line needs a method, a target and a version."};
    into.method_name = line.substr(0, first);
    into.target = line.substr(first + 1, last - first - 1);
    if (into.method_name.empty() || !std::ranges::all_of(into.method_name, is_token_character))
        return {400, "The request line does not begin with a method."};
    if (into.target.empty())
        return {400, "The request line has no target."};
    if (into.target.size() > limits.max_target_bytes)
        return {414, "The request target is too long."};
    if (const verdict version = read_version(line.substr(last + 1), into); version.refused())
        return version;
    into.method = known_method(into.method_name);
    return read_target(into);
}

/// RFC 9112 section 5: name ":" OWS value OWS, no space before the colon (5.1), no folding (5.2).
verdict read_field(std::string_view line, request_head::field& into) noexcept {
    if (line.front() == ' ' || line.front() == '\t')
        return {400, "A header line begins with white space."};
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos)
        return {400, "A header line has no colon."};
    into.name = line.substr(0, colon);
    if (into.name.empty() || !std::ranges::all_of(into.name, is_token_character))
        return {400, "A header field's name is not a token."};
    into.value = trim(line.substr(colon + 1));
    if (!std::ranges::all_of(into.value, is_value_character))
        return {400, "A header field's value holds a control character."};
    return pass_on;
}

} // namespace

verdict find_head(std::string_view arrived, const gate_limits& limits, head_search& search) noexcept {
    while (search.scanned < arrived.size()) {
        const std::size_t feed = arrived.find('\n', search.scanned);
        if (feed == std::string_view::npos) {
            search.scanned = arrived.size();
            break;
        }
        search.scanned = feed + 1;
        if (feed == search.line || arrived[feed - 1] != '\r')
            return {400, "A line ends without a carriage return."};
        const bool empty = feed - search.line == 1;
        const bool before_request_line = search.line == search.begin;
        search.line = feed + 1;
        if (before_request_line && feed - search.begin > limits.max_target_bytes + line_beside_target)
            return {414, "The request target is too long."};
        if (!empty)
            continue;
        if (before_request_line) {
            // RFC 9112 section 2.2 asks to ignore an empty line here, for old clients that end a body with
            // one.
            if (search.begin != 0)
                return {400, "Empty lines come before the request."};
            search.begin = search.line;
            continue;
        }
        search.end = search.line;
        return search.end - search.begin > limits.max_header_bytes ? verdict{431, "The header is too large."}
                                                                   : pass_on;
    }
    if (search.begin < arrived.size()) {
        const char first = arrived[search.begin];
        if (!is_token_character(first) &&
            !(first == '\r' && arrived.size() - search.begin == 1 && search.begin == 0))
            return {400, "The request line does not begin with a method."};
    }
    const std::size_t size = arrived.size() - search.begin;
    if (search.line == search.begin && size > limits.max_target_bytes + line_beside_target)
        return {414, "The request target is too long."};
    if (size >= limits.max_header_bytes)
        return {search.line == search.begin ? 414U : 431U, "The header is too large."};
    return pass_on;
}

verdict read_head(std::string_view bytes, const gate_limits& limits, request_head& into) {
    into.fields.clear();
    into.host = {};
    into.expects_continue = false;
    std::size_t end = bytes.find("\r\n");
    if (const verdict line = read_request_line(bytes.substr(0, end), limits, into); line.refused())
        return line;
    framing_fields framing{into};
    singleton_fields singletons;
    for (bytes.remove_prefix(end + 2); !bytes.starts_with("\r\n"); bytes.remove_prefix(end + 2)) {
        end = bytes.find("\r\n");
        if (into.fields.size() == limits.max_fields)
            return {431, "There are too many header fields."};
        request_head::field& field = into.fields.emplace_back();
        if (const verdict read = read_field(bytes.substr(0, end), field); read.refused())
            return read;
        if (const verdict noted = framing.note(field); noted.refused())
            return noted;
        if (const verdict noted = singletons.note(field); noted.refused())
            return noted;
    }
    return framing.conclude(limits);
}

} // namespace breakwater::http
