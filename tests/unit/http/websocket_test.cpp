#include "support/websocket_client.hpp"
#include "unit/http/test_server.hpp"

#include <functional>
#include <future>
#include <mutex>

namespace breakwater::test {
namespace {

using http::request;
using std::chrono::seconds;

/// Echoes text messages. Closes on `close`; responds to `many` with 64 MiB, which exceeds the socket buffers.
class echo final : public http::websocket_listener {
public:
    explicit echo(std::function<void()> ended) : ended_{std::move(ended)} {}
    void opened(http::websocket& connection) override { connection_ = &connection; }
    void received(std::string_view text) override {
        if (text == "close") {
            connection_->close(http::close_code::unauthenticated, "on request");
        } else if (connection_->is_ready()) {
            const auto payload = std::make_shared<const std::string>(
                text == "many" ? std::string(64U << 20, 'x') : std::string{text});
            connection_->send({.bytes = {"<", *payload, ">"}, .owners = {payload}});
        }
    }
    void received_empty_frame() override {
        if (++empty_frames_ > 10)
            connection_->close(http::close_code::policy, "enough");
    }
    void sent() override {}
    void tick(steady_point) override {}
    void closed() override { ended_(); }

private:
    http::websocket* connection_ = nullptr;
    int empty_frames_ = 0;
    std::function<void()> ended_;
};

struct echo_server {
    std::promise<void> ended; ///< set when the first WebSocket is closed
    std::once_flag first;
    std::optional<test_server> server;

    explicit echo_server(http::server_options options = {}) {
        std::vector<http::route> table;
        table.push_back({http::method::get,
                         "/echo",
                         test::open_to_all,
                         http::websocket_handler{[this](const request&) {
                             return std::make_unique<echo>(
                                 [this] { std::call_once(first, [this] { ended.set_value(); }); });
                         }},
                         {}});
        table.push_back(get("/hello", [](request&) { return text("hello"); }));
        server.emplace(std::move(table), std::move(options));
    }
    [[nodiscard]] std::uint16_t port() const { return server->port(); }
    void stop() { server->stop(); }
    void expect_ended() {
        EXPECT_EQ(ended.get_future().wait_for(seconds{10}), std::future_status::ready)
            << "the listener was not notified of the end";
    }
};

TEST(websocket, carries_messages_in_both_directions_until_it_is_closed) {
    echo_server server;
    websocket_client client{server.port(), "/echo"};
    ASSERT_EQ(client.status(), 101);
    EXPECT_EQ(client.header("sec-websocket-extensions"), "");
    client.send("one");
    EXPECT_EQ(client.receive(), "<one>");
    client.send("żółw");
    EXPECT_EQ(client.receive(), "<żółw>");
    client.close();
    server.expect_ended();
}

TEST(websocket, compresses_for_clients_that_support_it) {
    echo_server server;
    websocket_client client{server.port(), "/echo", {}, true};
    ASSERT_EQ(client.status(), 101);
    EXPECT_NE(client.header("sec-websocket-extensions").find("permessage-deflate"), std::string::npos);
    const std::string large(20'000, 'y');
    client.send(large);
    EXPECT_EQ(client.receive(), "<" + large + ">");
    client.send(large);
    EXPECT_EQ(client.receive(), "<" + large + ">");
}

TEST(websocket, sends_a_close_code) {
    echo_server server;
    websocket_client client{server.port(), "/echo"};
    client.send("close");
    EXPECT_EQ(client.receive(), std::nullopt);
    EXPECT_EQ(client.close_code(), 4401);
    server.expect_ended();
}

TEST(websocket, refuses_binary_and_oversized_messages) {
    {
        echo_server server;
        websocket_client client{server.port(), "/echo"};
        client.send_binary("\x01");
        EXPECT_EQ(client.receive(), std::nullopt);
        EXPECT_EQ(client.close_code(), 1003);
    }
    echo_server server{{.websocket = {.max_message_bytes = 1000}}};
    websocket_client client{server.port(), "/echo"};
    client.send(std::string(1001, 'x'));
    EXPECT_EQ(client.receive(), std::nullopt);
    EXPECT_EQ(client.close_code(), 1009);
    server.expect_ended();
}

TEST(websocket, ends_when_the_server_stops_or_the_client_disconnects) {
    {
        echo_server server;
        websocket_client client{server.port(), "/echo"};
        client.send("one");
        EXPECT_EQ(client.receive(), "<one>");
        client.drop();
        server.expect_ended();
    }
    echo_server server;
    websocket_client client{server.port(), "/echo"};
    client.send("one");
    EXPECT_EQ(client.receive(), "<one>");
    auto message = std::async(std::launch::async, [&] { return client.receive(); });
    server.stop();
    EXPECT_EQ(message.get(), std::nullopt);
    EXPECT_EQ(client.close_code(), 1001);
    server.expect_ended();
}

TEST(websocket, disconnects_a_client_that_does_not_read) {
    echo_server server{{.websocket = {.idle_timeout = seconds{2}}}};
    websocket_client client{server.port(), "/echo"};
    client.send("many");
    server.expect_ended();
}

TEST(websocket, disconnects_only_clients_that_do_not_answer_pings) {
    echo_server server{{.websocket = {.idle_timeout = seconds{2}}}};
    websocket_client responsive{server.port(), "/echo"};
    auto message = std::async(std::launch::async, [&] { return responsive.receive(); }); // answers pings
    raw_client unresponsive{server.port()};
    unresponsive.send("GET /echo HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    EXPECT_EQ(unresponsive.read_response(true).status, 101);
    const std::string received = unresponsive.read_all();
    EXPECT_TRUE(received.starts_with('\x89')) << "a ping";
    server.expect_ended();
    server.stop();
    EXPECT_EQ(message.get(), std::nullopt);
    EXPECT_EQ(responsive.close_code(), 1001) << "it stayed open until the server stopped";
}

constexpr const char* handshake =
    "GET /echo HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

TEST(websocket, refuses_an_invalid_handshake) {
    echo_server server;
    raw_client plain{server.port()};
    const auto refused = plain.exchange("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(refused.status, 426);
    EXPECT_EQ(refused.header("upgrade"), "websocket");
    EXPECT_EQ(plain.exchange("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").body, "hello")
        << "the connection stays open";
    EXPECT_EQ(plain
                  .exchange("GET /echo HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            "Sec-WebSocket-Version: 8\r\n\r\n")
                  .status,
              426);
    EXPECT_EQ(plain
                  .exchange("GET /echo HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            "Sec-WebSocket-Version: 13\r\n\r\n")
                  .status,
              400);
    const char* upgrade =
        "GET /hello HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
    EXPECT_EQ(plain.exchange(upgrade).body, "hello")
        << "a server may ignore an Upgrade (RFC 9110 section 7.8)";
    raw_client early{server.port()};
    EXPECT_EQ(early.exchange(std::string{handshake} + "\r\n\x81\x01x").status, 400);
    EXPECT_TRUE(early.at_end());
    raw_client valid{server.port()};
    valid.send(std::string{handshake} + "\r\n");
    const auto opened = valid.read_response(true);
    EXPECT_EQ(opened.status, 101);
    EXPECT_EQ(opened.header("sec-websocket-accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        << "RFC 6455 section 1.3";
    valid.send("\x81\x01x"); // unmasked, which is not allowed for a client
    valid.hang_up();
    server.expect_ended();
}

std::string upgrade_request(const std::string& method, const std::string& version,
                            const std::string& fields) {
    return method + " /echo HTTP/" + version +
           "\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" + fields + "\r\n";
}

// RFC 6455 section 4.2.1: GET, HTTP/1.1, a key of 16 bytes in base64, no repeated fields
TEST(websocket, requires_the_handshake_of_the_rfc) {
    echo_server server;
    const std::string key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    const std::string version = "Sec-WebSocket-Version: 13\r\n";
    const auto status = [&](const std::string& bytes, bool to_head = false) {
        raw_client client{server.port()};
        client.send(bytes);
        return client.read_response(to_head).status;
    };
    EXPECT_EQ(status(upgrade_request("GET", "1.0", key + version)), 400);
    EXPECT_EQ(status(upgrade_request("HEAD", "1.1", key + version), true), 400);
    EXPECT_EQ(status(upgrade_request("POST", "1.1", key + version)), 405);
    EXPECT_EQ(status(upgrade_request("GET", "1.1", key + key + version)), 400);
    EXPECT_EQ(status(upgrade_request("GET", "1.1", key + version + version)), 400);
    const std::string two_origins = "Origin: http://a\r\nOrigin: http://a\r\n";
    EXPECT_EQ(status(upgrade_request("GET", "1.1", key + version + two_origins)), 400);
    for (const char* invalid :
         {"", "x", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ=a",
          "dGhlIHNhbXBsZSBub25jZTE=", "dGhlIHNhbXBsZSBub25j",
          "dGhlIHNhbXBsZSBub2-jZQ==", "dGhlIHNhbXBsZSBub25jZQ== x", "dGhlIHNhbXBsZSBub25jZTExZQ=="})
        EXPECT_EQ(status(upgrade_request("GET", "1.1",
                                         "Sec-WebSocket-Key: " + std::string{invalid} + "\r\n" + version)),
                  400)
            << invalid;
    // Upgrade and Connection are lists, which may span several fields.
    EXPECT_EQ(status("GET /echo HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nUpgrade: websocket\r\n"
                     "Connection: keep-alive\r\nConnection: Upgrade\r\n" +
                         key + version + "\r\n",
                     true),
              101);
    server.expect_ended();
}

/// An open WebSocket that sends raw bytes. It uses the valid mask zero.
struct raw_websocket : raw_client {
    explicit raw_websocket(const echo_server& server) : raw_client{server.port()} {
        send(std::string{handshake} + "\r\n");
        EXPECT_EQ(read_response(true).status, 101);
    }
    static std::string frame(unsigned first, std::string_view payload) {
        std::string out{static_cast<char>(first), static_cast<char>(0x80 | payload.size()), 0, 0, 0, 0};
        return out.append(payload);
    }
    static std::string close_frame(unsigned code) {
        return frame(0x88, std::string{static_cast<char>(code >> 8), static_cast<char>(code)});
    }
};

constexpr std::string_view protocol_error = "\x88\x02\x03\xea"; // close, 1002

// RFC 6455 section 7.4
TEST(websocket, fails_on_an_invalid_close_code) {
    for (const unsigned invalid : {0U, 999U, 1004U, 1005U, 1006U, 1015U, 2999U, 5000U, 65'535U}) {
        echo_server server;
        raw_websocket client{server};
        client.send(raw_websocket::close_frame(invalid));
        EXPECT_EQ(client.read_all(), protocol_error) << invalid;
        server.expect_ended();
    }
    for (const unsigned valid : {1000U, 1001U, 1011U, 3000U, 4999U}) {
        echo_server server;
        raw_websocket client{server};
        client.send(raw_websocket::close_frame(valid));
        EXPECT_EQ(client.read_all(),
                  std::string("\x88\x02") + static_cast<char>(valid >> 8) + static_cast<char>(valid))
            << valid;
        client.hang_up();
        server.expect_ended();
    }
}

TEST(websocket, notifies_its_listener_of_empty_frames) {
    const std::string ping = raw_websocket::frame(0x89, "");
    const std::string fragment = raw_websocket::frame(0x00, "");
    for (const std::string& first : {std::string{}, raw_websocket::frame(0x01, "x")}) {
        echo_server server;
        raw_websocket client{server};
        std::string bytes = first;
        for (int i = 0; i < 11; ++i)
            bytes += first.empty() ? ping : fragment;
        client.send(bytes);
        EXPECT_NE(client.read_all().find("\x03\xf0"
                                         "enough"),
                  std::string::npos)
            << "1008";
        server.expect_ended();
    }
}

// All other timeouts are an hour, so only the timeout of the stop can end it.
TEST(websocket, does_not_delay_a_stop_if_the_client_ignores_the_close_frame) {
    echo_server server{
        {.shutdown_timeout = std::chrono::hours{1},
         .websocket = {.handshake_timeout = std::chrono::hours{1}, .idle_timeout = std::chrono::hours{1}}}};
    raw_websocket client{server};
    client.send(raw_websocket::frame(0x81, "x"));
    std::array<char, 5> echoed{};
    ASSERT_EQ(::recv(client.descriptor(), echoed.data(), echoed.size(), MSG_WAITALL), 5);
    server.stop();
    EXPECT_NE(client.read_all().find("\x03\xe9"), std::string::npos) << "close code 1001";
    server.expect_ended();
}

TEST(websocket, does_not_delay_a_stop_if_the_client_does_not_read) {
    echo_server server{
        {.shutdown_timeout = std::chrono::hours{1},
         .websocket = {.handshake_timeout = std::chrono::hours{1}, .idle_timeout = std::chrono::hours{1}}}};
    raw_websocket client{server};
    client.send(raw_websocket::frame(0x81, "many"));
    std::array<char, 1> first{};
    EXPECT_EQ(::recv(client.descriptor(), first.data(), first.size(), 0), 1) << "the message is being sent";
    server.stop();
    server.expect_ended();
}

TEST(websocket, refuses_pages_of_other_origins) {
    echo_server server{{.cors_origins = {"https://fleet.example.org"}}};
    const auto status_for = [&](const std::string& origin) {
        return websocket_client{server.port(), "/echo", {{"Origin", origin}}}.status();
    };
    EXPECT_EQ(status_for("https://evil.example.org"), 403);
    EXPECT_EQ(status_for("null"), 403);
    EXPECT_EQ(status_for("https://127.0.0.1:" + std::to_string(server.port())), 403) << "another scheme";
    EXPECT_EQ(status_for("https://fleet.example.org"), 101);
}

TEST(websocket, refuses_other_origins_even_if_cors_allows_all) {
    echo_server server{{.cors_origins = {"*"}}};
    EXPECT_EQ((websocket_client{server.port(), "/echo", {{"Origin", "https://evil.example.org"}}}.status()),
              403);
}

TEST(websocket, accepts_the_pages_of_the_server) {
    echo_server server;
    EXPECT_EQ((websocket_client{
                  server.port(), "/echo", {{"Origin", "http://127.0.0.1:" + std::to_string(server.port())}}}
                   .status()),
              101);
}

} // namespace
} // namespace breakwater::test
