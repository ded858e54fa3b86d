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
    static void SetUpTestSuite() { ::signal(SIGPIPE, SIG_IGN); } // as the server does

    attempt_outcome send(const std::string& url) {
        transport_.start(
            {.id = 7, .url = url, .headers = {"Content-Type: application/json", "X-One: 1"}, .body = "{}"});
        auto finished = transport_.wait(patience);
        EXPECT_EQ(finished.size(), 1U);
        return finished.empty() ? attempt_outcome{} : finished.front();
    }

    curl_transport transport_{{.local = {"127.0.0.1"}}};
};

TEST_F(curl_transport_test, posts_the_body_with_its_header_fields) {
    http_receiver receiver;
    const auto outcome = send(receiver.url("/hook?a=b"));
    EXPECT_EQ(outcome.id, 7);
    EXPECT_EQ(outcome.status, 204);
    EXPECT_EQ(outcome.error, "");
    ASSERT_TRUE(receiver.wait_for(1));
    const received_request received = receiver.requests().front();
    EXPECT_EQ(received.line, "POST /hook?a=b HTTP/1.1");
    EXPECT_EQ(received.body, "{}");
    EXPECT_EQ(received.field("Content-Type"), "application/json");
    EXPECT_EQ(received.field("X-One"), "1");
    EXPECT_EQ(received.field("Expect"), "");
}

TEST_F(curl_transport_test, treats_only_2xx_as_success) {
    std::atomic<int> status = 0;
    http_receiver receiver{[&](const received_request&) { return http_receiver::make_response(status); }};
    for (const int success : {200, 202, 299}) {
        status = success;
        EXPECT_EQ(send(receiver.url()).error, "") << success;
    }
    for (const int failure : {300, 304, 400, 404, 410, 500, 503}) {
        status = failure;
        const auto outcome = send(receiver.url());
        EXPECT_EQ(outcome.status, failure);
        EXPECT_TRUE(outcome.error.contains(std::to_string(failure))) << outcome.error;
        EXPECT_FALSE(outcome.is_permanent);
    }
}

// RFC 9110 section 10.2.3: seconds, or a date
TEST_F(curl_transport_test, reports_retry_after) {
    std::string field;
    http_receiver receiver{[&](const received_request&) { return http_receiver::make_response(503, field); }};
    const auto wait = [&](const std::string& value) {
        field = "Retry-After: " + value + "\r\n";
        return send(receiver.url()).retry_after;
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
    EXPECT_EQ(send(receiver.url()).retry_after, std::nullopt);
}

TEST_F(curl_transport_test, follows_no_redirect) {
    http_receiver internal;
    for (const int status : {301, 302, 303, 307, 308}) {
        http_receiver receiver{[&](const received_request&) {
            return http_receiver::make_response(status, "Location: " + internal.url() + "\r\n");
        }};
        const auto outcome = send(receiver.url());
        EXPECT_EQ(outcome.status, status);
        EXPECT_TRUE(outcome.error.contains("not followed")) << outcome.error;
    }
    EXPECT_EQ(internal.connections(), 0U);
}

TEST_F(curl_transport_test, contacts_only_public_addresses) {
    http_receiver receiver;
    const std::string port = std::to_string(receiver.port());
    curl_transport strict{{.local = {}}};
    // With TLS, since plain HTTP is refused before the address is checked.
    for (const std::string host : {"127.0.0.1", "127.1", "2130706433", "0x7f000001", "0.0.0.0", "localhost",
                                   "[::ffff:127.0.0.1]", "[::1]", "[::]", "10.0.0.1", "169.254.169.254"}) {
        strict.start({.id = 1, .url = "https://" + host + ":" + port + "/", .headers = {}, .body = "{}"});
        const auto finished = strict.wait(patience);
        ASSERT_EQ(finished.size(), 1U);
        EXPECT_TRUE(finished.front().is_permanent) << host;
        EXPECT_FALSE(finished.front().status) << host;
        EXPECT_TRUE(finished.front().error.contains("is not public"))
            << host << ": " << finished.front().error;
    }
    EXPECT_EQ(receiver.connections(), 0U);
}

TEST_F(curl_transport_test, requires_tls_except_for_local_hosts) {
    http_receiver receiver;
    const auto outcome = send("http://localhost:" + std::to_string(receiver.port()) + "/");
    EXPECT_TRUE(outcome.is_permanent);
    EXPECT_TRUE(outcome.error.contains("without TLS")) << outcome.error;
    EXPECT_EQ(receiver.connections(), 0U);
}

TEST_F(curl_transport_test, ignores_proxies_of_the_environment) {
    http_receiver proxy;
    http_receiver receiver;
    for (const char* name : {"http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"})
        ASSERT_EQ(::setenv(name, proxy.url("").c_str(), 1), 0);
    const auto outcome = send(receiver.url());
    for (const char* name : {"http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"})
        ::unsetenv(name);
    EXPECT_EQ(outcome.error, "");
    EXPECT_EQ(proxy.connections(), 0U);
}

TEST_F(curl_transport_test, refuses_a_plain_response_to_tls) {
    http_receiver receiver;
    const auto outcome = send("https://127.0.0.1:" + std::to_string(receiver.port()) + "/");
    EXPECT_FALSE(outcome.status);
    EXPECT_TRUE(outcome.error.contains("connection failed")) << outcome.error;
    EXPECT_FALSE(outcome.is_permanent);
    EXPECT_TRUE(receiver.requests().empty());
}

TEST_F(curl_transport_test, accepts_only_a_trusted_certificate_for_the_host) {
    test::tls_receiver receiver;
    const auto send_with = [&](std::string ca_file, std::string_view host) {
        curl_transport transport{{.local = {"127.0.0.1", "localhost"}, .ca_file = std::move(ca_file)}};
        transport.start({.id = 1, .url = receiver.url(host), .headers = {}, .body = "{}"});
        return transport.wait(patience).front();
    };
    EXPECT_TRUE(send_with({}, "127.0.0.1").error.contains("certificate"));
    EXPECT_FALSE(send_with(receiver.certificate(), "localhost").error.empty())
        << "the certificate is for another host";
    EXPECT_EQ(receiver.requests(), 0);
    const auto good = send_with(receiver.certificate(), "127.0.0.1");
    EXPECT_EQ(good.error, "");
    EXPECT_EQ(good.status, 204);
    EXPECT_EQ(receiver.requests(), 1);
}

TEST_F(curl_transport_test, limits_the_response_size) {
    http_receiver receiver{[](const received_request&) {
        return http_receiver::make_response(200, {}, std::string(10'000'000, 'x'));
    }};
    const auto outcome = send(receiver.url());
    EXPECT_EQ(outcome.status, 200);
    EXPECT_EQ(outcome.error, "");
    http_receiver verbose{[](const received_request&) {
        std::string fields;
        for (int n = 0; n < 2000; ++n)
            fields += "X-Much: " + std::string(100, 'x') + "\r\n";
        return http_receiver::make_response(200, fields);
    }};
    EXPECT_FALSE(send(verbose.url()).error.empty());
}

TEST_F(curl_transport_test, limits_the_time_for_a_response) {
    http_receiver silent{[](const received_request&) { return std::string{}; }};
    curl_transport impatient{{.local = {"127.0.0.1"}, .timeout = milliseconds{50}}};
    impatient.start({.id = 1, .url = silent.url(), .headers = {}, .body = "{}"});
    const auto finished = impatient.wait(patience);
    ASSERT_EQ(finished.size(), 1U);
    EXPECT_FALSE(finished.front().status);
    EXPECT_TRUE(finished.front().error.contains("no answer")) << finished.front().error;
    EXPECT_FALSE(finished.front().is_permanent);
}

TEST_F(curl_transport_test, reports_a_refused_connection) {
    std::string url;
    {
        http_receiver closed;
        url = closed.url();
    }
    const auto outcome = send(url);
    EXPECT_FALSE(outcome.status);
    EXPECT_TRUE(outcome.error.contains("connection failed")) << outcome.error;
}

TEST_F(curl_transport_test, runs_many_attempts_at_once) {
    http_receiver silent{[](const received_request&) { return std::string{}; }};
    http_receiver receiver;
    transport_.start({.id = 1, .url = silent.url(), .headers = {}, .body = "{}"});
    for (delivery_id id = 2; id <= 8; ++id)
        transport_.start({.id = id, .url = receiver.url(), .headers = {}, .body = "{}"});
    std::size_t finished = 0;
    while (finished < 7) {
        const auto outcomes = transport_.wait(patience);
        ASSERT_FALSE(outcomes.empty());
        for (const attempt_outcome& outcome : outcomes)
            EXPECT_NE(outcome.id, 1);
        finished += outcomes.size();
    }
}

TEST_F(curl_transport_test, interrupt_ends_the_current_or_the_next_wait) {
    transport_.interrupt();
    EXPECT_TRUE(transport_.wait(std::chrono::hours{1}).empty());
    std::thread other{[this] { transport_.interrupt(); }};
    EXPECT_TRUE(transport_.wait(std::chrono::hours{1}).empty());
    other.join();
}

} // namespace
} // namespace breakwater::webhooks
