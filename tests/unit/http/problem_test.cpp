#include "http/message.hpp"

#include <gtest/gtest.h>

namespace breakwater::http {
namespace {

TEST(problem, is_an_rfc_9457_document) {
    const response document = problem(404, "No \"such\" thing.");
    EXPECT_EQ(document.status, 404U);
    EXPECT_EQ(document.content_type, "application/problem+json");
    EXPECT_EQ(document.body,
              R"({"type":"about:blank","title":"Not Found","status":404,"detail":"No \"such\" thing."})");
}

TEST(problem, lists_every_invalid_field) {
    const response document = problem(422, "Bad.", {{"body.a", "short"}, {"query.b", "\n"}});
    EXPECT_EQ(document.body,
              R"({"type":"about:blank","title":"Unprocessable Content","status":422,"detail":"Bad.",)"
              R"("errors":[{"loc":"body.a","msg":"short"},{"loc":"query.b","msg":"\n"}]})");
}

TEST(request, finds_the_first_field_of_a_name) {
    request request;
    request.headers = {{"accept", "a"}, {"x", ""}, {"accept", "b"}};
    EXPECT_EQ(request.header("accept"), "a");
    EXPECT_EQ(request.header("x"), "");
    EXPECT_EQ(request.header("y"), std::nullopt);
}

} // namespace
} // namespace breakwater::http
