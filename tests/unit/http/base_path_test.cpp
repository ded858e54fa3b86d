#include "unit/http/test_server.hpp"

namespace breakwater::test {
namespace {

using http::request;

std::vector<http::route> routes() {
    std::vector<http::route> table;
    table.push_back(get("/", [](request&) { return text("page"); }));
    table.push_back(get("/devices/{id}", [](request& request) {
        return text(std::string{request.base_path} + '|' + request.path + '|' +
                    request.path_parameters.at(0));
    }));
    return table;
}

class base_path : public testing::Test {
protected:
    raw_response get_target(const std::string& target) {
        return raw_client{server_.port()}.exchange("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    std::string body_of(const std::string& target) { return get_target(target).body; }
    int status_of(const std::string& target) { return get_target(target).status; }

    static http::server_options options_with_base_path() {
        http::server_options options;
        options.base_path = "/iot/fleet";
        return options;
    }

    test_server server_{routes(), options_with_base_path()};
};

TEST_F(base_path, is_optional_in_requests_from_the_proxy) {
    for (const char* target : {"/iot/fleet/", "/"})
        EXPECT_EQ(body_of(target), "page") << target;
    for (const char* target : {"/iot/fleet/devices/7", "/devices/7"})
        EXPECT_EQ(body_of(target), "/iot/fleet|/devices/7|7") << target;
}

TEST_F(base_path, is_removed_once_and_as_a_whole) {
    for (const char* target : {"/iot/fleet/iot/fleet/", "/iot/fleets/devices/7", "/iot/", "/iot/fleet/fleet",
                               "/iot%2ffleet/devices/7", "/iot//fleet/"})
        EXPECT_EQ(status_of(target), 404) << target;
}

TEST_F(base_path, without_a_slash_redirects_to_the_page) {
    const raw_response response = get_target("/iot/fleet");
    EXPECT_EQ(response.status, 308);
    EXPECT_EQ(response.header("location"), "/iot/fleet/");
}

} // namespace
} // namespace breakwater::test
