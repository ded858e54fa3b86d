#include "support/websocket_client.hpp"
#include "unit/http/test_server.hpp"

#include <functional>
#include <future>
#include <mutex>

namespace breakwater::test {
namespace {

using http::request;
using std::chrono::seconds;

/// Says back what it hears; `close` it takes as a wish, `many` it answers with so much that nobody reads it
/// all.
class echo final : public http::websocket_listener {
public:
    explicit echo(std::function<void()> ended) : ended_{std::move(ended)} {}
    void opened(http::websocket& with) override { connection_ = &with; }
    void received(std::string_view text) override {
        if (text == "close") {
            connection_->close(http::close_code::unauthenticated, "as you wish");
        } else if (connection_->is_ready()) {
            const auto kept = std::make_shared<const std::string>(text == "many" ? std::string(64U << 20, 'x')
                                                                                 : std::string{text});
            connection_->send({.bytes = {"<", *kept, ">"}, .owners = {kept}});
        }
    }
    void fruitless() override {
        if (++fruitless_ > 10)
            connection_->close(http::close_code::policy, "enough");
    }
    void sent() override {}
    void tick(steady_point) override {}
    void closed() override { ended_(); }

private:
    http::websocket* connection_ = nullptr;
    int fruitless_ = 0;
    std::function<void()> ended_;
};

struct echo_house {
    std::promise<void> ended; ///< the first of them
    std::once_flag first;
    std::optional<test_server> house;

    explicit echo_house(http::server_options chosen = {}) {
        std::vector<http::route> table;
        table.push_back({http::method::get,
                         "/echo",
                         http::credential::none,
                         http::websocket_handler{[this](const request&) {
                             return std::make_unique<echo>(
                                 [this] { std::call_once(first, [this] { ended.set_value(); }); });
                         }},
                         {}});
        table.push_back(get("/hello", [](request&) { return text("hello"); }));
        house.emplace(std::move(table), std::move(chosen));
    }
    [[nodiscard]] std::uint16_t port() const { return house->port(); }
    void expect_ended() {
        EXPECT_EQ(ended.get_future().wait_for(seconds{10}), std::future_status::ready)
            << "the listener heard of the end";
    }
};

TEST(websocket, carries_messages_both_ways_until_somebody_says_goodbye) {
    echo_house server;
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

TEST(websocket, compresses_for_who_can_read_that) {
    echo_house server;
    websocket_client client{server.port(), "/echo", {}, true};
    ASSERT_EQ(client.status(), 101);
    EXPECT_NE(client.header("sec-websocket-extensions").find("permessage-deflate"), std::string::npos);
    const std::string large(20'000, 'y');
    client.send(large);
    EXPECT_EQ(client.receive(), "<" + large + ">");
    client.send(large);
    EXPECT_EQ(client.receive(), "<" + large + ">");
}

TEST(websocket, says_why_it_ends) {
    echo_house server;
    websocket_client client{server.port(), "/echo"};
    client.send("close");
    EXPECT_EQ(client.receive(), std::nullopt);
    EXPECT_EQ(client.close_code(), 4401);
    server.expect_ended();
}

TEST(websocket, takes_no_binary_and_no_huge_message) {
    {
        echo_house server;
        websocket_client client{server.port(), "/echo"};
        client.send_binary("\x01");
        EXPECT_EQ(client.receive(), std::nullopt);
        EXPECT_EQ(client.close_code(), 1003);
    }
    echo_house server{{.websocket = {.max_message_bytes = 1000}}};
    websocket_client client{server.port(), "/echo"};
    client.send(std::string(1001, 'x'));
    EXPECT_EQ(client.receive(), std::nullopt);
    EXPECT_EQ(client.close_code(), 1009);
    server.expect_ended();
}

TEST(websocket, ends_when_the_server_stops_and_when_the_client_vanishes) {
    {
        echo_house server;
        websocket_client client{server.port(), "/echo"};
        client.send("one");
        EXPECT_EQ(client.receive(), "<one>");
        client.drop();
        server.expect_ended();
    }
    echo_house server;
    websocket_client client{server.port(), "/echo"};
    client.send("one");
    EXPECT_EQ(client.receive(), "<one>");
    auto said = std::async(std::launch::async, [&] { return client.receive(); });
    server.house->server->stop();
    EXPECT_EQ(said.get(), std::nullopt);
    EXPECT_EQ(client.close_code(), 1001);
    server.expect_ended();
}

TEST(websocket, of_who_does_not_read_is_cut) {
    echo_house server{{.websocket = {.idle_timeout = seconds{2}}}};
    websocket_client client{server.port(), "/echo"};
    client.send("many");
    server.expect_ended();
}

TEST(websocket, of_who_answers_no_ping_is_cut_and_that_of_who_does_stays) {
    echo_house server{{.websocket = {.idle_timeout = seconds{2}}}};
    websocket_client neighbour{server.port(), "/echo"};
    auto said = std::async(std::launch::async, [&] { return neighbour.receive(); }); // answers pings
    raw_client dead{server.port()};
    dead.send("GET /echo HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    EXPECT_EQ(dead.read_answer(true).status, 101);
    const std::string until_the_end = dead.read_all();
    EXPECT_TRUE(until_the_end.starts_with('\x89')) << "a ping";
    server.expect_ended();
    server.house->server->stop();
    EXPECT_EQ(said.get(), std::nullopt);
    EXPECT_EQ(neighbour.close_code(), 1001) << "it was there until the server stopped";
}

constexpr const char* handshake =
    "GET /echo HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

TEST(websocket, is_not_opened_for_what_is_no_handshake) {
    echo_house server;
    raw_client plain{server.port()};
    const auto told = plain.ask("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(told.status, 426);
    EXPECT_EQ(told.header("upgrade"), "websocket");
    EXPECT_EQ(plain.ask("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").body, "hello") << "the connection goes on";
    EXPECT_EQ(plain
                  .ask("GET /echo HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                       "Sec-WebSocket-Version: 8\r\n\r\n")
                  .status,
              426);
    EXPECT_EQ(plain
                  .ask("GET /echo HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                       "Sec-WebSocket-Version: 13\r\n\r\n")
                  .status,
              400);
    EXPECT_EQ(
        plain.ask("GET /hello HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n").body,
        "hello")
        << "an offer that isn't taken up (RFC 9110 section 7.8)";
    raw_client hasty{server.port()};
    EXPECT_EQ(hasty.ask(std::string{handshake} + "\r\n\x81\x01x").status, 400);
    EXPECT_TRUE(hasty.at_end());
    raw_client right{server.port()};
    right.send(std::string{handshake} + "\r\n");
    const auto opened = right.read_answer(true);
    EXPECT_EQ(opened.status, 101);
    EXPECT_EQ(opened.header("sec-websocket-accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        << "RFC 6455 section 1.3";
    right.send("\x81\x01x"); // unmasked, which a client mustn't
    right.hang_up();
    server.expect_ended();
}

std::string asking(const std::string& method, const std::string& version, const std::string& fields) {
    return method + " /echo HTTP/" + version +
           "\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" + fields + "\r\n";
}

// RFC 6455 section 4.2.1: GET, HTTP/1.1, a key of 16 bytes in base64, one of each
TEST(websocket, is_opened_by_the_handshake_of_the_rfc_alone) {
    echo_house server;
    const std::string key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    const std::string version = "Sec-WebSocket-Version: 13\r\n";
    const auto status = [&](const std::string& bytes, bool to_head = false) {
        raw_client client{server.port()};
        client.send(bytes);
        return client.read_answer(to_head).status;
    };
    EXPECT_EQ(status(asking("GET", "1.0", key + version)), 400);
    EXPECT_EQ(status(asking("HEAD", "1.1", key + version), true), 400);
    EXPECT_EQ(status(asking("POST", "1.1", key + version)), 405);
    EXPECT_EQ(status(asking("GET", "1.1", key + key + version)), 400);
    EXPECT_EQ(status(asking("GET", "1.1", key + version + version)), 400);
    EXPECT_EQ(status(asking("GET", "1.1", key + version + "Origin: http://a\r\nOrigin: http://a\r\n")), 400);
    for (const char* bad :
         {"", "x", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ=a",
          "dGhlIHNhbXBsZSBub25jZTE=", "dGhlIHNhbXBsZSBub25j",
          "dGhlIHNhbXBsZSBub2-jZQ==", "dGhlIHNhbXBsZSBub25jZQ== x", "dGhlIHNhbXBsZSBub25jZTExZQ=="})
        EXPECT_EQ(status(asking("GET", "1.1", "Sec-WebSocket-Key: " + std::string{bad} + "\r\n" + version)),
                  400)
            << bad;
    // Upgrade and Connection are lists, which may stand in several fields.
    EXPECT_EQ(status("GET /echo HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nUpgrade: websocket\r\n"
                     "Connection: keep-alive\r\nConnection: Upgrade\r\n" +
                         key + version + "\r\n",
                     true),
              101);
    server.expect_ended();
}

/// An open WebSocket, over which bytes go as they are. The mask is nought, which is one, too.
struct raw_websocket : raw_client {
    explicit raw_websocket(const echo_house& server) : raw_client{server.port()} {
        send(std::string{handshake} + "\r\n");
        EXPECT_EQ(read_answer(true).status, 101);
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
TEST(websocket, fails_where_a_close_code_is_none) {
    for (const unsigned bad : {0U, 999U, 1004U, 1005U, 1006U, 1015U, 2999U, 5000U, 65'535U}) {
        echo_house server;
        raw_websocket client{server};
        client.send(raw_websocket::close_frame(bad));
        EXPECT_EQ(client.read_all(), protocol_error) << bad;
        server.expect_ended();
    }
    for (const unsigned good : {1000U, 1001U, 1011U, 3000U, 4999U}) {
        echo_house server;
        raw_websocket client{server};
        client.send(raw_websocket::close_frame(good));
        EXPECT_EQ(client.read_all(),
                  std::string("\x88\x02") + static_cast<char>(good >> 8) + static_cast<char>(good))
            << good;
        client.hang_up();
        server.expect_ended();
    }
}

TEST(websocket, tells_its_listener_of_frames_that_bring_nothing) {
    const std::string ping = raw_websocket::frame(0x89, "");
    const std::string piece = raw_websocket::frame(0x00, "");
    for (const std::string& begun : {std::string{}, raw_websocket::frame(0x01, "x")}) {
        echo_house server;
        raw_websocket client{server};
        std::string bytes = begun;
        for (int i = 0; i < 11; ++i)
            bytes += begun.empty() ? ping : piece;
        client.send(bytes);
        EXPECT_NE(client.read_all().find("\x03\xf0"
                                         "enough"),
                  std::string::npos)
            << "1008";
        server.expect_ended();
    }
}

// A stop's own bound is all that ends it here in time.
TEST(websocket, that_ignores_the_goodbye_does_not_hold_up_a_stop) {
    echo_house server{
        {.shutdown_timeout = std::chrono::hours{1},
         .websocket = {.handshake_timeout = std::chrono::hours{1}, .idle_timeout = std::chrono::hours{1}}}};
    raw_websocket client{server};
    client.send(raw_websocket::frame(0x81, "x"));
    std::array<char, 5> echoed{};
    ASSERT_EQ(::recv(client.descriptor(), echoed.data(), echoed.size(), MSG_WAITALL), 5);
    server.house->server->stop();
    EXPECT_NE(client.read_all().find("\x03\xe9"), std::string::npos) << "1001 was said";
    server.expect_ended();
}

TEST(websocket, that_does_not_read_does_not_hold_up_a_stop) {
    echo_house server{
        {.shutdown_timeout = std::chrono::hours{1},
         .websocket = {.handshake_timeout = std::chrono::hours{1}, .idle_timeout = std::chrono::hours{1}}}};
    raw_websocket client{server};
    client.send(raw_websocket::frame(0x81, "many"));
    std::array<char, 1> first{};
    EXPECT_EQ(::recv(client.descriptor(), first.data(), first.size(), 0), 1) << "it is being sent";
    server.house->server->stop();
    server.expect_ended();
}

TEST(websocket, is_not_opened_for_pages_of_other_origins) {
    echo_house server{{.cors_origins = {"https://fleet.example.org"}}};
    const auto opened_for = [&](const std::string& origin) {
        return websocket_client{server.port(), "/echo", {{"Origin", origin}}}.status();
    };
    EXPECT_EQ(opened_for("https://evil.example.org"), 403);
    EXPECT_EQ(opened_for("null"), 403);
    EXPECT_EQ(opened_for("https://127.0.0.1:" + std::to_string(server.port())), 403) << "not the scheme";
    EXPECT_EQ(opened_for("https://fleet.example.org"), 101);
}

TEST(websocket, is_not_opened_for_anybodys_page_where_all_may_call_the_api) {
    echo_house server{{.cors_origins = {"*"}}};
    EXPECT_EQ((websocket_client{server.port(), "/echo", {{"Origin", "https://evil.example.org"}}}.status()),
              403);
}

TEST(websocket, is_opened_for_its_own_pages) {
    echo_house server;
    EXPECT_EQ((websocket_client{
                  server.port(), "/echo", {{"Origin", "http://127.0.0.1:" + std::to_string(server.port())}}}
                   .status()),
              101);
}

} // namespace
} // namespace breakwater::test
