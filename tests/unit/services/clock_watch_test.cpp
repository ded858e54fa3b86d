#include "services/clock_watch.hpp"

#include "unit/services/services_fixture.hpp"

namespace breakwater::services {
namespace {

using namespace std::chrono_literals;

class clock_watch_test : public services_test {
protected:
    clock_watch_test() { EXPECT_TRUE(started()); }
    void record_event(const std::string& route) {
        EXPECT_TRUE(store_->write([&](storage::transaction& tx) -> result<void> {
            auto done = tx.audit().append(
                {.created_at = clock_.now(), .type = event_type::login, .origin = {.route = route}});
            return done ? result<void>{} : pass(std::move(done));
        }));
    }
    /// Lets the server run for `duration`.
    void run(clock_watch& watch, std::chrono::seconds duration) {
        clock_.advance(duration);
        watch.tick();
    }
    std::unique_ptr<clock_watch> started() {
        auto watch = std::make_unique<clock_watch>(clock_watch::dependencies{*store_, recorder_, clock_});
        EXPECT_TRUE(watch->start());
        return watch;
    }
    std::size_t count_of(event_type type) { return audit_.list({.type = type, .limit = 500}).value().size(); }

    const user admin_ = make_user("root@example.com", role::admin);
};

TEST_F(clock_watch_test, time_that_passes_is_no_jump) {
    const auto watch = started();
    for (int i = 0; i < 100; ++i) {
        clock_.advance(15min);
        clock_.set_wall(i % 2 == 0 ? 2s : -2s);
        watch->tick();
    }
    EXPECT_EQ(watch->jumps(), 0U);
    EXPECT_EQ(watch->held_until(), std::nullopt);
}

TEST_F(clock_watch_test, a_jump_forward_holds_retention_for_a_day_of_running) {
    const auto watch = started();
    clock_.set_wall(24h * 365);
    watch->tick();
    EXPECT_EQ(count_of(event_type::clock_forward), 1U);
    EXPECT_EQ(watch->held_until(), clock_.now() + 24h);
    clock_.advance(24h - 1s);
    watch->tick();
    EXPECT_TRUE(watch->held_until());
    clock_.advance(1s);
    watch->tick();
    EXPECT_EQ(watch->held_until(), std::nullopt);
}

TEST_F(clock_watch_test, a_release_by_a_person_ends_the_hold_and_is_recorded) {
    const auto watch = started();
    EXPECT_EQ(watch->release(as(admin_)).error().code, errc::bad_state);
    clock_.set_wall(24h * 365);
    watch->tick();
    EXPECT_TRUE(watch->release(as(admin_)));
    EXPECT_EQ(watch->held_until(), std::nullopt);
    EXPECT_EQ(count_of(event_type::retention_release), 1U);
    EXPECT_EQ(started()->held_until(), std::nullopt) << "also after a restart";
}

TEST_F(clock_watch_test, setting_the_clock_right_again_ends_the_hold) {
    const auto watch = started();
    clock_.set_wall(24h * 365);
    watch->tick();
    clock_.set_wall(-24h * 365);
    watch->tick();
    EXPECT_EQ(watch->held_until(), std::nullopt);
    EXPECT_EQ(count_of(event_type::clock_back), 1U);
    EXPECT_EQ(started()->held_until(), std::nullopt) << "also after a restart";
    EXPECT_EQ(count_of(event_type::clock_back), 1U) << "events from the future are known";
}

TEST_F(clock_watch_test, small_jumps_forward_and_any_jump_back_are_recorded_without_a_hold) {
    const auto watch = started();
    clock_.set_wall(10min);
    watch->tick();
    clock_.set_wall(-3h);
    watch->tick();
    EXPECT_EQ(count_of(event_type::clock_forward), 1U);
    EXPECT_EQ(count_of(event_type::clock_back), 1U);
    EXPECT_EQ(watch->held_until(), std::nullopt);
}

TEST_F(clock_watch_test, a_clock_that_was_set_while_the_server_was_stopped_is_detected_at_the_start) {
    clock_.set_wall(24h * 40);
    const auto watch = started();
    EXPECT_EQ(watch->held_until(), clock_.now() + 24h);
    EXPECT_EQ(count_of(event_type::clock_forward), 1U);
    run(*watch, 10h);
    clock_.advance(11h); // stopped
    EXPECT_EQ(started()->held_until(), clock_.now() + 14h) << "a day of running time";
    EXPECT_EQ(count_of(event_type::clock_forward), 1U);
    clock_.set_wall(-24h * 40 - 20h);
    EXPECT_EQ(started()->held_until(), std::nullopt);
    EXPECT_EQ(count_of(event_type::clock_back), 1U);
}

TEST_F(clock_watch_test, shell_commands_under_a_wrong_clock_hide_no_jump) {
    clock_.set_wall(24h * 365);
    for (int i = 0; i < 250; ++i)
        record_event("breakwater import");
    EXPECT_EQ(started()->held_until(), clock_.now() + 24h);
    EXPECT_EQ(count_of(event_type::clock_forward), 1U);
}

TEST_F(clock_watch_test, shell_commands_under_a_wrong_clock_are_no_jump) {
    clock_.set_wall(24h * 365);
    record_event("breakwater user create");
    clock_.set_wall(-24h * 365);
    EXPECT_EQ(started()->held_until(), std::nullopt);
    EXPECT_EQ(count_of(event_type::clock_back), 0U);
    EXPECT_EQ(count_of(event_type::clock_forward), 0U);
}

TEST_F(clock_watch_test, a_second_start_with_a_wrong_clock_holds_again) {
    clock_.set_wall(24h * 365);
    auto watch = started(); // the clock battery is empty
    clock_.set_wall(-24h * 365);
    watch->tick(); // after time synchronisation
    ASSERT_EQ(watch->held_until(), std::nullopt);
    run(*watch, 5h);
    watch.reset();
    clock_.set_wall(24h * 365);
    EXPECT_EQ(started()->held_until(), clock_.now() + 24h);
}

TEST_F(clock_watch_test, a_small_jump_ends_no_hold_also_after_a_restart) {
    for (const std::chrono::seconds step : {12s, -11s, std::chrono::seconds{-24h * 30}}) {
        clock_.set_wall(24h * 365);
        auto watch = started();
        ASSERT_TRUE(watch->held_until());
        clock_.set_wall(step);
        watch->tick();
        EXPECT_TRUE(watch->held_until()) << step.count();
        EXPECT_TRUE(started()->held_until()) << step.count();
        clock_.set_wall(-step);
        watch->tick();
        ASSERT_TRUE(watch->release(as(admin_)));
    }
}

TEST_F(clock_watch_test, a_refused_release_does_not_end_the_hold) {
    clock_.set_wall(24h * 365);
    const auto watch = started();
    EXPECT_FALSE(watch->release({.principal = {.kind = identity::principal::kind::person,
                                               .user = 999,
                                               .role = role::admin,
                                               .version = 1},
                                 .origin = nobody_.origin}))
        << "a deleted account";
    EXPECT_TRUE(watch->held_until());
    EXPECT_TRUE(started()->held_until());
}

TEST_F(clock_watch_test, a_release_at_the_shell_ends_the_hold) {
    clock_.set_wall(24h * 365);
    EXPECT_TRUE(started()->release({.principal = {.kind = identity::principal::kind::system},
                                    .origin = {.route = "breakwater retention release"}}));
    clock_.advance(1h);
    EXPECT_EQ(started()->held_until(), std::nullopt);
}

} // namespace
} // namespace breakwater::services
