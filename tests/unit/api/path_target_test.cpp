#include "api/path_target.hpp"

#include "api/routes.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <set>

namespace breakwater::api {
namespace {

const std::string uuid_text = "0b8f6f5e-2a77-4d53-9c55-0a5a3d3f7a10";

std::optional<event_target> target_of_request(const std::string& route, const std::string& parameter) {
    http::request request;
    request.route = route;
    request.path_parameters = {parameter};
    return path_target(request);
}

TEST(path_target, names_the_object_of_every_path_that_has_one) {
    // A delivery is not an object that events are about; its webhook is.
    const std::set<std::string_view> paths_without_object{"/webhooks/deliveries/{id}/retry"};
    const boost::json::object document = boost::json::parse(openapi_document("1.2.3")).as_object();
    for (const auto& entry : document.at("paths").as_object()) {
        const std::string path{entry.key()};
        if (!path.contains('{'))
            continue;
        const bool has_target = target_of_request("GET " + path, uuid_text) ||
                                target_of_request("GET " + path, "7") ||
                                target_of_request("GET " + path, "weather_station");
        EXPECT_EQ(has_target, !paths_without_object.contains(path)) << path;
    }
}

TEST(path_target, normalises_ids_and_ignores_invalid_ones) {
    EXPECT_EQ(target_of_request("GET /devices/{id}", "0B8F6F5E-2A77-4D53-9C55-0A5A3D3F7A10"),
              (event_target{target_type::device, uuid_text}));
    EXPECT_EQ(target_of_request("PUT /admin/users/{id}", "007"), (event_target{target_type::user, "7"}));
    EXPECT_EQ(target_of_request("PUT /admin/policies/{category}", "weather_station"),
              (event_target{target_type::policy, "weather_station"}));
    for (const std::string id : {"", "x", "-1", "0", "7 ", "99999999999999999999"}) {
        EXPECT_EQ(target_of_request("PUT /admin/users/{id}", id), std::nullopt) << id;
        EXPECT_EQ(target_of_request("GET /devices/{id}", id), std::nullopt) << id;
    }
    EXPECT_EQ(path_target(http::request{}), std::nullopt);
}

} // namespace
} // namespace breakwater::api
