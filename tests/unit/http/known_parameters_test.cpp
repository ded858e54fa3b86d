#include "http/known_parameters.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace breakwater::http {
namespace {

constexpr std::array known{parameter{.name = "limit", .schema = {}, .description = {}},
                           parameter{.name = "cursor", .schema = {}, .description = {}}};

std::string refusal(std::string_view query, std::span<const parameter> parameters = known) {
    const auto refused = refuse_unknown_parameters(query, parameters);
    if (!refused)
        return {};
    EXPECT_EQ(refused->status, 422U) << query;
    return refused->body;
}

TEST(known_parameters, pass_however_they_are_spelled) {
    for (const std::string_view query :
         {"", "limit=1", "cursor=&limit", "limit=1&limit=2", "%6cimit=1", "&&"})
        EXPECT_EQ(refusal(query), "") << query;
}

TEST(known_parameters, are_named_where_another_comes) {
    EXPECT_NE(refusal("limt=1").find("1 query parameter is unknown: limt; known are limit, cursor."),
              std::string::npos);
    const std::string two = refusal("limit=1&a=1&a=2&b=3");
    EXPECT_NE(two.find("2 query parameters are unknown: a, b;"), std::string::npos) << two;
    EXPECT_NE(two.find(R"("loc":"query.a")"), std::string::npos) << two;
    EXPECT_EQ(two.find("query.limit"), std::string::npos) << two;
    EXPECT_NE(refusal("Limit=1"), "") << "names are spelled exactly so";
    EXPECT_NE(refusal("x=1", {}).find("this address takes none"), std::string::npos);
}

TEST(known_parameters, show_no_value_and_a_bounded_part_of_what_is_unknown) {
    EXPECT_EQ(refusal("token=secret").find("secret"), std::string::npos);
    EXPECT_LT(refusal(std::string(8000, 'x')).size(), 1000U);
    std::string many;
    for (int i = 0; i < 60; ++i)
        many += "&p" + std::to_string(i);
    const std::string said = refusal(many);
    EXPECT_NE(said.find("60 query parameters are unknown"), std::string::npos) << said;
    EXPECT_LT(said.size(), 4000U);
}

TEST(known_parameters, need_a_query_that_can_be_read) {
    EXPECT_NE(refusal("limit=%zz"), "");
    EXPECT_NE(refusal("%ff"), "");
}

} // namespace
} // namespace breakwater::http
