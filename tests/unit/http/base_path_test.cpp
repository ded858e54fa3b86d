#include "unit/http/test_server.hpp"

namespace breakwater::test {
namespace {

using http::request;

std::vector<http::route> routes() {
    std::vector<http::route> table;
    table.push_back(get("/", [](request&) { return text("page"); }));
    table.push_back(get("/devices/{id}", [](request& asked) {
        return text(std::string{asked.base_path} + '|' + asked.path + '|' + asked.path_parameters.at(0));
    }));
    return table;
}

class base_path : public testing::Test {
protected:
    raw_answer ask(const std::string& target) {
        return raw_client{server_.port()}.ask("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    std::string body_of(const std::string& target) { return ask(target).body; }
    int status_of(const std::string& target) { return ask(target).status; }

    static http::server_options behind_a_path() {
        http::server_options options;
        options.base_path = "/iot/fleet";
        return options;
    }

    test_server server_{routes(), behind_a_path()};
};

TEST_F(base_path, is_taken_off_where_a_proxy_passes_it_on_and_not_missed_where_it_does_not) {
    for (const char* target : {"/iot/fleet/", "/"})
        EXPECT_EQ(body_of(target), "page") << target;
    for (const char* target : {"/iot/fleet/devices/7", "/devices/7"})
        EXPECT_EQ(body_of(target), "/iot/fleet|/devices/7|7") << target;
}

TEST_F(base_path, is_taken_off_once_and_whole) {
    for (const char* target : {"/iot/fleet/iot/fleet/", "/iot/fleets/devices/7", "/iot/", "/iot/fleet/fleet",
                               "/iot%2ffleet/devices/7", "/iot//fleet/"})
        EXPECT_EQ(status_of(target), 404) << target;
}

TEST_F(base_path, without_its_slash_leads_to_the_page) {
    const raw_answer answer = ask("/iot/fleet");
    EXPECT_EQ(answer.status, 308);
    EXPECT_EQ(answer.header("location"), "/iot/fleet/");
}

} // namespace
} // namespace breakwater::test
