#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

// Requests that a proxy and the server could interpret differently, sent as raw bytes.

struct http_attacks : testing::Test {
    http_response exchange(const std::string& bytes) const {
        http_connection connection{server.port()};
        connection.send(bytes);
        return connection.receive();
    }
    static std::string get(const std::string& path, const std::string& fields) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
    }

    server_process server{{.variables = {{"TRUSTED_PROXIES", "127.0.0.1"}}}};
    api_client admin = as_admin(server);
    std::string bearer = "Authorization: Bearer " + admin.token() + "\r\n";
};

// RFC 9110 section 5.3
TEST_F(http_attacks, a_second_credential_is_refused) {
    EXPECT_EQ(exchange(get("/devices", bearer)).status, 200);
    EXPECT_EQ(exchange(get("/devices", bearer + bearer)).status, 400);
    EXPECT_EQ(exchange(get("/devices", bearer + "Authorization: Bearer x\r\n")).status, 400);
    EXPECT_EQ(exchange(get("/devices", "authorization: Basic eDp5\r\n" + bearer)).status, 400);
    EXPECT_TRUE(wait_for_event(admin, "request_refused", "denied"));
}

// RFC 9112 section 9.6
TEST_F(http_attacks, a_client_that_sends_too_large_a_body_still_receives_the_413) {
    http_connection connection{server.port()};
    connection.send("POST /device/readings HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n" +
                    std::string(5'000'000, 'x'));
    const auto response = connection.receive();
    EXPECT_EQ(response.status, 413);
    EXPECT_EQ(response.text("/limit/name"), "body_bytes");
    EXPECT_FALSE(response.text("/request_id").empty());
    EXPECT_TRUE(connection.closes());
}

// RFC 9112 section 7.1.1
TEST_F(http_attacks, invalid_chunk_extensions_are_refused) {
    const std::string head = "POST /auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                             "Transfer-Encoding: chunked\r\n\r\n";
    const std::string rest = "{}\r\n0\r\n\r\n";
    EXPECT_EQ(exchange(head + "2;a=\"b;c\"\r\n" + rest).status, 422)
        << "the body was read; its members are missing";
    for (const char* chunk :
         {"2;\r\n", "2 \r\n", "2;a=\r\n", "2;a=\"\r\n", "2;a\nb\r\n", "2;a=b c\r\n", "2;;\r\n"})
        EXPECT_EQ(exchange(head + chunk + rest).status, 400) << chunk;
}

// RFC 7239
TEST_F(http_attacks, a_client_cannot_override_the_address_from_the_proxy) {
    const auto status_of = [&](const std::string& fields) {
        return exchange(get("/admin/users", fields)).status;
    };
    EXPECT_EQ(status_of(bearer + "Forwarded: for=192.0.2.1\r\n"), 200);
    EXPECT_EQ(status_of(bearer + "X-Forwarded-For: 192.0.2.1\r\n"), 200);
    EXPECT_EQ(status_of(bearer + "X-Forwarded-For: 192.0.2.1\r\nForwarded: for=192.0.2.2\r\n"), 400);
    EXPECT_EQ(status_of(bearer + "Forwarded: for=\"\r\nForwarded: for=192.0.2.1\r\n"), 400);
    EXPECT_EQ(status_of("Forwarded: for=\"[2001:db8::1]:80\"\r\n"), 401);
    bool is_logged = false;
    const boost::json::value events = admin.get("/admin/security-events?limit=500").json();
    for (const auto& event : events.as_array())
        is_logged = is_logged || event.at("source_address").as_string() == "2001:db8::1";
    EXPECT_TRUE(is_logged) << "the log names the client";
}

} // namespace
} // namespace breakwater::test
