#include "http/router.hpp"

#include "unit/http/requirements.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace breakwater::http {
namespace {

route row(method verb, std::string_view path) {
    return {verb, path, test::open_to_all, inline_handler{[](request&) { return response{}; }}, {}};
}

std::vector<route> sample_table() {
    std::vector<route> table;
    table.push_back(row(method::get, "/"));
    table.push_back(row(method::get, "/devices"));
    table.push_back(row(method::post, "/devices"));
    table.push_back(row(method::get, "/devices/categories"));
    table.push_back(row(method::get, "/devices/{id}"));
    table.push_back(row(method::delete_, "/devices/{id}"));
    table.push_back(row(method::post, "/devices/{id}/readings/{reading}"));
    table.push_back(row(method::post, "/devices/categories/refresh"));
    return table;
}

using texts = std::vector<std::string>;

TEST(router, finds_the_row_and_its_parameters) {
    const router routes{sample_table()};
    EXPECT_EQ(routes.find(method::get, "/").name, "GET /");
    EXPECT_EQ(routes.find(method::post, "/devices").index, 2U);
    const auto match = routes.find(method::post, "/devices/7/readings/x%20y");
    ASSERT_NE(match.row, nullptr);
    EXPECT_EQ(match.name, "POST /devices/{id}/readings/{reading}");
    EXPECT_EQ(match.parameters, (texts{"7", "x y"}));
    EXPECT_EQ(routes.name(match.index), match.name);
}

TEST(router, prefers_a_literal_and_backtracks) {
    const router routes{sample_table()};
    EXPECT_EQ(routes.find(method::get, "/devices/categories").name, "GET /devices/categories");
    EXPECT_EQ(routes.find(method::get, "/devices/%63ategories").name, "GET /devices/categories");
    const auto match = routes.find(method::post, "/devices/categories/readings/1");
    EXPECT_EQ(match.name, "POST /devices/{id}/readings/{reading}");
    EXPECT_EQ(match.parameters, (texts{"categories", "1"}));
}

TEST(router, lists_the_allowed_methods) {
    const router routes{sample_table()};
    const auto match = routes.find(method::put, "/devices/7");
    EXPECT_EQ(match.row, nullptr);
    EXPECT_EQ(match.allow, "GET, HEAD, DELETE, OPTIONS");
    EXPECT_EQ(routes.find(method::get, "/devices/categories/refresh").allow, "POST, OPTIONS");
    EXPECT_EQ(routes.find(method::options, "/devices").allow, "GET, HEAD, POST, OPTIONS");
    EXPECT_EQ(routes.find(method::options, "/devices").row, nullptr);
}

TEST(router, uses_the_row_of_get_for_head) {
    const router routes{sample_table()};
    EXPECT_EQ(routes.find(method::head, "/devices/7").name, "GET /devices/{id}");
    EXPECT_EQ(routes.find(method::head, "/devices/categories/refresh").row, nullptr);
}

TEST(router, finds_nothing_for_an_unknown_or_malformed_path) {
    const router routes{sample_table()};
    for (const char* path :
         {"", "devices", "/nothing", "/devices/", "//devices", "/devices//readings/1", "/Devices",
          "/devices/7/", "*", "/devices/a%2Fb", "/devices/%00", "/devices/%ff", "/devices/%", "/devices/%4",
          "/devices/%zz", "/devices/%C0%AF", "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r"}) {
        const auto match = routes.find(method::get, path);
        EXPECT_EQ(match.row, nullptr) << path;
        EXPECT_TRUE(match.allow.empty()) << path;
    }
}

TEST(router, refuses_a_table_with_conflicting_rows) {
    auto table = sample_table();
    table.push_back(row(method::get, "/devices/{other}"));
    EXPECT_THROW(router{std::move(table)}, std::logic_error);
}

} // namespace
} // namespace breakwater::http
