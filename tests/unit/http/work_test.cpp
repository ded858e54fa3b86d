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
using test::raw_answer;
using test::raw_client;
using test::test_server;
using test::text;

/// Whether a handler saw that nobody waits for it any more.
class watched_work {
public:
    /// Goes on until somebody cancels it.
    [[nodiscard]] route until_cancelled(std::string_view path) {
        return {method::get,
                path,
                credential::none,
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

TEST(work, is_told_when_its_deadline_has_passed) {
    watched_work at;
    std::vector<route> table;
    table.push_back(at.until_cancelled("/report"));
    test_server house{std::move(table), {}, seconds{1}};
    raw_client client{house.port()};
    EXPECT_EQ(client.ask("GET /report HTTP/1.1\r\nHost: a\r\n\r\n").status, 503);
}

TEST(work, is_told_when_its_client_is_gone) {
    watched_work at;
    std::vector<route> table;
    table.push_back(at.until_cancelled("/report"));
    test_server house{std::move(table)};
    raw_client client{house.port()};
    client.send("GET /report HTTP/1.1\r\nHost: a\r\n\r\n");
    at.await_start();
    client.hang_up();
    at.await_stop();
}

TEST(work, that_waits_past_its_deadline_is_answered_and_never_runs) {
    std::promise<void> go_on;
    std::shared_future<void> held = go_on.get_future().share();
    std::promise<void> started;
    std::atomic<int> ran = 0;
    std::vector<route> table;
    table.push_back({method::get,
                     "/held",
                     credential::none,
                     blocking_handler{work::hashing,
                                      [&](request&) {
                                          started.set_value();
                                          held.wait();
                                          return text("held");
                                      }},
                     {}});
    table.push_back({method::get,
                     "/next",
                     credential::none,
                     blocking_handler{work::hashing,
                                      [&ran](request&) {
                                          ++ran;
                                          return text("next");
                                      }},
                     {}});
    test_server house{std::move(table), {}, seconds{1}};
    raw_client first{house.port()};
    first.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
    started.get_future().wait();
    raw_client second{house.port()};
    const raw_answer refused = second.ask("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(refused.header("retry-after"), "1");
    EXPECT_NE(refused.body.find("waited too long"), std::string::npos);
    go_on.set_value();
    EXPECT_EQ(first.read_answer().body, "held") << "what runs is not cut off";
    // The connection goes on, and what was cancelled doesn't come back. (It has its place in the queue until
    // a thread comes by it.)
    raw_answer next = second.ask("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
    for (int tries = 0; tries < 100'000 && next.status == 503; ++tries)
        next = second.ask("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(next.body, "next");
    EXPECT_EQ(ran, 1);
}

TEST(work, of_one_class_does_not_wait_for_another) {
    watched_work first;
    watched_work second;
    std::vector<route> table;
    table.push_back(first.until_cancelled("/report/1")); // both threads of reports
    table.push_back(second.until_cancelled("/report/2"));
    table.push_back({method::get,
                     "/token",
                     credential::none,
                     blocking_handler{work::control, [](request&) { return text("token"); }},
                     {}});
    test_server house{std::move(table)};
    raw_client one{house.port()};
    raw_client two{house.port()};
    one.send("GET /report/1 HTTP/1.1\r\nHost: a\r\n\r\n");
    two.send("GET /report/2 HTTP/1.1\r\nHost: a\r\n\r\n");
    first.await_start();
    second.await_start();
    raw_client honest{house.port()};
    EXPECT_EQ(honest.ask("GET /token HTTP/1.1\r\nHost: a\r\n\r\n").body, "token");
    one.hang_up();
    two.hang_up();
    first.await_stop();
    second.await_stop();
}

TEST(work, every_class_has_threads_a_bound_and_a_deadline) {
    for (const std::size_t processors : {1U, 2U, 64U})
        for (const work_options& each : default_work_plan(processors)) {
            EXPECT_GE(each.threads, 1U);
            EXPECT_GE(each.max_queue, 1U);
            EXPECT_GT(each.deadline, seconds{0});
        }
}

} // namespace
} // namespace breakwater::http
