#include "api/handler_support.hpp"

#include <gtest/gtest.h>

namespace breakwater::api {
namespace {

std::string link_of(const std::string& query, std::string_view base_path = {}) {
    http::request request;
    request.base_path = base_path;
    request.path = "/devices";
    request.query = query;
    http::response response;
    add_next_cursor(response, request, "NEXT");
    EXPECT_EQ(response.headers.at(0), (std::pair<std::string, std::string>{"X-Next-Cursor", "NEXT"}));
    EXPECT_EQ(response.headers.at(1).first, "Link");
    return response.headers.at(1).second;
}

TEST(next_page, keeps_the_spelling_of_the_other_parameters) {
    EXPECT_EQ(link_of(""), R"(</devices?cursor=NEXT>; rel="next")");
    EXPECT_EQ(link_of("limit=2&q=a%20b&&cursors=1"),
              R"(</devices?limit=2&q=a%20b&cursors=1&cursor=NEXT>; rel="next")");
}

TEST(next_page, starts_with_the_base_path) {
    EXPECT_EQ(link_of("limit=2", "/fleet"), R"(</fleet/devices?limit=2&cursor=NEXT>; rel="next")");
}

TEST(next_page, replaces_the_old_cursor_in_any_spelling) {
    for (const char* old_cursor : {"cursor=OLD", "%63ursor=OLD", "c%75rso%72=OLD", "cursor", "%63ursor"})
        EXPECT_EQ(link_of(std::string{old_cursor} + "&limit=2"),
                  R"(</devices?limit=2&cursor=NEXT>; rel="next")")
            << old_cursor;
}

} // namespace
} // namespace breakwater::api
