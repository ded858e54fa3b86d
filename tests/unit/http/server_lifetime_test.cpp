#include "unit/http/test_server.hpp"

#include <poll.h>

#include <condition_variable>

namespace breakwater::test {
namespace {

using http::request;
using std::chrono::seconds;

constexpr const char* hello = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

/// A handler waits here until the test opens; the test waits until a handler is there.
class latch {
public:
    void pass() {
        std::unique_lock lock{mutex_};
        ++arrived_;
        changed_.notify_all();
        changed_.wait(lock, [this] { return open_; });
    }
    void await_arrival(int count = 1) {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return arrived_ >= count; });
    }
    void open() {
        const std::lock_guard lock{mutex_};
        open_ = true;
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int arrived_ = 0;
    bool open_ = false;
};

http::route held(std::string_view path, http::work where, latch& at) {
    return {http::method::get,
            path,
            http::credential::none,
            http::blocking_handler{where,
                                   [&at](request&) {
                                       at.pass();
                                       return text("held");
                                   }},
            {}};
}

/// Its answer is left to the test.
http::route left_open(std::promise<http::respond>& taken) {
    return {
        http::method::get,
        "/never",
        http::credential::none,
        http::async_handler{[&taken](request&, http::respond answer) { taken.set_value(std::move(answer)); }},
        {}};
}

std::vector<http::route> routes() {
    std::vector<http::route> table;
    table.push_back(get("/hello", [](request&) { return text("hello"); }));
    return table;
}

TEST(server_timeouts, a_header_that_trickles_in_is_cut_off) {
    test_server house{routes(), {.header_timeout = seconds{1}}};
    raw_client client{house.port()};
    client.send("GET /hello HTTP/1.1\r\nHost: a\r\nX: ");
    const raw_answer answer = client.read_answer();
    EXPECT_EQ(answer.status, 408);
    EXPECT_EQ(answer.header("connection"), "close");
    EXPECT_TRUE(client.at_end());
}

TEST(server_timeouts, no_byte_in_between_buys_a_header_time) {
    test_server house{routes(), {.max_header_bytes = 1024, .header_timeout = seconds{1}}};
    raw_client client{house.port()};
    client.send("GET /hello HTTP/1.1\r\nHost: a\r\nX: ");
    pollfd answer{.fd = client.descriptor(), .events = POLLIN, .revents = 0};
    while (::poll(&answer, 1, 10) == 0)
        client.send("x"); // at 1,024 of them it would be 431
    EXPECT_EQ(client.read_answer().status, 408);
}

TEST(server_timeouts, a_body_that_never_comes_is_cut_off) {
    auto table = routes();
    table.push_back({http::method::post,
                     "/raw",
                     http::credential::none,
                     http::inline_handler{[](request&) { return text("x"); }},
                     {}});
    test_server house{std::move(table), {.body_timeout = seconds{1}}};
    raw_client client{house.port()};
    EXPECT_EQ(client.ask("POST /raw HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc").status, 408);
    EXPECT_TRUE(client.at_end());
}

TEST(server_timeouts, an_idle_connection_is_closed_without_a_word) {
    test_server house{routes(), {.idle_timeout = seconds{1}}};
    raw_client fresh{house.port()};
    raw_client used{house.port()};
    EXPECT_EQ(used.ask(hello).status, 200);
    EXPECT_TRUE(fresh.at_end());
    EXPECT_TRUE(used.at_end());
}

TEST(server_timeouts, a_client_that_does_not_read_is_cut_off) {
    auto table = routes();
    table.push_back(get("/large", [](request&) { return text(std::string(32U << 20, 'x')); }));
    test_server house{std::move(table), {.write_timeout = seconds{1}}};
    raw_client client{house.port()};
    client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
    while (house.metrics().find("route=\"GET /large\"") == std::string::npos)
        std::this_thread::yield();
    while (house.metrics().find("breakwater_http_connections 0\n") == std::string::npos)
        std::this_thread::yield(); // the server gives up by itself
    EXPECT_TRUE(client.read_answer().cut_off);
}

TEST(server_cap, one_connection_too_many_is_told_so) {
    test_server house{routes(), {.max_connections = 2}};
    raw_client first{house.port()};
    raw_client second{house.port()};
    EXPECT_EQ(first.ask(hello).status, 200);
    EXPECT_EQ(second.ask(hello).status, 200);
    raw_client third{house.port()};
    const raw_answer refused = third.read_answer();
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(refused.header("retry-after"), "1");
    EXPECT_TRUE(third.at_end());
    EXPECT_EQ(first.ask(hello).status, 200);
    second.hang_up();
    for (;;) { // the place is free as soon as the server has noticed
        raw_client fourth{house.port()};
        if (fourth.ask(hello).status == 200)
            break;
    }
    EXPECT_EQ(house.metrics().find("breakwater_http_connections_refused_total 0\n"), std::string::npos);
}

TEST(server_cap, one_connection_too_many_is_told_so_while_it_sends) {
    test_server house{routes(), {.max_connections = 1}};
    raw_client first{house.port()};
    EXPECT_EQ(first.ask(hello).status, 200);
    raw_client second{house.port()};
    second.send(std::string{hello} + std::string(200'000, 'x'));
    const raw_answer refused = second.read_answer();
    EXPECT_EQ(refused.status, 503);
    EXPECT_NE(refused.body.find("\"request_id\":\"" + refused.header("x-request-id") + '"'),
              std::string::npos);
    EXPECT_EQ(first.ask(hello).status, 200);
}

TEST(server_pools, a_full_pool_is_503) {
    latch at;
    auto table = routes();
    table.push_back(held("/held", http::work::hashing, at)); // one thread, a queue of one
    test_server house{std::move(table)};
    raw_client first{house.port()};
    raw_client second{house.port()};
    raw_client third{house.port()};
    const char* ask = "GET /held HTTP/1.1\r\nHost: a\r\n\r\n";
    first.send(ask);
    at.await_arrival();
    second.send(ask);
    while (house.pools.of(http::work::hashing).depth() == 0)
        std::this_thread::yield();
    const raw_answer refused = third.ask(ask);
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(refused.header("retry-after"), "1");
    at.open();
    EXPECT_EQ(first.read_answer().body, "held");
    EXPECT_EQ(second.read_answer().body, "held");
}

TEST(server_stop, finishes_what_it_took_in_and_closes_who_is_idle) {
    latch at;
    auto table = routes();
    table.push_back(held("/held", http::work::query, at));
    test_server house{std::move(table), {.threads = 1}}; // so that whoever sees the stop sees it for all
    raw_client idle{house.port()};
    EXPECT_EQ(idle.ask(hello).status, 200);
    raw_client busy{house.port()};
    busy.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
    at.await_arrival();
    std::thread stopping{[&house] { house.server->stop(); }};
    EXPECT_TRUE(idle.at_end());
    at.open();
    const raw_answer answer = busy.read_answer();
    EXPECT_EQ(answer.body, "held");
    EXPECT_EQ(answer.header("connection"), "close");
    EXPECT_TRUE(busy.at_end());
    busy.hang_up();
    stopping.join();
    const raw_client late{house.port()};
    EXPECT_FALSE(late.connected());
    house.server->stop(); // once more does nothing
}

/// Much longer than a test may take: only a bound of the stop itself ends it in time.
const http::server_options patient{.header_timeout = std::chrono::hours{1},
                                   .body_timeout = std::chrono::hours{1},
                                   .shutdown_timeout = std::chrono::hours{1}};

TEST(server_stop, does_not_wait_for_a_client_that_has_not_asked_yet) {
    auto table = routes();
    table.push_back({http::method::post,
                     "/raw",
                     http::credential::none,
                     http::inline_handler{[](request&) { return text("x"); }},
                     {}});
    test_server house{std::move(table), patient};
    raw_client in_header{house.port()};
    in_header.send("GET /hello HTTP/1.1\r\nHost: a\r\n");
    raw_client in_body{house.port()};
    in_body.send("POST /raw HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(in_body.read_answer().status, 100);
    raw_client leaving{house.port()};
    EXPECT_EQ(leaving.ask("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").status, 200);
    house.server->stop();
    EXPECT_EQ(in_header.read_answer().status, 408);
    EXPECT_EQ(in_body.read_answer().status, 408);
}

TEST(server_stop, does_not_wait_for_ever_and_survives_a_late_answer) {
    std::promise<http::respond> taken;
    auto table = routes();
    table.push_back(left_open(taken));
    test_server house{std::move(table), {.shutdown_timeout = seconds{0}}};
    raw_client client{house.port()};
    client.send("GET /never HTTP/1.1\r\nHost: a\r\n\r\n");
    http::respond answer = taken.get_future().get();
    house.server->stop();
    EXPECT_TRUE(client.at_end());
    house.server.reset();
    answer(text("too late"));
}

TEST(server_answers, nobody_minds_a_client_that_left) {
    std::promise<http::respond> taken;
    auto table = routes();
    table.push_back(left_open(taken));
    test_server house{std::move(table)};
    {
        raw_client client{house.port()};
        client.send("GET /never HTTP/1.1\r\nHost: a\r\n\r\n");
        http::respond answer = taken.get_future().get();
        client.hang_up();
        answer(text(std::string(1U << 20, 'x')));
    }
    raw_client other{house.port()};
    EXPECT_EQ(other.ask(hello).status, 200);
}

TEST(server_answers, many_clients_from_many_threads) {
    auto table = routes();
    table.push_back({http::method::get,
                     "/late/{tag}",
                     http::credential::none,
                     http::blocking_handler{http::work::query,
                                            [](request& asked) { return text(asked.path_parameters.at(0)); }},
                     {}});
    test_server house{std::move(table)};
    std::vector<std::thread> threads;
    std::atomic<int> right{0};
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            raw_client client{house.port()};
            for (int i = 0; i < 100; ++i) {
                const std::string tag = std::to_string(t * 1000 + i);
                right += client.ask("GET /late/" + tag + " HTTP/1.1\r\nHost: a\r\n\r\n").body == tag ? 1 : 0;
            }
        });
    for (std::thread& each : threads)
        each.join();
    EXPECT_EQ(right, 400);
}

TEST(server_accept, goes_on_after_a_connection_that_could_not_be_taken_in) {
    test_server house{routes(), {.threads = 1, .max_connections = 1}};
    raw_client first{house.port()};
    while (house.metrics().find("breakwater_http_connections 1\n") == std::string::npos)
        std::this_thread::yield();
    house.random.fails = true;
    {
        raw_client refused{house.port()}; // its answer wants a request id
        EXPECT_EQ(refused.read_answer().status, 0);
    }
    house.random.fails = false;
    first.hang_up();
    for (;;) { // the place is free as soon as the server has noticed
        raw_client next{house.port()};
        ASSERT_TRUE(next.connected());
        const int status = next.ask(hello).status;
        if (status == 200)
            break;
        ASSERT_EQ(status, 503);
    }
}

TEST(server_pools, who_was_let_in_before_waiting_is_asked_again) {
    latch at;
    std::atomic<bool> ran = false;
    auto table = routes();
    table.push_back(held("/held", http::work::hashing, at)); // one thread, a queue of one
    table.push_back({http::method::get,
                     "/mine",
                     http::credential::person,
                     http::blocking_handler{http::work::hashing,
                                            [&ran](request&) {
                                                ran = true;
                                                return text("mine");
                                            }},
                     {}});
    test_server house{std::move(table)};
    raw_client first{house.port()};
    raw_client second{house.port()};
    first.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
    at.await_arrival();
    second.send("GET /mine HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer good\r\n\r\n");
    while (house.pools.of(http::work::hashing).depth() == 0)
        std::this_thread::yield();
    house.access.revoked = true;
    at.open();
    EXPECT_EQ(second.read_answer().status, 401);
    EXPECT_FALSE(ran);
    EXPECT_EQ(house.access.all_refused(), std::vector<std::string>{"GET /mine"});
}

TEST(server_streams, are_cut_off_when_who_asked_is_no_longer_let_in) {
    struct endless final : http::body_source {
        explicit endless(test_access*& door) : door_{door} {}
        result<bool> next(std::string& out) override {
            out.append(1024, 'x');
            if (++pieces_ == 2)
                door_->revoked = true;
            return pieces_ < 100;
        }
        test_access*& door_;
        int pieces_ = 0;
    };
    test_access* door = nullptr;
    auto table = routes();
    table.push_back({http::method::get,
                     "/stream",
                     http::credential::person,
                     http::blocking_handler{http::work::query,
                                            [&door](request&) {
                                                http::response made;
                                                made.stream = std::make_unique<endless>(door);
                                                return made;
                                            }},
                     {}});
    test_server house{std::move(table)};
    door = &house.access;
    raw_client client{house.port()};
    const raw_answer answer =
        client.ask("GET /stream HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer good\r\n\r\n");
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.cut_off);
    EXPECT_LE(answer.body.size(), 2048U);
}

} // namespace
} // namespace breakwater::test
