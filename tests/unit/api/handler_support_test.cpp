#include "api/handler_support.hpp"

#include <gtest/gtest.h>

namespace breakwater::api {
namespace {

std::string link_of(const std::string& query, std::string_view base_path = {}) {
    http::request asked;
    asked.base_path = base_path;
    asked.path = "/devices";
    asked.query = query;
    http::response answer;
    add_next_cursor(answer, asked, "NEXT");
    EXPECT_EQ(answer.headers.at(0), (std::pair<std::string, std::string>{"X-Next-Cursor", "NEXT"}));
    EXPECT_EQ(answer.headers.at(1).first, "Link");
    return answer.headers.at(1).second;
}

TEST(next_page, keeps_the_other_parameters_as_they_were_spelled) {
    EXPECT_EQ(link_of(""), R"(</devices?cursor=NEXT>; rel="next")");
    EXPECT_EQ(link_of("limit=2&q=a%20b&&cursors=1"),
              R"(</devices?limit=2&q=a%20b&cursors=1&cursor=NEXT>; rel="next")");
}

TEST(next_page, is_where_clients_find_the_server) {
    EXPECT_EQ(link_of("limit=2", "/fleet"), R"(</fleet/devices?limit=2&cursor=NEXT>; rel="next")");
}

TEST(next_page, has_one_cursor_however_the_old_one_was_spelled) {
    for (const char* old : {"cursor=OLD", "%63ursor=OLD", "c%75rso%72=OLD", "cursor", "%63ursor"})
        EXPECT_EQ(link_of(std::string{old} + "&limit=2"), R"(</devices?limit=2&cursor=NEXT>; rel="next")")
            << old;
}

} // namespace
} // namespace breakwater::api
