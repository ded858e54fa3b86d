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
    void sent() override {}
    void tick(steady_point) override {}
    void closed() override { ended_(); }

private:
    http::websocket* connection_ = nullptr;
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
