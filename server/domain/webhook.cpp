#include "domain/webhook.hpp"

#include "base/ip_address.hpp"
#include "base/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace breakwater {

namespace {

result<void> refuse(std::string detail) {
    return fail(errc::invalid_input, std::move(detail));
}

constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string to_lower(std::string_view text) {
    std::string out{text};
    std::ranges::transform(out, out.begin(), lower);
    return out;
}

constexpr bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

/// Removes `prefix` from the front, ignoring case. Returns whether it was there.
bool consume_prefix(std::string_view& text, std::string_view prefix) {
    if (text.size() < prefix.size() || !std::ranges::equal(text.substr(0, prefix.size()), prefix, {}, lower))
        return false;
    text.remove_prefix(prefix.size());
    return true;
}

bool is_port(std::string_view text) {
    int port = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), port);
    return code == std::errc{} && end == text.data() + text.size() && port >= 1 && port <= 65'535;
}

/// Removes the host from the front of `host[:port]` and returns it, an IPv6 address without its brackets.
std::optional<std::string_view> consume_host(std::string_view& authority) {
    std::string_view host;
    if (authority.starts_with('[')) {
        const auto close = authority.find(']');
        if (close == std::string_view::npos)
            return std::nullopt;
        host = authority.substr(1, close - 1);
        authority.remove_prefix(close + 1);
        if (!host.contains(':') || !parse_ip(host))
            return std::nullopt;
    } else {
        host = authority.substr(0, authority.find(':'));
        authority.remove_prefix(host.size());
        if (host.empty() || !std::ranges::all_of(host, [](char c) { return is_host_character(lower(c)); }))
            return std::nullopt;
    }
    return host;
}

} // namespace

result<webhook_target> parse_webhook_url(std::string_view url) {
    if (url.size() > max_webhook_url_length)
        return pass(refuse(fmt::format("url must have at most {} bytes.", max_webhook_url_length)));
    // URL parsers disagree about blanks, quotes and backslashes.
    if (!std::ranges::all_of(url, [](char c) {
            return c > ' ' && c < '\x7f' && !std::string_view{"\"<>\\^`{|}"}.contains(c);
        }))
        return pass(refuse("url must be ASCII; percent-encode all other characters."));
    std::string_view rest = url;
    webhook_target out{.tls = consume_prefix(rest, "https://")};
    if (!out.tls && !consume_prefix(rest, "http://"))
        return pass(refuse("url must begin with https:// or http://."));
    if (rest.contains('#'))
        return pass(refuse("url must not have a fragment (#…): it is never sent."));
    std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
    if (authority.contains('@'))
        return pass(refuse("url must not have a user name or a password: everyone who can see the webhook "
                           "would see them."));
    const auto host = consume_host(authority);
    if (!host || (!authority.empty() && (authority.front() != ':' || !is_port(authority.substr(1)))))
        return pass(refuse("url must have a host; its port, if it has one, must be between 1 and 65535."));
    out.host = to_lower(*host);
    return out;
}

std::optional<std::string> parse_webhook_host(std::string_view text) {
    const auto host = consume_host(text);
    if (!host || !text.empty())
        return std::nullopt;
    return to_lower(*host);
}

bool is_local(const webhook_target& target, const local_hosts& allowed) {
    return std::ranges::find(allowed, target.host) != allowed.end();
}

result<void> check_transport(const webhook_target& target, const local_hosts& allowed) {
    if (!target.tls && !is_local(target, allowed))
        return refuse("http:// (without TLS) is only for the hosts in WEBHOOK_LOCAL_HOSTS; use https://.");
    return {};
}

result<void> check(const webhook& candidate) {
    if (candidate.name.empty() || count_characters(candidate.name) > max_webhook_name_length)
        return refuse(fmt::format("name must have 1 to {} characters.", max_webhook_name_length));
    if (auto target = parse_webhook_url(candidate.url); !target)
        return pass(std::move(target));
    return {};
}

} // namespace breakwater
