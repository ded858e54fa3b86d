#include "webhooks/curl_transport.hpp"

#include "support/http_receiver.hpp"
#include "unit/webhooks/tls_receiver.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <string>
#include <thread>

namespace breakwater::webhooks {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::http_receiver;
using test::received_request;

constexpr milliseconds patience{20'000};

class curl_transport_test : public testing::Test {
protected:
    static void SetUpTestSuite() { ::signal(SIGPIPE, SIG_IGN); } // as the program does

    attempt_outcome send(const std::string& url) {
        way_.start(
            {.id = 7, .url = url, .headers = {"Content-Type: application/json", "X-One: 1"}, .body = "{}"});
        auto over = way_.wait(patience);
        EXPECT_EQ(over.size(), 1U);
        return over.empty() ? attempt_outcome{} : over.front();
    }

    curl_transport way_{{.local = {"127.0.0.1"}}};
};

TEST_F(curl_transport_test, posts_the_body_with_its_header_fields) {
    http_receiver there;
    const auto how = send(there.url("/hook?a=b"));
    EXPECT_EQ(how.id, 7);
    EXPECT_EQ(how.status, 204);
    EXPECT_EQ(how.error, "");
    ASSERT_TRUE(there.wait_for(1));
    const received_request came = there.requests().front();
    EXPECT_EQ(came.line, "POST /hook?a=b HTTP/1.1");
    EXPECT_EQ(came.body, "{}");
    EXPECT_EQ(came.field("Content-Type"), "application/json");
    EXPECT_EQ(came.field("X-One"), "1");
    EXPECT_EQ(came.field("Expect"), "");
}

TEST_F(curl_transport_test, takes_any_2xx_for_success_and_nothing_else) {
    std::atomic<int> status = 0;
    http_receiver there{[&](const received_request&) { return http_receiver::answer_of(status); }};
    for (const int good : {200, 202, 299}) {
        status = good;
        EXPECT_EQ(send(there.url()).error, "") << good;
    }
    for (const int bad : {300, 304, 400, 404, 410, 500, 503}) {
        status = bad;
        const auto how = send(there.url());
        EXPECT_EQ(how.status, bad);
        EXPECT_TRUE(how.error.contains(std::to_string(bad))) << how.error;
        EXPECT_FALSE(how.hopeless);
    }
}

// RFC 9110 section 10.2.3: seconds, or a date
TEST_F(curl_transport_test, tells_what_retry_after_asks_for) {
    std::string field;
    http_receiver there{[&](const received_request&) { return http_receiver::answer_of(503, field); }};
    const auto wait = [&](const std::string& value) {
        field = "Retry-After: " + value + "\r\n";
        return send(there.url()).retry_after;
    };
    EXPECT_EQ(wait("120"), seconds{120});
    EXPECT_EQ(wait("99999999999999"), seconds{1'000'000'000});
    EXPECT_EQ(wait("0"), std::nullopt);
    EXPECT_EQ(wait("-5"), std::nullopt);
    EXPECT_EQ(wait("soon"), std::nullopt);
    EXPECT_EQ(wait("Thu, 01 Jan 1970 00:00:00 GMT"), std::nullopt);
    const auto far = wait("Fri, 31 Dec 2049 23:59:59 GMT");
    ASSERT_TRUE(far);
    EXPECT_GT(*far, std::chrono::hours{24});
    field = {};
    EXPECT_EQ(send(there.url()).retry_after, std::nullopt);
}

TEST_F(curl_transport_test, follows_no_redirection) {
    http_receiver inside;
    for (const int status : {301, 302, 303, 307, 308}) {
        http_receiver there{[&](const received_request&) {
            return http_receiver::answer_of(status, "Location: " + inside.url() + "\r\n");
        }};
        const auto how = send(there.url());
        EXPECT_EQ(how.status, status);
        EXPECT_TRUE(how.error.contains("not followed")) << how.error;
    }
    EXPECT_EQ(inside.connections(), 0U);
}

TEST_F(curl_transport_test, contacts_no_address_that_is_not_public) {
    http_receiver there;
    const std::string port = std::to_string(there.port());
    curl_transport strict{{.local = {}}};
    // TLS, since nothing else is let as far as the address.
    for (const std::string host : {"127.0.0.1", "127.1", "2130706433", "0x7f000001", "0.0.0.0", "localhost",
                                   "[::ffff:127.0.0.1]", "[::1]", "[::]", "10.0.0.1", "169.254.169.254"}) {
        strict.start({.id = 1, .url = "https://" + host + ":" + port + "/", .headers = {}, .body = "{}"});
        const auto over = strict.wait(patience);
        ASSERT_EQ(over.size(), 1U);
        EXPECT_TRUE(over.front().hopeless) << host;
        EXPECT_FALSE(over.front().status) << host;
        EXPECT_TRUE(over.front().error.contains("not a public one")) << host << ": " << over.front().error;
    }
    EXPECT_EQ(there.connections(), 0U);
}

TEST_F(curl_transport_test, contacts_none_but_local_hosts_without_tls) {
    http_receiver there;
    const auto how = send("http://localhost:" + std::to_string(there.port()) + "/");
    EXPECT_TRUE(how.hopeless);
    EXPECT_TRUE(how.error.contains("Without TLS")) << how.error;
    EXPECT_EQ(there.connections(), 0U);
}

TEST_F(curl_transport_test, asks_no_proxy_that_the_environment_names) {
    http_receiver proxy;
    http_receiver there;
    for (const char* name : {"http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"})
        ASSERT_EQ(::setenv(name, proxy.url("").c_str(), 1), 0);
    const auto how = send(there.url());
    for (const char* name : {"http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"})
        ::unsetenv(name);
    EXPECT_EQ(how.error, "");
    EXPECT_EQ(proxy.connections(), 0U);
}

TEST_F(curl_transport_test, takes_no_plain_answer_for_tls) {
    http_receiver there;
    const auto how = send("https://127.0.0.1:" + std::to_string(there.port()) + "/");
    EXPECT_FALSE(how.status);
    EXPECT_TRUE(how.error.contains("connection failed")) << how.error;
    EXPECT_FALSE(how.hopeless);
    EXPECT_TRUE(there.requests().empty());
}

TEST_F(curl_transport_test, believes_none_but_a_trusted_certificate_for_that_host) {
    test::tls_receiver there;
    const auto send_with = [&](std::string ca_file, std::string_view host) {
        curl_transport way{{.local = {"127.0.0.1", "localhost"}, .ca_file = std::move(ca_file)}};
        way.start({.id = 1, .url = there.url(host), .headers = {}, .body = "{}"});
        return way.wait(patience).front();
    };
    EXPECT_TRUE(send_with({}, "127.0.0.1").error.contains("certificate"));
    EXPECT_FALSE(send_with(there.certificate(), "localhost").error.empty()) << "it is another's";
    EXPECT_EQ(there.requests(), 0);
    const auto good = send_with(there.certificate(), "127.0.0.1");
    EXPECT_EQ(good.error, "");
    EXPECT_EQ(good.status, 204);
    EXPECT_EQ(there.requests(), 1);
}

TEST_F(curl_transport_test, reads_little_of_an_answer) {
    http_receiver there{[](const received_request&) {
        return http_receiver::answer_of(200, {}, std::string(10'000'000, 'x'));
    }};
    const auto how = send(there.url());
    EXPECT_EQ(how.status, 200);
    EXPECT_EQ(how.error, "");
    http_receiver wordy{[](const received_request&) {
        std::string fields;
        for (int n = 0; n < 2000; ++n)
            fields += "X-Much: " + std::string(100, 'x') + "\r\n";
        return http_receiver::answer_of(200, fields);
    }};
    EXPECT_FALSE(send(wordy.url()).error.empty());
}

TEST_F(curl_transport_test, waits_so_long_for_an_answer_and_no_longer) {
    http_receiver silent{[](const received_request&) { return std::string{}; }};
    curl_transport hasty{{.local = {"127.0.0.1"}, .timeout = milliseconds{50}}};
    hasty.start({.id = 1, .url = silent.url(), .headers = {}, .body = "{}"});
    const auto over = hasty.wait(patience);
    ASSERT_EQ(over.size(), 1U);
    EXPECT_FALSE(over.front().status);
    EXPECT_TRUE(over.front().error.contains("no answer")) << over.front().error;
    EXPECT_FALSE(over.front().hopeless);
}

TEST_F(curl_transport_test, tells_that_nobody_is_there) {
    std::string url;
    {
        http_receiver gone;
        url = gone.url();
    }
    const auto how = send(url);
    EXPECT_FALSE(how.status);
    EXPECT_TRUE(how.error.contains("connection failed")) << how.error;
}

TEST_F(curl_transport_test, carries_many_at_once) {
    http_receiver silent{[](const received_request&) { return std::string{}; }};
    http_receiver there;
    way_.start({.id = 1, .url = silent.url(), .headers = {}, .body = "{}"});
    for (delivery_id id = 2; id <= 8; ++id)
        way_.start({.id = id, .url = there.url(), .headers = {}, .body = "{}"});
    std::size_t over = 0;
    while (over < 7) {
        const auto some = way_.wait(patience);
        ASSERT_FALSE(some.empty());
        for (const attempt_outcome& each : some)
            EXPECT_NE(each.id, 1);
        over += some.size();
    }
}

TEST_F(curl_transport_test, stops_waiting_when_it_is_told_to_also_before) {
    way_.interrupt();
    EXPECT_TRUE(way_.wait(std::chrono::hours{1}).empty());
    std::thread other{[this] { way_.interrupt(); }};
    EXPECT_TRUE(way_.wait(std::chrono::hours{1}).empty());
    other.join();
}

} // namespace
} // namespace breakwater::webhooks
