#include "api/path_target.hpp"

#include "base/integer.hpp"
#include "domain/category.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace breakwater::api {

namespace {

struct path_pattern {
    std::string_view prefix; ///< the path template up to the parameter
    target_type type;
};

constexpr std::array patterns{path_pattern{"/devices/{", target_type::device},
                              path_pattern{"/auth/sessions/{", target_type::session},
                              path_pattern{"/alerts/{", target_type::alert},
                              path_pattern{"/alert-rules/{", target_type::alert_rule},
                              path_pattern{"/webhooks/{", target_type::webhook},
                              path_pattern{"/admin/policies/{", target_type::policy},
                              path_pattern{"/admin/invitations/{", target_type::invitation},
                              path_pattern{"/admin/users/{", target_type::user}};

/// Normalises the spelling of the id, so that one object always has the same target.
std::optional<event_target> parse_target(target_type type, std::string_view text) {
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

std::optional<event_target> path_target(const http::request& request) {
    if (request.path_parameters.empty())
        return std::nullopt;
    const std::string_view path =
        request.route.substr(std::min(request.route.find('/'), request.route.size()));
    for (const path_pattern& pattern : patterns)
        if (path.starts_with(pattern.prefix))
            return parse_target(pattern.type, request.path_parameters.front());
    return std::nullopt;
}

} // namespace breakwater::api
