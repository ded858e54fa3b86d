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

std::string lowered(std::string_view text) {
    std::string out{text};
    std::ranges::transform(out, out.begin(), lower);
    return out;
}

constexpr bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

/// Takes `prefix` off the front, in whatever case it is written.
bool take(std::string_view& text, std::string_view prefix) {
    if (text.size() < prefix.size() || !std::ranges::equal(text.substr(0, prefix.size()), prefix, {}, lower))
        return false;
    text.remove_prefix(prefix.size());
    return true;
}

bool is_port(std::string_view text) {
    int port = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), port);
    return failed == std::errc{} && end == text.data() + text.size() && port >= 1 && port <= 65'535;
}

/// Takes the host off the front of `host[:port]`, an IPv6 address without its brackets.
std::optional<std::string_view> take_host(std::string_view& authority) {
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

std::string_view to_string(delivery_state value) noexcept {
    switch (value) {
    case delivery_state::pending: return "pending";
    case delivery_state::delivered: return "delivered";
    case delivery_state::dead: return "dead";
    }
    return "pending";
}

result<webhook_target> parse_webhook_url(std::string_view url) {
    if (url.size() > max_webhook_url_length)
        return pass(refuse(fmt::format("url must have at most {} bytes.", max_webhook_url_length)));
    // Blanks, quotes and backslashes are what readers of URLs disagree about.
    if (!std::ranges::all_of(url, [](char c) {
            return c > ' ' && c < '\x7f' && !std::string_view{"\"<>\\^`{|}"}.contains(c);
        }))
        return pass(
            refuse("url must be written in ASCII, with everything else in its percent-encoded form."));
    std::string_view rest = url;
    webhook_target out{.tls = take(rest, "https://")};
    if (!out.tls && !take(rest, "http://"))
        return pass(refuse("url must begin with https:// or http://."));
    if (rest.contains('#'))
        return pass(refuse("url must not have a fragment (#…): it is never sent."));
    std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
    if (authority.contains('@'))
        return pass(refuse("url must not have a user name or a password: they would be seen by everybody who "
                           "sees the webhook."));
    const auto host = take_host(authority);
    if (!host || (!authority.empty() && (authority.front() != ':' || !is_port(authority.substr(1)))))
        return pass(refuse("url must name a host, and a port between 1 and 65535 where it names one."));
    out.host = lowered(*host);
    return out;
}

std::optional<std::string> parse_webhook_host(std::string_view text) {
    const auto host = take_host(text);
    if (!host || !text.empty())
        return std::nullopt;
    return lowered(*host);
}

bool is_local(const webhook_target& target, const local_hosts& allowed) {
    return std::ranges::find(allowed, target.host) != allowed.end();
}

result<void> check_transport(const webhook_target& target, const local_hosts& allowed) {
    if (!target.tls && !is_local(target, allowed))
        return refuse(
            "Without TLS (http://) only hosts are contacted that WEBHOOK_LOCAL_HOSTS names; use https://.");
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
