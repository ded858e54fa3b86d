#include "http/cors.hpp"

#include <algorithm>
#include <utility>

namespace breakwater::http {

cors_policy::cors_policy(std::vector<std::string> origins) : origins_{std::move(origins)} {
    any_ = std::ranges::find(origins_, "*") != origins_.end();
}

std::string_view cors_policy::allows(std::string_view origin) const noexcept {
    // No credentials are involved (tokens travel in Authorization, which scripts set), so `*` can stay `*`.
    if (any_)
        return "*";
    const auto found = std::ranges::find(origins_, origin);
    return found == origins_.end() ? std::string_view{} : std::string_view{*found};
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
