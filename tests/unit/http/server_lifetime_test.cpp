#include "unit/http/test_server.hpp"

#include <poll.h>

#include <condition_variable>

namespace breakwater::test {
namespace {

using http::request;
using std::chrono::seconds;

constexpr const char* hello = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

/// Handlers wait in `pass` until the test calls `open`; the test waits for their arrival.
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

http::route held(std::string_view path, http::work kind, latch& latch) {
    return {http::method::get,
            path,
            test::open_to_all,
            http::blocking_handler{kind,
                                   [&latch](request&) {
                                       latch.pass();
                                       return text("held");
                                   }},
            {}};
}

/// Leaves the response to the test.
http::route unfinished(std::promise<http::respond>& reply) {
    return {http::method::get,
            "/never",
            test::open_to_all,
            http::async_handler{
                [&reply](request&, http::respond respond) { reply.set_value(std::move(respond)); }},
            {}};
}

std::vector<http::route> routes() {
    std::vector<http::route> table;
    table.push_back(get("/hello", [](request&) { return text("hello"); }));
    return table;
}

TEST(server_timeouts, a_slow_header_is_refused) {
    test_server server{routes(), {.header_timeout = seconds{1}}};
    raw_client client{server.port()};
    client.send("GET /hello HTTP/1.1\r\nHost: a\r\nX: ");
    const raw_response response = client.read_response();
    EXPECT_EQ(response.status, 408);
    EXPECT_EQ(response.header("connection"), "close");
    EXPECT_TRUE(client.at_end());
}

TEST(server_timeouts, further_bytes_do_not_extend_the_header_timeout) {
    test_server server{routes(), {.max_header_bytes = 1024, .header_timeout = seconds{1}}};
    raw_client client{server.port()};
    client.send("GET /hello HTTP/1.1\r\nHost: a\r\nX: ");
    pollfd readable{.fd = client.descriptor(), .events = POLLIN, .revents = 0};
    while (::poll(&readable, 1, 10) == 0)
        client.send("x"); // 1,024 bytes would give 431
    EXPECT_EQ(client.read_response().status, 408);
}

TEST(server_timeouts, a_missing_body_is_refused) {
    auto table = routes();
    table.push_back({http::method::post,
                     "/raw",
                     test::open_to_all,
                     http::inline_handler{[](request&) { return text("x"); }},
                     {}});
    test_server server{std::move(table), {.body_timeout = seconds{1}}};
    raw_client client{server.port()};
    EXPECT_EQ(client.exchange("POST /raw HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc").status, 408);
    EXPECT_TRUE(client.at_end());
}

TEST(server_timeouts, an_idle_connection_is_closed_without_a_response) {
    test_server server{routes(), {.idle_timeout = seconds{1}}};
    raw_client fresh{server.port()};
    raw_client used{server.port()};
    EXPECT_EQ(used.exchange(hello).status, 200);
    EXPECT_TRUE(fresh.at_end());
    EXPECT_TRUE(used.at_end());
}

TEST(server_timeouts, a_client_that_does_not_read_is_disconnected) {
    auto table = routes();
    table.push_back(get("/large", [](request&) { return text(std::string(32U << 20, 'x')); }));
    test_server server{std::move(table), {.write_timeout = seconds{1}}};
    raw_client client{server.port()};
    client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
    while (server.metrics().find("route=\"GET /large\"") == std::string::npos)
        std::this_thread::yield();
    while (server.metrics().find("breakwater_http_connections 0\n") == std::string::npos)
        std::this_thread::yield(); // until the server closes the connection
    EXPECT_TRUE(client.read_response().cut_off);
}

TEST(server_limit, one_connection_too_many_gets_503) {
    test_server server{routes(), {.max_connections = 2}};
    raw_client first{server.port()};
    raw_client second{server.port()};
    EXPECT_EQ(first.exchange(hello).status, 200);
    EXPECT_EQ(second.exchange(hello).status, 200);
    raw_client third{server.port()};
    const raw_response refused = third.read_response();
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(refused.header("retry-after"), "1");
    EXPECT_TRUE(third.at_end());
    EXPECT_EQ(first.exchange(hello).status, 200);
    second.hang_up();
    for (;;) { // the slot is free as soon as the server detects the close
        raw_client fourth{server.port()};
        if (fourth.exchange(hello).status == 200)
            break;
    }
    EXPECT_EQ(server.metrics().find("breakwater_http_connections_refused_total 0\n"), std::string::npos);
}

TEST(server_limit, one_connection_too_many_gets_503_while_it_sends) {
    test_server server{routes(), {.max_connections = 1}};
    raw_client first{server.port()};
    EXPECT_EQ(first.exchange(hello).status, 200);
    raw_client second{server.port()};
    second.send(std::string{hello} + std::string(200'000, 'x'));
    const raw_response refused = second.read_response();
    EXPECT_EQ(refused.status, 503);
    EXPECT_NE(refused.body.find("\"request_id\":\"" + refused.header("x-request-id") + '"'),
              std::string::npos);
    EXPECT_EQ(first.exchange(hello).status, 200);
}

TEST(server_pools, a_full_pool_is_503) {
    latch latch;
    auto table = routes();
    table.push_back(held("/held", http::work::hashing, latch)); // one thread, a queue of one
    test_server server{std::move(table)};
    raw_client first{server.port()};
    raw_client second{server.port()};
    raw_client third{server.port()};
    const char* request_text = "GET /held HTTP/1.1\r\nHost: a\r\n\r\n";
    first.send(request_text);
    latch.await_arrival();
    second.send(request_text);
    while (server.pools.of(http::work::hashing).depth() == 0)
        std::this_thread::yield();
    const raw_response refused = third.exchange(request_text);
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(refused.header("retry-after"), "1");
    latch.open();
    EXPECT_EQ(first.read_response().body, "held");
    EXPECT_EQ(second.read_response().body, "held");
}

TEST(server_stop, finishes_requests_and_closes_idle_connections) {
    latch latch;
    auto table = routes();
    table.push_back(held("/held", http::work::query, latch));
    test_server server{std::move(table), {.threads = 1}}; // so that all connections see the stop at once
    raw_client idle{server.port()};
    EXPECT_EQ(idle.exchange(hello).status, 200);
    raw_client busy{server.port()};
    busy.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
    latch.await_arrival();
    std::thread stopping{[&server] { server.stop(); }};
    EXPECT_TRUE(idle.at_end());
    latch.open();
    const raw_response response = busy.read_response();
    EXPECT_EQ(response.body, "held");
    EXPECT_EQ(response.header("connection"), "close");
    EXPECT_TRUE(busy.at_end());
    busy.hang_up();
    stopping.join();
    const raw_client late{server.port()};
    EXPECT_FALSE(late.connected());
    server.stop(); // a second call does nothing
}

/// Timeouts longer than a test may take, so that only the timeout of the stop can end it.
const http::server_options patient{.header_timeout = std::chrono::hours{1},
                                   .body_timeout = std::chrono::hours{1},
                                   .shutdown_timeout = std::chrono::hours{1}};

TEST(server_stop, does_not_wait_for_an_incomplete_request) {
    auto table = routes();
    table.push_back({http::method::post,
                     "/raw",
                     test::open_to_all,
                     http::inline_handler{[](request&) { return text("x"); }},
                     {}});
    test_server server{std::move(table), patient};
    raw_client in_header{server.port()};
    in_header.send("GET /hello HTTP/1.1\r\nHost: a\r\n");
    raw_client in_body{server.port()};
    in_body.send("POST /raw HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(in_body.read_response().status, 100);
    raw_client leaving{server.port()};
    EXPECT_EQ(leaving.exchange("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").status, 200);
    server.stop();
    EXPECT_EQ(in_header.read_response().status, 408);
    EXPECT_EQ(in_body.read_response().status, 408);
}

TEST(server_stop, ends_at_its_timeout_and_survives_a_late_response) {
    std::promise<http::respond> promise;
    auto table = routes();
    table.push_back(unfinished(promise));
    test_server server{std::move(table), {.shutdown_timeout = seconds{0}}};
    raw_client client{server.port()};
    client.send("GET /never HTTP/1.1\r\nHost: a\r\n\r\n");
    http::respond reply = promise.get_future().get();
    server.stop();
    EXPECT_TRUE(client.at_end());
    server.destroy();
    reply(text("too late"));
}

TEST(server_responses, ignores_a_client_that_has_disconnected) {
    std::promise<http::respond> promise;
    auto table = routes();
    table.push_back(unfinished(promise));
    test_server server{std::move(table)};
    {
        raw_client client{server.port()};
        client.send("GET /never HTTP/1.1\r\nHost: a\r\n\r\n");
        http::respond reply = promise.get_future().get();
        client.hang_up();
        reply(text(std::string(1U << 20, 'x')));
    }
    raw_client other{server.port()};
    EXPECT_EQ(other.exchange(hello).status, 200);
}

TEST(server_responses, serves_clients_of_several_threads) {
    auto table = routes();
    table.push_back(
        {http::method::get,
         "/late/{tag}",
         test::open_to_all,
         http::blocking_handler{http::work::query,
                                [](request& request) { return text(request.path_parameters.at(0)); }},
         {}});
    test_server server{std::move(table)};
    std::vector<std::thread> threads;
    std::atomic<int> matching{0};
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            raw_client client{server.port()};
            for (int i = 0; i < 100; ++i) {
                const std::string tag = std::to_string(t * 1000 + i);
                const raw_response response =
                    client.exchange("GET /late/" + tag + " HTTP/1.1\r\nHost: a\r\n\r\n");
                matching += response.body == tag ? 1 : 0;
            }
        });
    for (std::thread& thread : threads)
        thread.join();
    EXPECT_EQ(matching, 400);
}

TEST(server_accept, continues_after_a_failed_accept) {
    test_server server{routes(), {.threads = 1, .max_connections = 1}};
    raw_client first{server.port()};
    while (server.metrics().find("breakwater_http_connections 1\n") == std::string::npos)
        std::this_thread::yield();
    server.random.fails = true;
    {
        raw_client refused{server.port()}; // the 503 response needs a request id, and so a random number
        EXPECT_EQ(refused.read_response().status, 0);
    }
    server.random.fails = false;
    first.hang_up();
    for (;;) { // the slot is free as soon as the server detects the close
        raw_client next{server.port()};
        ASSERT_TRUE(next.connected());
        const int status = next.exchange(hello).status;
        if (status == 200)
            break;
        ASSERT_EQ(status, 503);
    }
}

TEST(server_pools, admits_again_after_waiting_in_the_queue) {
    latch latch;
    std::atomic<bool> ran = false;
    auto table = routes();
    table.push_back(held("/held", http::work::hashing, latch)); // one thread, a queue of one
    table.push_back({http::method::get,
                     "/mine",
                     test::for_people,
                     http::blocking_handler{http::work::hashing,
                                            [&ran](request&) {
                                                ran = true;
                                                return text("mine");
                                            }},
                     {}});
    test_server server{std::move(table)};
    raw_client first{server.port()};
    raw_client second{server.port()};
    first.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
    latch.await_arrival();
    second.send("GET /mine HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer good\r\n\r\n");
    while (server.pools.of(http::work::hashing).depth() == 0)
        std::this_thread::yield();
    server.access.revoked = true;
    latch.open();
    EXPECT_EQ(second.read_response().status, 401);
    EXPECT_FALSE(ran);
    EXPECT_EQ(server.access.refusals(), std::vector<std::string>{"GET /mine"});
}

TEST(server_streams, are_aborted_when_the_credential_is_revoked) {
    struct endless final : http::body_source {
        explicit endless(test_access*& access) : access_{access} {}
        result<bool> next(std::string& out) override {
            out.append(1024, 'x');
            if (++pieces_ == 2)
                access_->revoked = true;
            return pieces_ < 100;
        }
        test_access*& access_;
        int pieces_ = 0;
    };
    test_access* access = nullptr;
    auto table = routes();
    table.push_back({http::method::get,
                     "/stream",
                     test::for_people,
                     http::blocking_handler{http::work::query,
                                            [&access](request&) {
                                                http::response response;
                                                response.stream = std::make_unique<endless>(access);
                                                return response;
                                            }},
                     {}});
    test_server server{std::move(table)};
    access = &server.access;
    raw_client client{server.port()};
    const raw_response response =
        client.exchange("GET /stream HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer good\r\n\r\n");
    EXPECT_EQ(response.status, 200);
    EXPECT_TRUE(response.cut_off);
    EXPECT_LE(response.body.size(), 2048U);
}

} // namespace
} // namespace breakwater::test
