#include "live/hub.hpp"
#include "support/fake_database.hpp"
#include "support/manual_clock.hpp"
#include "support/seeded_random.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <deque>

namespace breakwater::live {
namespace {

using namespace std::chrono_literals;

/// Everybody is who their token says, as long as the test says so.
class test_access final : public http::access_policy {
public:
    bool admitted = true;
    result<http::principal> admit(http::credential, const http::request&) const override {
        return http::principal{};
    }
    result<void> still_admitted(const http::principal&) const override {
        return admitted ? result<void>{} : fail(errc::unauthenticated, "No longer.");
    }
    void refused(const http::request&, const error&, http::respond) const override {}
    void turned_away(std::string_view, std::string_view) const override {}
};

/// The other end: takes a message at a time, and keeps it until the test reads.
class slow_socket final : public http::websocket {
public:
    [[nodiscard]] bool is_ready() const noexcept override { return !sending && !closed; }
    void send(parts message) override {
        sending.emplace();
        for (const std::string_view piece : message.bytes)
            *sending += piece;
    }
    void close(http::close_code code, std::string_view) override { closed = code; }

    std::optional<std::string> sending;
    std::optional<http::close_code> closed;
};

class live_session_test : public testing::Test {
protected:
    explicit live_session_test(const hub_options& chosen = {.max_sessions = 3,
                                                            .max_sessions_of_one = 2,
                                                            .max_pending = 10,
                                                            .gather = 1ms,
                                                            .log = {.events = 4}})
        : hub_{{devices_, policies_, denials_, time_, random_}, chosen} {
        hub_.use(
            access_,
            [](std::string_view token) -> result<http::principal> {
                return http::principal{.kind = http::principal::kind::person, .user = token == "ada" ? 7 : 8};
            },
            [](security_event&, std::string_view) {});
        device_.owner = 7;
        device_.id = uuid::random(random_);
        devices_.put(device_);
        http::request asked;
        asked.lane = &lane_;
        listener_ = hub_.open(asked);
        listener_->opened(socket_);
    }
    ~live_session_test() override {
        listener_.reset();
        hub_.stop();
    }

    /// What the session sends next; empty where nothing comes.
    std::string next() {
        for (int i = 0; i < 500 && !socket_.sending; ++i) {
            context_.run_for(10ms);
        }
        std::string message = socket_.sending.value_or("");
        socket_.sending.reset();
        listener_->sent();
        return message;
    }
    void greet() {
        listener_->received(R"({"type":"hello","token":"ada","subscriptions":[{"id":"a","all":true}]})");
        EXPECT_TRUE(next().starts_with(R"({"type":"welcome")"));
        EXPECT_EQ(next(), R"({"type":"subscribed","id":"a"})");
    }
    void happen(int n) {
        const reading one{
            .id = n, .device_id = device_.id, .received_at = time_.now(), .payload = R"({"x":1})"};
        hub_.stored({&one, 1});
    }

    test::manual_clock time_;
    test::seeded_random random_;
    test::fake_database store_;
    storage::device_registry devices_;
    storage::policy_registry policies_{{}};
    storage::audit_recorder denials_{store_, time_, {}};
    device device_;
    test_access access_;
    boost::asio::io_context context_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> waits_{context_.get_executor()};
    io_lane lane_{context_};
    hub hub_;
    slow_socket socket_;
    std::unique_ptr<http::websocket_listener> listener_;
};

/// What happens waits, for its thread gathers for an hour.
class full_hub_test : public live_session_test {
protected:
    full_hub_test() : live_session_test{{.max_pending_bytes = 1U << 20, .gather = std::chrono::hours{1}}} {}

    /// How many of so many events of that size are taken.
    std::uint64_t taken(int count, std::size_t size) {
        const std::uint64_t before = hub_.counters().lost;
        for (int i = 0; i < count; ++i) {
            const reading one{.id = i + 1,
                              .device_id = device_.id,
                              .received_at = time_.now(),
                              .payload = '"' + std::string(size, 'x') + '"'};
            hub_.stored({&one, 1});
        }
        return static_cast<std::uint64_t>(count) - (hub_.counters().lost - before);
    }
};

TEST_F(full_hub_test, loses_what_is_large_first) {
    greet();
    EXPECT_EQ(taken(2, 100'000), 0U) << "a sixteenth of what is free is the most";
    const std::uint64_t large = taken(100, 30'000);
    EXPECT_GT(large, 10U);
    EXPECT_LT(large, 30U) << "bounded in bytes, not only in count";
    EXPECT_EQ(taken(100, 100), 100U) << "its neighbours are told all the same";
}

TEST_F(live_session_test, of_a_slow_reader_is_told_of_the_gap_and_goes_on) {
    greet();
    happen(1);
    for (int i = 0; i < 500 && !socket_.sending; ++i) {
        context_.run_for(10ms);
    }
    ASSERT_TRUE(socket_.sending) << "on its way, and not read";
    for (int n = 2; n <= 10; ++n) {
        happen(n);
        const auto before = hub_.counters().events;
        for (int i = 0; i < 500 && hub_.counters().events == before; ++i)
            context_.run_for(1ms);
    }
    EXPECT_NE(next().find(R"("id":1,)"), std::string::npos);
    EXPECT_TRUE(next().starts_with(R"({"type":"gap")"));
    const std::string rest = next();
    EXPECT_EQ(rest.find(R"("id":6,)"), std::string::npos);
    for (int n = 7; n <= 10; ++n)
        EXPECT_NE(rest.find("\"id\":" + std::to_string(n) + ','), std::string::npos) << rest;
    EXPECT_EQ(hub_.counters().gaps, 1U);
}

TEST_F(live_session_test, is_told_of_a_gap_where_more_happens_than_can_be_told) {
    greet();
    std::vector<reading> many(10'000);
    for (std::size_t n = 0; n < many.size(); ++n) {
        many[n].id = static_cast<reading_id>(n + 1);
        many[n].device_id = device_.id;
        many[n].payload = "{}";
    }
    hub_.stored(many); // at once: what is beyond the bound can't have been taken yet
    happen(10'001);
    std::string heard;
    while (heard.find(R"({"type":"gap")") == std::string::npos ||
           heard.find(R"("id":10001,)") == std::string::npos) {
        const std::string more = next();
        ASSERT_FALSE(more.empty()) << heard;
        heard += more;
        if (more.find(R"("id":10001,)") == std::string::npos)
            happen(10'001);
    }
    EXPECT_GT(hub_.counters().lost, 0U);
}

TEST_F(live_session_test, tells_nothing_to_who_may_no_longer_hear_it) {
    greet();
    access_.admitted = false;
    happen(1);
    for (int i = 0; i < 500 && !socket_.closed; ++i) {
        context_.run_for(10ms);
    }
    EXPECT_EQ(socket_.closed, http::close_code::unauthenticated);
    EXPECT_FALSE(socket_.sending);
}

TEST_F(live_session_test, tells_nothing_of_a_device_that_became_anothers) {
    greet();
    happen(1);
    device other = device_;
    other.id = uuid::random(random_);
    devices_.put(other);
    device_.owner = 8;
    devices_.put(device_);
    happen(2);
    const reading hers{.id = 3, .device_id = other.id, .received_at = time_.now(), .payload = "{}"};
    hub_.stored({&hers, 1});
    std::string heard;
    while (heard.find(R"("id":3,)") == std::string::npos)
        heard += next();
    EXPECT_EQ(heard.find(R"("id":2,)"), std::string::npos);
}

TEST_F(live_session_test, ends_where_nobody_says_hello_or_somebody_says_too_much) {
    time_.advance(11s);
    listener_->tick(time_.steady_now());
    EXPECT_EQ(socket_.closed, http::close_code::too_late);
    slow_socket chatty;
    http::request asked;
    asked.lane = &lane_;
    const auto another = hub_.open(asked);
    another->opened(chatty);
    another->received(R"({"type":"hello","token":"bob"})");
    for (int i = 0; i < 200 && !chatty.closed; ++i)
        another->received("nonsense");
    EXPECT_EQ(chatty.closed, http::close_code::policy);
    another->closed();
    slow_socket pinging; // frames that bring no message count as messages
    const auto third = hub_.open(asked);
    third->opened(pinging);
    for (int i = 0; i < 100; ++i)
        third->fruitless();
    EXPECT_FALSE(pinging.closed);
    third->tick(time_.steady_now());
    for (int i = 0; i < 101; ++i)
        third->fruitless();
    EXPECT_EQ(pinging.closed, http::close_code::policy);
    third->closed();
}

TEST_F(live_session_test, say_that_they_live_where_nothing_else_is_said) {
    listener_->received(R"({"type":"hello","token":"ada","subscriptions":[{"id":"a","devices":["no"]}]})");
    EXPECT_TRUE(next().starts_with(R"({"type":"welcome")"));
    const std::string before = next();
    time_.advance(4s);
    listener_->tick(time_.steady_now());
    EXPECT_FALSE(socket_.sending) << "something was said just now";
    happen(1); // of no interest to this client, whose cursor moves on all the same
    for (int i = 0; i < 500 && hub_.counters().events == 0; ++i)
        context_.run_for(1ms);
    context_.run_for(20ms);
    time_.advance(1s);
    listener_->tick(time_.steady_now());
    const std::string beat = next();
    EXPECT_TRUE(beat.starts_with(R"({"type":"heartbeat","cursor":")")) << beat;
    EXPECT_TRUE(beat.ends_with(R"(-1"})")) << beat;
    listener_->tick(time_.steady_now());
    EXPECT_FALSE(socket_.sending);

    time_.advance(5s);
    listener_->tick(time_.steady_now());
    EXPECT_TRUE(socket_.sending);
    time_.advance(5s);
    const auto unread = socket_.sending;
    listener_->tick(time_.steady_now());
    EXPECT_EQ(socket_.sending, unread) << "who reads nothing is not sent more";
}

TEST_F(live_session_test, take_a_clients_heartbeat_without_a_word) {
    greet();
    listener_->received(R"({"type":"heartbeat"})");
    EXPECT_FALSE(socket_.sending);
    listener_->received(R"({"type":"heartbeats"})");
    EXPECT_TRUE(next().starts_with(R"({"type":"error")"));
}

TEST_F(live_session_test, say_nothing_before_the_hello) {
    time_.advance(6s);
    listener_->tick(time_.steady_now());
    EXPECT_FALSE(socket_.sending);
}

TEST_F(live_session_test, are_bounded_by_person_and_in_all) {
    std::vector<std::unique_ptr<http::websocket_listener>> open;
    std::deque<slow_socket> sockets;
    const auto greet_as = [&](const char* hello) {
        http::request asked;
        asked.lane = &lane_;
        open.push_back(hub_.open(asked));
        open.back()->opened(sockets.emplace_back());
        open.back()->received(hello);
        return sockets.back().closed;
    };
    constexpr const char* ada = R"({"type":"hello","token":"ada"})";
    constexpr const char* bob = R"({"type":"hello","token":"bob"})";
    EXPECT_EQ(greet_as(ada), std::nullopt);
    EXPECT_EQ(greet_as(ada), std::nullopt);
    EXPECT_EQ(greet_as(ada), http::close_code::too_many) << "two a person";
    EXPECT_EQ(greet_as(bob), std::nullopt);
    EXPECT_EQ(greet_as(bob), http::close_code::too_many) << "three in all";
    open.front()->closed();
    EXPECT_EQ(greet_as(bob), std::nullopt) << "one has gone";
    open.clear();
    EXPECT_EQ(hub_.counters().sessions, 1U) << "the fixture's own";
}

} // namespace
} // namespace breakwater::live
