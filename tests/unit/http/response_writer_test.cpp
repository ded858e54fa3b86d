#include "http/response_writer.hpp"

#include <gtest/gtest.h>

namespace breakwater::http {
namespace {

using std::chrono::hours;

TEST(format_http_date, writes_the_fixed_form) {
    EXPECT_EQ(format_http_date(timestamp{std::chrono::seconds{784111777}}), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(format_http_date(timestamp{}), "Thu, 01 Jan 1970 00:00:00 GMT");
}

TEST(response_writer, sends_strict_transport_security_over_tls_only) {
    const cors_policy cors{{}};
    const response_writer writer{cors};
    const response response;
    std::string plain;
    writer.append_header(response, {.content_length = 0}, plain);
    EXPECT_EQ(plain.find("Strict-Transport-Security"), std::string::npos);
    std::string secure;
    writer.append_header(response, {.content_length = 0, .secure = true}, secure);
    EXPECT_NE(secure.find("\r\nStrict-Transport-Security: max-age="), std::string::npos);
    EXPECT_TRUE(secure.ends_with("\r\n\r\n"));
}

} // namespace
} // namespace breakwater::http
