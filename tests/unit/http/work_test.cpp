#include "http/work.hpp"

#include "base/cancellation.hpp"
#include "unit/http/test_server.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

namespace breakwater::http {
namespace {

using std::chrono::seconds;
using test::get;
using test::raw_client;
using test::raw_response;
using test::test_server;
using test::text;

/// A handler that runs until it is cancelled.
class cancellable_work {
public:
    [[nodiscard]] route make_route(std::string_view path) {
        return {method::get,
                path,
                test::open_to_all,
                blocking_handler{work::report,
                                 [this](request&) {
                                     started_.set_value();
                                     while (!cancellation_scope::current()->requested())
                                         std::this_thread::yield();
                                     stopped_.set_value();
                                     return problem(503, "stopped");
                                 }},
                {}};
    }
    void await_start() { started_.get_future().wait(); }
    void await_stop() { stopped_.get_future().wait(); }

private:
    std::promise<void> started_;
    std::promise<void> stopped_;
};

TEST(work, is_cancelled_at_its_deadline) {
    cancellable_work work_item;
    std::vector<route> table;
    table.push_back(work_item.make_route("/report"));
    test_server server{std::move(table), {}, seconds{1}};
    raw_client client{server.port()};
    EXPECT_EQ(client.exchange("GET /report HTTP/1.1\r\nHost: a\r\n\r\n").status, 503);
}

TEST(work, is_cancelled_when_its_client_disconnects) {
    cancellable_work work_item;
    std::vector<route> table;
    table.push_back(work_item.make_route("/report"));
    test_server server{std::move(table)};
    raw_client client{server.port()};
    client.send("GET /report HTTP/1.1\r\nHost: a\r\n\r\n");
    work_item.await_start();
    client.hang_up();
    work_item.await_stop();
}

TEST(work, is_refused_and_never_runs_after_its_deadline_in_the_queue) {
    std::promise<void> release;
    std::shared_future<void> released = release.get_future().share();
    std::promise<void> started;
    std::atomic<int> ran = 0;
    std::vector<route> table;
    table.push_back({method::get,
                     "/held",
                     test::open_to_all,
                     blocking_handler{work::hashing,
                                      [&](request&) {
                                          started.set_value();
                                          released.wait();
                                          return text("held");
                                      }},
                     {}});
    table.push_back({method::get,
                     "/next",
                     test::open_to_all,
                     blocking_handler{work::hashing,
                                      [&ran](request&) {
                                          ++ran;
                                          return text("next");
                                      }},
                     {}});
    test_server server{std::move(table), {}, seconds{1}};
    raw_client first{server.port()};
    first.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
    started.get_future().wait();
    raw_client second{server.port()};
    const raw_response refused = second.exchange("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(refused.header("retry-after"), "1");
    EXPECT_NE(refused.body.find("waited too long"), std::string::npos);
    release.set_value();
    EXPECT_EQ(first.read_response().body, "held") << "running work is not aborted";
    // The connection stays open, and the cancelled job does not run. (It occupies the queue until a thread
    // removes it.)
    raw_response next = second.exchange("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
    for (int tries = 0; tries < 100'000 && next.status == 503; ++tries)
        next = second.exchange("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(next.body, "next");
    EXPECT_EQ(ran, 1);
}

TEST(work, does_not_wait_for_another_class) {
    cancellable_work first;
    cancellable_work second;
    std::vector<route> table;
    table.push_back(first.make_route("/report/1")); // uses both threads of reports
    table.push_back(second.make_route("/report/2"));
    table.push_back({method::get,
                     "/token",
                     test::open_to_all,
                     blocking_handler{work::control, [](request&) { return text("token"); }},
                     {}});
    test_server server{std::move(table)};
    raw_client one{server.port()};
    raw_client two{server.port()};
    one.send("GET /report/1 HTTP/1.1\r\nHost: a\r\n\r\n");
    two.send("GET /report/2 HTTP/1.1\r\nHost: a\r\n\r\n");
    first.await_start();
    second.await_start();
    raw_client other{server.port()};
    EXPECT_EQ(other.exchange("GET /token HTTP/1.1\r\nHost: a\r\n\r\n").body, "token");
    one.hang_up();
    two.hang_up();
    first.await_stop();
    second.await_stop();
}

TEST(work, gives_every_class_threads_a_queue_and_a_deadline) {
    for (const std::size_t processors : {1U, 2U, 64U})
        for (const work_options& options : default_work_plan(processors)) {
            EXPECT_GE(options.threads, 1U);
            EXPECT_GE(options.max_queue, 1U);
            EXPECT_GT(options.deadline, seconds{0});
        }
}

} // namespace
} // namespace breakwater::http
