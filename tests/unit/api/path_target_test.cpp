#include "api/path_target.hpp"

#include "api/routes.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <set>

namespace breakwater::api {
namespace {

const std::string uuid_text = "0b8f6f5e-2a77-4d53-9c55-0a5a3d3f7a10";

std::optional<event_target> target_of_call(const std::string& route, const std::string& parameter) {
    http::request asked;
    asked.route = route;
    asked.path_parameters = {parameter};
    return path_target(asked);
}

TEST(path_target, names_the_thing_of_every_path_that_has_one) {
    // A message to a webhook is no thing that events are about; its webhook is.
    const std::set<std::string_view> without{"/webhooks/deliveries/{id}/retry"};
    const boost::json::object told = boost::json::parse(openapi_document("1.2.3")).as_object();
    for (const auto& one : told.at("paths").as_object()) {
        const std::string path{one.key()};
        if (!path.contains('{'))
            continue;
        const bool named = target_of_call("GET " + path, uuid_text) || target_of_call("GET " + path, "7") ||
                           target_of_call("GET " + path, "weather_station");
        EXPECT_EQ(named, !without.contains(path)) << path;
    }
}

TEST(path_target, spells_a_thing_in_one_way_and_names_nothing_that_is_none) {
    EXPECT_EQ(target_of_call("GET /devices/{id}", "0B8F6F5E-2A77-4D53-9C55-0A5A3D3F7A10"),
              (event_target{target_type::device, uuid_text}));
    EXPECT_EQ(target_of_call("PUT /admin/users/{id}", "007"), (event_target{target_type::user, "7"}));
    EXPECT_EQ(target_of_call("PUT /admin/policies/{category}", "weather_station"),
              (event_target{target_type::policy, "weather_station"}));
    for (const std::string nonsense : {"", "x", "-1", "0", "7 ", "99999999999999999999"}) {
        EXPECT_EQ(target_of_call("PUT /admin/users/{id}", nonsense), std::nullopt) << nonsense;
        EXPECT_EQ(target_of_call("GET /devices/{id}", nonsense), std::nullopt) << nonsense;
    }
    EXPECT_EQ(path_target(http::request{}), std::nullopt);
}

} // namespace
} // namespace breakwater::api
