#include "contract/backend.hpp"

namespace breakwater::storage::contract {
namespace {

class audit : public storage_test {
protected:
    event_id append(const security_event& event) {
        event_id id = 0;
        write([&](transaction& tx) -> result<void> {
            auto appended = tx.audit().append(event);
            if (!appended)
                return pass(std::move(appended));
            id = *appended;
            return {};
        });
        return id;
    }

    std::vector<event_id> list(const event_query& query) {
        std::vector<event_id> out;
        read([&](const snapshot& state) {
            const auto events = state.audit().list(query);
            ASSERT_TRUE(events) << events.error().detail;
            for (const auto& event : *events)
                out.push_back(event.id);
        });
        return out;
    }

    std::int64_t expire(timestamp before, std::int64_t max_count) {
        std::int64_t count = -1;
        write([&](transaction& tx) -> result<void> {
            count = *tx.audit().expire(before, max_count);
            return {};
        });
        return count;
    }
};
INSTANTIATE_TEST_SUITE_P(, audit, testing::ValuesIn(backends()), backend_name);

using ids = std::vector<event_id>;

TEST_P(audit, stores_every_member) {
    const security_event event{
        .created_at = at(1, 5),
        .actor = actor_type::device,
        .actor_id = "7b0c",
        .type = event_type::register_account,
        .status = event_status::error,
        .target = event_target{target_type::alert, "7"},
        .other_targets = {{target_type::device, "7b0c"}, {target_type::policy, "a\"b, ć]"}},
        .unlisted_targets = 3,
        .detail = "what 'happened'",
        .origin = {"192.0.2.1", "req-1", "POST /x"},
        .simulated = true,
        .count = 42};
    const auto id = append(event);
    reopen();
    read([&](const snapshot& state) {
        const auto all = *state.audit().list({});
        ASSERT_EQ(all.size(), 1U);
        EXPECT_EQ(all[0].id, id);
        EXPECT_EQ(all[0].created_at, event.created_at);
        EXPECT_EQ(all[0].actor, event.actor);
        EXPECT_EQ(all[0].actor_id, event.actor_id);
        EXPECT_EQ(all[0].type, event.type);
        EXPECT_EQ(all[0].status, event.status);
        EXPECT_EQ(all[0].detail, event.detail);
        EXPECT_EQ(all[0].origin.source_address, "192.0.2.1");
        EXPECT_EQ(all[0].origin.request_id, "req-1");
        EXPECT_EQ(all[0].origin.route, "POST /x");
        EXPECT_TRUE(all[0].simulated);
        EXPECT_EQ(all[0].count, 42);
        EXPECT_EQ(all[0].target, event.target);
        EXPECT_EQ(all[0].other_targets, event.other_targets);
        EXPECT_EQ(all[0].unlisted_targets, 3);
    });
}

TEST_P(audit, stores_every_type_of_event) {
    const auto last = static_cast<int>(event_type::retention_release);
    for (int type = 0; type <= last; ++type)
        append({.created_at = at(type), .type = static_cast<event_type>(type)});
    read([&](const snapshot& state) {
        const auto all = *state.audit().list({});
        ASSERT_EQ(all.size(), static_cast<std::size_t>(last) + 1);
        for (int type = 0; type <= last; ++type)
            EXPECT_EQ(all[static_cast<std::size_t>(last - type)].type, static_cast<event_type>(type));
    });
}

TEST_P(audit, is_listed_newest_first_narrowed_by_each_filter_and_all_together) {
    const auto a =
        append({.created_at = at(1), .actor = actor_type::user, .actor_id = "1", .type = event_type::login});
    const auto b = append({.created_at = at(2),
                           .actor = actor_type::user,
                           .actor_id = "2",
                           .type = event_type::login,
                           .status = event_status::denied});
    const auto c = append(
        {.created_at = at(3), .actor = actor_type::device, .actor_id = "1", .type = event_type::refresh});
    const auto d =
        append({.created_at = at(4), .actor = actor_type::user, .actor_id = "1", .type = event_type::login});
    EXPECT_EQ(list({}), (ids{d, c, b, a}));
    EXPECT_EQ(list({.limit = 2}), (ids{d, c}));
    EXPECT_EQ(list({.since = at(2)}), (ids{d, c, b}));
    EXPECT_EQ(list({.until = at(2)}), (ids{b, a}));
    EXPECT_EQ(list({.since = at(2), .until = at(3)}), (ids{c, b}));
    EXPECT_EQ(list({.actor = actor_type::device}), ids{c});
    EXPECT_EQ(list({.actor_id = "1"}), (ids{d, c, a}));
    EXPECT_EQ(list({.type = event_type::login}), (ids{d, b, a}));
    EXPECT_EQ(list({.status = event_status::denied}), ids{b});
    EXPECT_EQ(list({.before = c}), (ids{b, a}));
    EXPECT_EQ(list({.since = at(1),
                    .until = at(4),
                    .actor = actor_type::user,
                    .actor_id = "1",
                    .type = event_type::login,
                    .status = event_status::success,
                    .before = d,
                    .limit = 5}),
              ids{a});
}

TEST_P(audit, finds_events_by_main_target_and_by_other_targets) {
    const event_target mast{target_type::device, "7b0c"};
    const event_target user{target_type::user, "7"};
    const event_target rule{target_type::alert_rule, "7"};
    const auto event_about = [&](int seconds, const event_target& main_target,
                                 std::vector<event_target> others = {}) {
        return append({.created_at = at(seconds),
                       .type = event_type::device_forbidden,
                       .status = event_status::denied,
                       .target = main_target,
                       .other_targets = std::move(others)});
    };
    const auto a = event_about(1, mast);
    const auto b = event_about(2, user, {mast, rule});
    const auto c = event_about(3, user);
    const auto d = event_about(3, mast, {user});
    append({.created_at = at(4)});
    EXPECT_EQ(list({.target_type = target_type::device, .target_id = "7b0c"}), (ids{d, b, a}));
    EXPECT_EQ(list({.target_type = target_type::user, .target_id = "7"}), (ids{d, c, b}));
    EXPECT_EQ(list({.target_type = target_type::alert_rule, .target_id = "7"}), ids{b});
    EXPECT_EQ(list({.target_type = target_type::user, .target_id = "7b0c"}), ids{});
    EXPECT_EQ(list({.target_type = target_type::user}), (ids{c, b})) << "only main targets match";
    EXPECT_EQ(list({.target_type = target_type::user, .target_id = "7", .before = d}), (ids{c, b}));
    EXPECT_EQ(list({.since = at(2), .until = at(2), .target_type = target_type::device, .target_id = "7b0c"}),
              ids{b});
    EXPECT_EQ(list({.target_type = target_type::device, .target_id = "7b0c", .limit = 1}), ids{d});
    EXPECT_EQ(expire(at(3), 10), 2);
    EXPECT_EQ(list({.target_type = target_type::device, .target_id = "7b0c"}), ids{d});
    EXPECT_EQ(list({.target_type = target_type::alert_rule, .target_id = "7"}), ids{});
}

TEST_P(audit, leaves_out_routine_events_on_request) {
    const event_target mast{target_type::device, "7b0c"};
    ids notable;
    const auto last = static_cast<int>(event_type::retention_release);
    for (int type = 0; type <= last; ++type)
        for (const event_status status : {event_status::success, event_status::denied, event_status::error}) {
            const auto kind = static_cast<event_type>(type);
            const auto id = append({.created_at = at(1), .type = kind, .status = status, .target = mast});
            if (!is_routine(kind, status))
                notable.insert(notable.begin(), id);
        }
    EXPECT_EQ(list({.routine = false, .limit = 1000}), notable);
    EXPECT_EQ(list({.target_type = mast.type, .target_id = mast.id, .routine = false, .limit = 1000}),
              notable);
    EXPECT_EQ(list({.target_type = mast.type, .target_id = mast.id, .limit = 1000}).size(),
              static_cast<std::size_t>(last + 1) * 3);
}

TEST_P(audit, removes_expired_events_oldest_first_in_steps) {
    ids all;
    for (int i = 0; i < 6; ++i)
        all.push_back(append({.created_at = at(i)}));
    EXPECT_EQ(expire(at(4), 3), 3);
    EXPECT_EQ(list({}), (ids{all[5], all[4], all[3]}));
    EXPECT_EQ(expire(at(4), 3), 1) << "an event at the time limit stays";
    EXPECT_EQ(expire(at(4), 3), 0);
    EXPECT_EQ(list({}), (ids{all[5], all[4]}));
}

TEST_P(audit, never_reuses_an_id) {
    const auto last = append({.created_at = at(1)});
    EXPECT_EQ(expire(at(2), 10), 1);
    reopen();
    EXPECT_GT(append({.created_at = at(3)}), last);
}

TEST_P(audit, is_append_only_even_for_attackers_who_bypass_the_ports) {
    const auto id =
        append({.created_at = at(1), .target = event_target{target_type::device, "7b0c"}, .detail = "kept"});
    EXPECT_EQ(expire(at(1), 10), 0); // must not leave deletion enabled
    const auto attacks = GetParam().attack_audit_log(folder());
    EXPECT_FALSE(attacks.empty());
    for (const audit_attack& attack : attacks)
        EXPECT_TRUE(attack.refused) << attack.description;
    read([&](const snapshot& state) {
        const auto all = *state.audit().list({});
        ASSERT_EQ(all.size(), 1U);
        EXPECT_EQ(all[0].id, id);
        EXPECT_EQ(all[0].detail, "kept");
    });
}

} // namespace
} // namespace breakwater::storage::contract
