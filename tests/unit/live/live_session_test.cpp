#include "live/live_session.hpp"
#include "support/committed_readings.hpp"
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

crypto::jws_key key_of(std::string_view secret) {
    return crypto::jws_key::from_secret(crypto::jws_algorithm::hs256, secret).value();
}

/// Accepts one message at a time and keeps it until the test reads it.
class slow_sink final : public sink {
public:
    [[nodiscard]] bool is_ready() const noexcept override { return !sending && !closed; }
    void send(parts message) override {
        sending.emplace();
        for (const std::string_view piece : message.bytes)
            *sending += piece;
    }
    void close(close_reason code, std::string_view) override { closed = code; }

    std::optional<std::string> sending;
    std::optional<close_reason> closed;
};

class live_session_test : public testing::Test {
protected:
    explicit live_session_test(const hub_options& options = {.max_sessions = 3,
                                                             .max_sessions_per_user = 2,
                                                             .max_pending = 10,
                                                             .collection_delay = 1ms,
                                                             .log = {.events = 4}})
        : hub_{{devices_, policies_, authenticator_, tickets_, audit_, time_, random_}, options} {
        users_.put(ada_);
        users_.put(bob_);
        device_.owner = 7;
        device_.id = uuid::random(random_);
        devices_.put(device_);
        session_ = open(sink_);
    }
    ~live_session_test() override {
        session_.reset();
        hub_.stop();
    }

    std::unique_ptr<live_session> open(sink& connection) {
        auto opened = std::make_unique<live_session>(hub_, executor_, call_origin{});
        opened->opened(connection);
        return opened;
    }
    /// A hello of that person; `more` are further members.
    std::string hello_of(const user& person, std::string_view more = "") const {
        return R"({"type":"hello","token":")" + tokens_.issue_access(person, uuid{}) + '"' +
               std::string{more} + '}';
    }
    /// The next message of the session; empty if there is none.
    std::string next() {
        for (int i = 0; i < 500 && !sink_.sending; ++i) {
            context_.run_for(10ms);
        }
        std::string message = sink_.sending.value_or("");
        sink_.sending.reset();
        session_->sent();
        return message;
    }
    /// A message of that type with a new ticket of that person.
    std::string with_ticket(std::string_view type, const user& person) {
        return R"({"type":")" + std::string{type} + R"(","ticket":")" +
               tickets_
                   .issue({.kind = identity::principal::kind::person,
                           .user = person.id,
                           .role = person.role,
                           .version = person.session_version,
                           .session = sign_in_})
                   .value() +
               R"("})";
    }
    void say_hello() {
        session_->received(hello_of(ada_, R"(,"subscriptions":[{"id":"a","all":true}])"));
        EXPECT_TRUE(next().starts_with(R"({"type":"welcome")"));
        EXPECT_EQ(next(), R"({"type":"subscribed","id":"a"})");
    }
    void store_reading(int n) {
        const reading item{
            .id = n, .device_id = device_.id, .received_at = time_.now(), .payload = R"({"x":1})"};
        hub_.readings_stored(test::upload_of({item}));
    }

    test::manual_clock time_;
    test::seeded_random random_;
    test::fake_database store_;
    registry::device_registry devices_;
    registry::policy_registry policies_{{}};
    audit::recorder audit_{store_, time_, {}};
    device device_;
    registry::user_registry users_;
    user ada_{.id = 7, .email = "ada@example.com"};
    user bob_{.id = 8, .email = "bob@example.com"};
    const uuid sign_in_ = uuid::random(random_); ///< the sign-in session of the tickets
    identity::token_service tokens_{{.access_key = key_of("access-key-access-key-access-key-"),
                                     .refresh_key = key_of("refresh-key-refresh-key-refresh-k"),
                                     .device_key = key_of("device-key-device-key-device-key-")},
                                    time_,
                                    random_};
    identity::live_tickets tickets_{store_, {}, time_, random_};
    identity::authenticator authenticator_{store_, tokens_, tickets_, users_, devices_};
    boost::asio::io_context context_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> waits_{context_.get_executor()};
    net::io_executor executor_{context_};
    hub hub_;
    slow_sink sink_;
    std::unique_ptr<live_session> session_;
};

/// Events stay queued, since the hub's thread waits an hour for more.
class full_hub_test : public live_session_test {
protected:
    full_hub_test()
        : live_session_test{{.max_pending_bytes = 1U << 20, .collection_delay = std::chrono::hours{1}}} {}

    /// Sends `count` events of that size and returns how many were accepted.
    std::uint64_t count_accepted(int count, std::size_t size) {
        const std::uint64_t before = hub_.counters().lost;
        for (int i = 0; i < count; ++i) {
            const reading item{.id = i + 1,
                               .device_id = device_.id,
                               .received_at = time_.now(),
                               .payload = '"' + std::string(size, 'x') + '"'};
            hub_.readings_stored(test::upload_of({item}));
        }
        return static_cast<std::uint64_t>(count) - (hub_.counters().lost - before);
    }
};

TEST_F(full_hub_test, loses_large_events_first) {
    say_hello();
    EXPECT_EQ(count_accepted(2, 100'000), 0U) << "an event may use a sixteenth of the free space";
    const std::uint64_t large = count_accepted(100, 30'000);
    EXPECT_GT(large, 10U);
    EXPECT_LT(large, 30U) << "bounded in bytes, not only in count";
    EXPECT_EQ(count_accepted(100, 100), 100U) << "small events are still accepted";
}

TEST_F(live_session_test, sends_a_gap_to_a_slow_reader_and_continues) {
    say_hello();
    store_reading(1);
    for (int i = 0; i < 500 && !sink_.sending; ++i) {
        context_.run_for(10ms);
    }
    ASSERT_TRUE(sink_.sending) << "sent, and not read yet";
    for (int n = 2; n <= 10; ++n) {
        store_reading(n);
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

TEST_F(live_session_test, sends_a_gap_when_events_are_lost) {
    say_hello();
    std::vector<reading> many(10'000);
    for (std::size_t n = 0; n < many.size(); ++n) {
        many[n].id = static_cast<reading_id>(n + 1);
        many[n].device_id = device_.id;
        many[n].payload = "{}";
    }
    hub_.readings_stored(test::uploads_of(
        std::move(many))); // at once, so that the hub's thread cannot empty the queue in between
    store_reading(10'001);
    std::string messages;
    while (messages.find(R"({"type":"gap")") == std::string::npos ||
           messages.find(R"("id":10001,)") == std::string::npos) {
        const std::string message = next();
        ASSERT_FALSE(message.empty()) << messages;
        messages += message;
        if (message.find(R"("id":10001,)") == std::string::npos)
            store_reading(10'001);
    }
    EXPECT_GT(hub_.counters().lost, 0U);
}

TEST_F(live_session_test, closes_the_connection_once_the_principal_is_no_longer_admitted) {
    say_hello();
    ++ada_.session_version;
    users_.put(ada_);
    store_reading(1);
    for (int i = 0; i < 500 && !sink_.closed; ++i) {
        context_.run_for(10ms);
    }
    EXPECT_EQ(sink_.closed, close_reason::unauthenticated);
    EXPECT_FALSE(sink_.sending);
}

TEST_F(live_session_test, sends_no_events_of_a_device_that_has_another_owner) {
    say_hello();
    store_reading(1);
    device other = device_;
    other.id = uuid::random(random_);
    devices_.put(other);
    device_.owner = 8;
    devices_.put(device_);
    store_reading(2);
    const reading last{.id = 3, .device_id = other.id, .received_at = time_.now(), .payload = "{}"};
    hub_.readings_stored(test::upload_of({last}));
    std::string messages;
    while (messages.find(R"("id":3,)") == std::string::npos)
        messages += next();
    EXPECT_EQ(messages.find(R"("id":2,)"), std::string::npos);
}

TEST_F(live_session_test, closes_the_connection_without_a_hello_or_after_too_many_messages) {
    time_.advance(11s);
    session_->tick(time_.steady_now());
    EXPECT_EQ(sink_.closed, close_reason::too_late);
    slow_sink chatty;
    const auto another = open(chatty);
    another->received(hello_of(bob_));
    for (int i = 0; i < 200 && !chatty.closed; ++i)
        another->received("nonsense");
    EXPECT_EQ(chatty.closed, close_reason::policy);
    another->closed();
    slow_sink pinging; // pings count as messages
    const auto third = open(pinging);
    for (int i = 0; i < 100; ++i)
        third->received_ping();
    EXPECT_FALSE(pinging.closed);
    third->tick(time_.steady_now());
    for (int i = 0; i < 101; ++i)
        third->received_ping();
    EXPECT_EQ(pinging.closed, close_reason::policy);
    third->closed();
}

TEST_F(live_session_test, sends_heartbeats_while_it_is_idle) {
    session_->received(hello_of(ada_, R"(,"subscriptions":[{"id":"a","devices":["no"]}])"));
    EXPECT_TRUE(next().starts_with(R"({"type":"welcome")"));
    const std::string before = next();
    time_.advance(4s);
    session_->tick(time_.steady_now());
    EXPECT_FALSE(sink_.sending) << "a message was sent recently";
    store_reading(1); // the client is not subscribed to it, but its cursor advances
    for (int i = 0; i < 500 && hub_.counters().events == 0; ++i)
        context_.run_for(1ms);
    context_.run_for(20ms);
    time_.advance(1s);
    session_->tick(time_.steady_now());
    const std::string beat = next();
    EXPECT_TRUE(beat.starts_with(R"({"type":"heartbeat","cursor":")")) << beat;
    EXPECT_TRUE(beat.ends_with(R"(-1"})")) << beat;
    session_->tick(time_.steady_now());
    EXPECT_FALSE(sink_.sending);

    time_.advance(5s);
    session_->tick(time_.steady_now());
    EXPECT_TRUE(sink_.sending);
    time_.advance(5s);
    const auto unread = sink_.sending;
    session_->tick(time_.steady_now());
    EXPECT_EQ(sink_.sending, unread) << "no second message before the first is read";
}

TEST_F(live_session_test, accepts_a_heartbeat_of_the_client_without_a_reply) {
    say_hello();
    session_->received(R"({"type":"heartbeat"})");
    EXPECT_FALSE(sink_.sending);
    session_->received(R"({"type":"heartbeats"})");
    EXPECT_TRUE(next().starts_with(R"({"type":"error")"));
}

TEST_F(live_session_test, sends_nothing_before_the_hello) {
    time_.advance(6s);
    session_->tick(time_.steady_now());
    EXPECT_FALSE(sink_.sending);
}

TEST_F(live_session_test, reads_further_messages_after_the_ticket_is_redeemed) {
    const std::string hello = with_ticket("hello", ada_);
    store_.hold();
    session_->received(hello);
    session_->received(R"({"type":"subscribe","id":"a","all":true})");
    session_->received(R"({"type":"unsubscribe","id":"a"})");
    context_.run_for(10ms);
    EXPECT_FALSE(sink_.sending);
    store_.commit_now();
    EXPECT_TRUE(next().starts_with(R"({"type":"welcome")"));
    EXPECT_EQ(next(), R"({"type":"subscribed","id":"a"})");
    EXPECT_EQ(next(), R"({"type":"unsubscribed","id":"a"})");
    slow_sink other;
    const auto again = open(other);
    again->received(hello);
    store_.commit_now();
    context_.run_for(10ms);
    EXPECT_EQ(other.closed, close_reason::unauthenticated) << "the ticket was used";
    again->closed();
}

TEST_F(live_session_test, renews_with_a_ticket) {
    say_hello();
    session_->received(with_ticket("renew", ada_));
    EXPECT_TRUE(next().starts_with(R"({"type":"renewed")"));
    session_->received(with_ticket("renew", bob_));
    context_.run_for(10ms);
    EXPECT_EQ(sink_.closed, close_reason::unauthenticated);
}

TEST_F(live_session_test, refuses_a_ticket_of_a_session_that_has_ended) {
    const std::string of_signed_out = with_ticket("hello", ada_);
    hub_.follow(session_ended{sign_in_});
    session_->received(of_signed_out);
    session_->received("nonsense");
    context_.run_for(10ms);
    EXPECT_EQ(sink_.closed, close_reason::unauthenticated);
    EXPECT_FALSE(sink_.sending) << "what follows isn't read";
    const auto events = store_.events();
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events.front().type, event_type::missing_authorization);
    EXPECT_EQ(events.front().actor_id, "7");
    EXPECT_FALSE(hub_.issue_ticket({.user = 7, .session = sign_in_}));

    slow_sink other;
    const auto disabled = open(other);
    const std::string of_disabled = with_ticket("hello", bob_);
    ++bob_.session_version;
    users_.put(bob_);
    disabled->received(of_disabled);
    context_.run_for(10ms);
    EXPECT_EQ(other.closed, close_reason::unauthenticated);
    disabled->closed();
}

TEST_F(live_session_test, closes_the_connection_if_the_ticket_cannot_be_checked) {
    const std::string hello = with_ticket("hello", ada_);
    store_.fail_commits(error{.code = errc::storage_full});
    session_->received(hello);
    context_.run_for(10ms);
    EXPECT_EQ(sink_.closed, close_reason::unavailable);
    EXPECT_TRUE(store_.events().empty()) << "nobody was refused";

    store_.fail_commits(std::nullopt);
    const std::string late = with_ticket("hello", ada_);
    store_.hold();
    slow_sink other;
    const auto waiting = open(other);
    waiting->received(late);
    time_.advance(11s);
    waiting->tick(time_.steady_now());
    EXPECT_EQ(other.closed, close_reason::unavailable);
    store_.commit_now();
    context_.run_for(10ms);
    EXPECT_FALSE(other.sending);
    waiting->closed();
}

TEST_F(live_session_test, may_close_while_a_ticket_is_redeemed) {
    const std::string hello = with_ticket("hello", ada_);
    const std::string other_hello = with_ticket("hello", ada_);
    store_.hold();
    session_->received(hello);
    session_->closed();
    slow_sink other;
    auto destroyed = open(other);
    destroyed->received(other_hello);
    destroyed.reset();
    EXPECT_EQ(store_.waiting(), 2U);
    store_.commit_now();
    context_.run_for(10ms);
    EXPECT_FALSE(sink_.sending);
    EXPECT_FALSE(other.sending);
}

TEST_F(live_session_test, bounds_the_messages_that_wait_for_a_ticket) {
    const std::string hello = with_ticket("hello", ada_);
    const std::string other_hello = with_ticket("hello", ada_);
    store_.hold();
    session_->received(hello);
    session_->received(std::string(60'000, 'x'));
    session_->received(std::string(60'000, 'x'));
    EXPECT_FALSE(sink_.closed);
    session_->received(std::string(60'000, 'x'));
    EXPECT_EQ(sink_.closed, close_reason::policy);

    slow_sink other;
    const auto chatty = open(other);
    chatty->received(other_hello);
    for (int i = 0; i < 99; ++i)
        chatty->received("{}");
    EXPECT_FALSE(other.closed);
    chatty->tick(time_.steady_now());
    chatty->received("{}");
    EXPECT_EQ(other.closed, close_reason::policy);
    store_.commit_now();
    chatty->closed();
}

TEST_F(live_session_test, limits_the_sessions_of_a_user_and_in_total) {
    std::vector<std::unique_ptr<live_session>> sessions;
    std::deque<slow_sink> sinks;
    const auto connect_as = [&](const std::string& hello) {
        sessions.push_back(open(sinks.emplace_back()));
        sessions.back()->received(hello);
        return sinks.back().closed;
    };
    const std::string ada = hello_of(ada_);
    const std::string bob = hello_of(bob_);
    EXPECT_EQ(connect_as(ada), std::nullopt);
    EXPECT_EQ(connect_as(ada), std::nullopt);
    EXPECT_EQ(connect_as(ada), close_reason::too_many) << "two for each user";
    EXPECT_EQ(connect_as(bob), std::nullopt);
    EXPECT_EQ(connect_as(bob), close_reason::too_many) << "three in total";
    sessions.front()->closed();
    EXPECT_EQ(connect_as(bob), std::nullopt) << "one was closed";
    sessions.clear();
    EXPECT_EQ(hub_.counters().sessions, 1U) << "the fixture's own";
}

} // namespace
} // namespace breakwater::live
