#include "http/known_parameters.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace breakwater::http {
namespace {

constexpr std::array sample_parameters{parameter_schema{.name = "limit", .schema = {}, .description = {}},
                                       parameter_schema{.name = "cursor", .schema = {}, .description = {}}};

std::string refuse(std::string_view query, std::span<const parameter_schema> parameters = sample_parameters) {
    const auto response = refuse_unknown_parameters(query, parameters);
    if (!response)
        return {};
    EXPECT_EQ(response->status, 422U) << query;
    return response->body;
}

TEST(known_parameters, accepts_known_parameters_in_any_encoding) {
    for (const std::string_view query :
         {"", "limit=1", "cursor=&limit", "limit=1&limit=2", "%6cimit=1", "&&"})
        EXPECT_EQ(refuse(query), "") << query;
}

TEST(known_parameters, lists_unknown_and_known_parameters) {
    EXPECT_NE(refuse("limt=1").find("1 query parameter is unknown: limt; the known ones are limit, cursor."),
              std::string::npos);
    const std::string two = refuse("limit=1&a=1&a=2&b=3");
    EXPECT_NE(two.find("2 query parameters are unknown: a, b;"), std::string::npos) << two;
    EXPECT_NE(two.find(R"("loc":"query.a")"), std::string::npos) << two;
    EXPECT_EQ(two.find("query.limit"), std::string::npos) << two;
    EXPECT_NE(refuse("Limit=1"), "") << "names are case-sensitive";
    EXPECT_NE(refuse("x=1", {}).find("this address takes none"), std::string::npos);
}

TEST(known_parameters, says_what_is_wrong_with_the_query_string) {
    EXPECT_NE(refuse("limit=%ff").find("not percent-encoded UTF-8."), std::string::npos);
    std::string many;
    for (int i = 0; i < 65; ++i)
        many += "&limit=1";
    EXPECT_NE(refuse(many).find("has more than 64 parameters."), std::string::npos);
}

TEST(known_parameters, shows_no_values_and_limits_the_names) {
    EXPECT_EQ(refuse("token=secret").find("secret"), std::string::npos);
    EXPECT_LT(refuse(std::string(8000, 'x')).size(), 1000U);
    std::string many;
    for (int i = 0; i < 60; ++i)
        many += "&p" + std::to_string(i);
    const std::string text = refuse(many);
    EXPECT_NE(text.find("60 query parameters are unknown"), std::string::npos) << text;
    EXPECT_LT(text.size(), 4000U);
}

TEST(known_parameters, refuses_a_malformed_query) {
    EXPECT_NE(refuse("limit=%zz"), "");
    EXPECT_NE(refuse("%ff"), "");
}

} // namespace
} // namespace breakwater::http
