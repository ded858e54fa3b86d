#include "http/cors.hpp"

#include "http/host.hpp"

#include <algorithm>
#include <utility>

namespace breakwater::http {

bool is_origin(std::string_view text) noexcept {
    const std::size_t colon = text.find("://");
    if (colon == 0 || colon == std::string_view::npos)
        return false;
    const std::string_view scheme = text.substr(0, colon);
    const std::string_view host = text.substr(colon + 3);
    const auto is_lower_alphanumeric = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    };
    if (!std::ranges::all_of(
            scheme, [&](char c) { return is_lower_alphanumeric(c) || c == '+' || c == '-' || c == '.'; }))
        return false;
    if (!std::ranges::all_of(
            host, [&](char c) { return is_lower_alphanumeric(c) || std::string_view{"-._:[]"}.contains(c); }))
        return false;
    const bool default_port = (scheme == "http" && host.ends_with(":80")) ||
                              (scheme == "https" && host.ends_with(":443")) || host.ends_with(':');
    return is_host(host) && !default_port;
}

cors_policy::cors_policy(std::vector<std::string> origins) : origins_{std::move(origins)} {
    any_ = std::ranges::find(origins_, "*") != origins_.end();
}

std::string_view cors_policy::allows(std::string_view origin) const noexcept {
    // `*` is allowed because browsers add no credentials: scripts set the token in Authorization themselves.
    if (any_)
        return "*";
    const auto allowed = std::ranges::find(origins_, origin);
    return allowed == origins_.end() ? std::string_view{} : std::string_view{*allowed};
}

void cors_policy::append_fields(std::string_view origin, std::string& out) const {
    if (varies())
        out += "Vary: Origin\r\n";
    if (origin.empty())
        return;
    const std::string_view allowed = allows(origin);
    if (allowed.empty())
        return;
    out += "Access-Control-Allow-Origin: ";
    out += allowed;
    out += "\r\nAccess-Control-Expose-Headers: X-Request-Id, X-Next-Cursor, Link, Retry-After, "
           "WWW-Authenticate, Content-Disposition\r\n";
}

} // namespace breakwater::http
