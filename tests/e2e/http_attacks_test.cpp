#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

// What a proxy in front could read otherwise than the server behind it, byte by byte over raw sockets.

struct http_attacks : testing::Test {
    http_response ask(const std::string& bytes) const {
        http_connection each{server.port()};
        each.send(bytes);
        return each.receive();
    }
    static std::string get(const std::string& path, const std::string& fields) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
    }

    server_process server{{.variables = {{"TRUSTED_PROXIES", "127.0.0.1"}}}};
    api_client admin = as_admin(server);
    std::string bearer = "Authorization: Bearer " + admin.token() + "\r\n";
};

// RFC 9110 section 5.3
TEST_F(http_attacks, a_second_credential_is_refused_beside_the_first) {
    EXPECT_EQ(ask(get("/devices", bearer)).status, 200);
    EXPECT_EQ(ask(get("/devices", bearer + bearer)).status, 400);
    EXPECT_EQ(ask(get("/devices", bearer + "Authorization: Bearer x\r\n")).status, 400);
    EXPECT_EQ(ask(get("/devices", "authorization: Basic eDp5\r\n" + bearer)).status, 400);
    EXPECT_TRUE(wait_for_event(admin, "request_refused", "denied"));
}

// RFC 9112 section 9.6
TEST_F(http_attacks, who_sends_five_megabytes_reads_that_they_are_too_many) {
    http_connection one{server.port()};
    one.send("POST /device/readings HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n" +
             std::string(5'000'000, 'x'));
    const auto answer = one.receive();
    EXPECT_EQ(answer.status, 413);
    EXPECT_EQ(answer.text("/limit/name"), "body_bytes");
    EXPECT_FALSE(answer.text("/request_id").empty());
    EXPECT_TRUE(one.closes());
}

// RFC 9112 section 7.1.1
TEST_F(http_attacks, chunk_extensions_hide_nothing) {
    const std::string head = "POST /auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                             "Transfer-Encoding: chunked\r\n\r\n";
    const std::string rest = "{}\r\n0\r\n\r\n";
    EXPECT_EQ(ask(head + "2;a=\"b;c\"\r\n" + rest).status, 422) << "it arrived, and says too little";
    for (const char* bad :
         {"2;\r\n", "2 \r\n", "2;a=\r\n", "2;a=\"\r\n", "2;a\nb\r\n", "2;a=b c\r\n", "2;;\r\n"})
        EXPECT_EQ(ask(head + bad + rest).status, 400) << bad;
}

// RFC 7239
TEST_F(http_attacks, a_client_can_not_name_another_address_beside_its_proxys_word) {
    const auto who = [&](const std::string& fields) { return ask(get("/admin/users", fields)).status; };
    EXPECT_EQ(who(bearer + "Forwarded: for=192.0.2.1\r\n"), 200);
    EXPECT_EQ(who(bearer + "X-Forwarded-For: 192.0.2.1\r\n"), 200);
    EXPECT_EQ(who(bearer + "X-Forwarded-For: 192.0.2.1\r\nForwarded: for=192.0.2.2\r\n"), 400);
    EXPECT_EQ(who(bearer + "Forwarded: for=\"\r\nForwarded: for=192.0.2.1\r\n"), 400);
    EXPECT_EQ(who("Forwarded: for=\"[2001:db8::1]:80\"\r\n"), 401);
    bool seen = false;
    const boost::json::value events = admin.get("/admin/security-events?limit=500").json();
    for (const auto& event : events.as_array())
        seen = seen || event.at("source_address").as_string() == "2001:db8::1";
    EXPECT_TRUE(seen) << "the log names the client";
}

} // namespace
} // namespace breakwater::test
