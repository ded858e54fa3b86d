#include "http/message.hpp"

#include <gtest/gtest.h>

namespace breakwater::http {
namespace {

TEST(problem, is_an_rfc_9457_document) {
    const response made = problem(404, "No \"such\" thing.");
    EXPECT_EQ(made.status, 404U);
    EXPECT_EQ(made.content_type, "application/problem+json");
    EXPECT_EQ(made.body,
              R"({"type":"about:blank","title":"Not Found","status":404,"detail":"No \"such\" thing."})");
}

TEST(problem, names_every_bad_field) {
    const response made = problem(422, "Bad.", {{"body.a", "short"}, {"query.b", "\n"}});
    EXPECT_EQ(made.body,
              R"({"type":"about:blank","title":"Unprocessable Content","status":422,"detail":"Bad.",)"
              R"("errors":[{"loc":"body.a","msg":"short"},{"loc":"query.b","msg":"\n"}]})");
}

TEST(request, finds_the_first_field_of_a_name) {
    request asked;
    asked.headers = {{"accept", "a"}, {"x", ""}, {"accept", "b"}};
    EXPECT_EQ(asked.header("accept"), "a");
    EXPECT_EQ(asked.header("x"), "");
    EXPECT_EQ(asked.header("y"), std::nullopt);
}

} // namespace
} // namespace breakwater::http
