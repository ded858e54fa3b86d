#include "api/path_target.hpp"

#include "base/integer.hpp"
#include "domain/category.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace breakwater::api {

namespace {

struct named_kind {
    std::string_view before; ///< its parameter, in the path's template
    target_type type;
};

constexpr std::array kinds{named_kind{"/devices/{", target_type::device},
                           named_kind{"/auth/sessions/{", target_type::session},
                           named_kind{"/alerts/{", target_type::alert},
                           named_kind{"/alert-rules/{", target_type::alert_rule},
                           named_kind{"/webhooks/{", target_type::webhook},
                           named_kind{"/admin/policies/{", target_type::policy},
                           named_kind{"/admin/invitations/{", target_type::invitation},
                           named_kind{"/admin/users/{", target_type::user}};

/// One spelling for one thing, whatever the path had.
std::optional<event_target> target_named(target_type type, std::string_view text) {
    switch (type) {
    case target_type::device:
    case target_type::session: {
        const auto id = uuid::parse(text);
        return id ? std::optional{target_of(type, *id)} : std::nullopt;
    }
    case target_type::policy: {
        const auto kind = parse_category(text);
        return kind ? std::optional{event_target{type, std::string{info(*kind).slug}}} : std::nullopt;
    }
    default: {
        const auto id = parse_integer(text);
        return id && *id > 0 ? std::optional{target_of(type, *id)} : std::nullopt;
    }
    }
}

} // namespace

std::optional<event_target> path_target(const http::request& asked) {
    if (asked.path_parameters.empty())
        return std::nullopt;
    const std::string_view path = asked.route.substr(std::min(asked.route.find('/'), asked.route.size()));
    for (const named_kind& each : kinds)
        if (path.starts_with(each.before))
            return target_named(each.type, asked.path_parameters.front());
    return std::nullopt;
}

} // namespace breakwater::api
