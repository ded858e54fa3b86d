#include "support/tls_client.hpp"
#include "unit/http/test_server.hpp"

#include <filesystem>

namespace breakwater::test {
namespace {

using http::request;

using tls_client = tls_client_of<raw_client>;

constexpr const char* hello = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

std::vector<http::route> routes() {
    std::vector<http::route> table;
    table.push_back(get("/hello", [](request& request) { return text(request.secure ? "secure" : "open"); }));
    table.push_back(get("/large", [](request&) { return text(std::string(3'000'000, 'x')); }));
    return table;
}

class server_tls : public testing::Test {
protected:
    http::server_options tls_options() const {
        http::server_options options;
        options.tls_certificate_file = certificates.certificate();
        options.tls_key_file = certificates.key();
        options.header_timeout = std::chrono::seconds{1};
        return options;
    }

    certificate_folder certificates;
    test_server server{routes(), tls_options()};
};

TEST_F(server_tls, supports_tls_1_2_and_1_3) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        tls_client client{server.port(), {.min_version = version, .max_version = version}};
        ASSERT_TRUE(client.is_handshake_complete());
        EXPECT_EQ(client.protocol(), "http/1.1");
        const raw_response response = client.exchange(hello);
        EXPECT_EQ(response.body, "secure");
        EXPECT_TRUE(response.has("strict-transport-security"));
        EXPECT_EQ(client.exchange("GET /large HTTP/1.1\r\nHost: a\r\n\r\n").body.size(), 3'000'000U);
        EXPECT_EQ(client.exchange("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").body,
                  "secure");
        EXPECT_TRUE(client.at_end());
    }
}

TEST_F(server_tls, lets_a_client_send_its_whole_body_before_it_reads_the_refusal) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        tls_client client{server.port(), {.min_version = version, .max_version = version}};
        client.send("POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n" +
                    std::string(5'000'000, 'x'));
        EXPECT_EQ(client.read_response().status, 413);
    }
}

TEST_F(server_tls, answers_pipelined_requests) {
    tls_client client{server.port()};
    std::string bytes;
    for (int i = 0; i < 20; ++i)
        bytes += hello;
    client.send(bytes);
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(client.read_response().body, "secure");
}

TEST_F(server_tls, refuses_old_versions_and_weak_suites) {
    const tls_settings old{.min_version = TLS1_VERSION, .max_version = TLS1_1_VERSION};
    EXPECT_FALSE((tls_client{server.port(), old}.is_handshake_complete()));
    for (const char* weak : {"AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA256", "DHE-RSA-AES128-GCM-SHA256"})
        EXPECT_FALSE((tls_client{server.port(), {.max_version = TLS1_2_VERSION, .suites = weak}}
                          .is_handshake_complete()))
            << weak;
    EXPECT_FALSE((tls_client{server.port(), {.protocols = "\x02h2"}}.is_handshake_complete()));
    EXPECT_TRUE((tls_client{server.port(), {.protocols = "\x02h2\x08http/1.1"}}.is_handshake_complete()));
}

TEST_F(server_tls, survives_plain_and_silent_clients) {
    raw_client silent{server.port()};
    raw_client plain{server.port()};
    plain.send(hello);
    EXPECT_NE(plain.read_response().status, 200);
    EXPECT_TRUE(silent.at_end()) << "the header timeout applies to the handshake";
    tls_client client{server.port()};
    EXPECT_EQ(client.exchange(hello).status, 200);
}

TEST_F(server_tls, uses_a_reloaded_certificate_for_new_connections) {
    tls_client before{server.port()};
    EXPECT_EQ(before.server_name(), "first");
    certificates.issue("second");
    ASSERT_TRUE(server.reload_tls());
    tls_client after{server.port()};
    EXPECT_EQ(after.server_name(), "second");
    EXPECT_EQ(before.exchange(hello).status, 200);
    EXPECT_EQ(after.exchange(hello).status, 200);
}

TEST_F(server_tls, keeps_the_old_certificate_if_the_new_one_is_invalid) {
    certificates.replace_key_only();
    const auto mismatch = server.reload_tls();
    ASSERT_FALSE(mismatch);
    EXPECT_NE(mismatch.error().detail.find(certificates.key()), std::string::npos);
    certificates.replace_key_with_encrypted_one();
    const auto encrypted = server.reload_tls(); // must not prompt on a terminal
    ASSERT_FALSE(encrypted);
    EXPECT_NE(encrypted.error().detail.find("passphrase"), std::string::npos) << encrypted.error().detail;
    std::filesystem::remove(certificates.certificate());
    EXPECT_FALSE(server.reload_tls());
    tls_client client{server.port()};
    EXPECT_EQ(client.server_name(), "first");
    EXPECT_EQ(client.exchange(hello).status, 200);
}

TEST(server_without_tls, cannot_reload_a_certificate) {
    test_server server{routes()};
    EXPECT_FALSE(server.reload_tls());
    raw_client client{server.port()};
    EXPECT_EQ(client.exchange(hello).body, "open");
}

} // namespace
} // namespace breakwater::test
