#include "http/router.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace breakwater::http {
namespace {

route row(method verb, std::string_view path) {
    return {verb, path, credential::none, inline_handler{[](request&) { return response{}; }}, {}};
}

std::vector<route> fleet() {
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

TEST(router, finds_the_row_and_what_its_braces_stand_for) {
    const router routes{fleet()};
    EXPECT_EQ(routes.find(method::get, "/").name, "GET /");
    EXPECT_EQ(routes.find(method::post, "/devices").index, 2U);
    const auto found = routes.find(method::post, "/devices/7/readings/x%20y");
    ASSERT_NE(found.row, nullptr);
    EXPECT_EQ(found.name, "POST /devices/{id}/readings/{reading}");
    EXPECT_EQ(found.parameters, (texts{"7", "x y"}));
    EXPECT_EQ(routes.name(found.index), found.name);
}

TEST(router, prefers_a_literal_and_comes_back_from_it) {
    const router routes{fleet()};
    EXPECT_EQ(routes.find(method::get, "/devices/categories").name, "GET /devices/categories");
    EXPECT_EQ(routes.find(method::get, "/devices/%63ategories").name, "GET /devices/categories");
    const auto back = routes.find(method::post, "/devices/categories/readings/1");
    EXPECT_EQ(back.name, "POST /devices/{id}/readings/{reading}");
    EXPECT_EQ(back.parameters, (texts{"categories", "1"}));
}

TEST(router, tells_what_a_path_allows) {
    const router routes{fleet()};
    const auto wrong = routes.find(method::put, "/devices/7");
    EXPECT_EQ(wrong.row, nullptr);
    EXPECT_EQ(wrong.allow, "GET, HEAD, DELETE, OPTIONS");
    EXPECT_EQ(routes.find(method::get, "/devices/categories/refresh").allow, "POST, OPTIONS");
    EXPECT_EQ(routes.find(method::options, "/devices").allow, "GET, HEAD, POST, OPTIONS");
    EXPECT_EQ(routes.find(method::options, "/devices").row, nullptr);
}

TEST(router, gives_head_the_row_of_get) {
    const router routes{fleet()};
    EXPECT_EQ(routes.find(method::head, "/devices/7").name, "GET /devices/{id}");
    EXPECT_EQ(routes.find(method::head, "/devices/categories/refresh").row, nullptr);
}

TEST(router, finds_nothing_where_a_path_is_unknown_or_crooked) {
    const router routes{fleet()};
    for (const char* path :
         {"", "devices", "/nothing", "/devices/", "//devices", "/devices//readings/1", "/Devices",
          "/devices/7/", "*", "/devices/a%2Fb", "/devices/%00", "/devices/%ff", "/devices/%", "/devices/%4",
          "/devices/%zz", "/devices/%C0%AF", "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r"}) {
        const auto found = routes.find(method::get, path);
        EXPECT_EQ(found.row, nullptr) << path;
        EXPECT_TRUE(found.allow.empty()) << path;
    }
}

TEST(router, refuses_a_table_in_which_rows_collide) {
    auto table = fleet();
    table.push_back(row(method::get, "/devices/{other}"));
    EXPECT_THROW(router{std::move(table)}, std::logic_error);
}

} // namespace
} // namespace breakwater::http
