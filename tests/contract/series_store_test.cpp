#include "contract/backend.hpp"

#include "support/manual_clock.hpp"

#include <algorithm>
#include <array>

namespace breakwater::storage::contract {
namespace {

class readings : public storage_test {
protected:
    void SetUp() override {
        storage_test::SetUp();
        owner_ = add_user("ann@example.com");
        device_ = add_device(owner_, "one").id;
        other_ = add_device(owner_, "two").id;
    }

    reading reading_at(std::int64_t seconds, bool simulated = false) const {
        return {.device_id = device_, .received_at = at(seconds), .payload = "{}", .simulated = simulated};
    }

    std::vector<reading_id> page(const reading_filter& filter, reading_order order, std::size_t limit = 100,
                                 std::optional<reading_position> after = {}) {
        std::vector<reading_id> out;
        read([&](const snapshot& state) {
            const auto rows = state.readings().page(filter, order, after, limit);
            ASSERT_TRUE(rows) << rows.error().detail;
            for (const reading& row : *rows)
                out.push_back(row.id);
        });
        return out;
    }

    reading_summary summary(const reading_filter& filter) {
        reading_summary out;
        read([&](const snapshot& state) { out = *state.readings().summary(filter); });
        return out;
    }

    user_id owner_ = 0;
    device_id device_;
    device_id other_;
};
INSTANTIATE_TEST_SUITE_P(, readings, testing::ValuesIn(backends()), backend_name);

using ids = std::vector<reading_id>;

TEST_P(readings, in_a_page_are_limited_in_bytes) {
    std::vector<reading> large;
    for (std::int64_t i = 0; i < 20; ++i) {
        large.push_back(reading_at(i));
        large.back().payload = '"' + std::string(std::size_t{1} << 20, 'x') + '"';
    }
    add_readings(std::move(large));
    EXPECT_EQ(page({.device_id = device_}, reading_order::oldest_first).size(), 8U);
    std::size_t total = 0;
    std::optional<reading_position> after;
    read([&](const snapshot& state) {
        for (;;) {
            const auto rows = state.readings()
                                  .page({.device_id = device_}, reading_order::oldest_first, after, 100)
                                  .value();
            if (rows.empty())
                return;
            total += rows.size();
            after = {rows.back().received_at, rows.back().id};
        }
    });
    EXPECT_EQ(total, 20U) << "the following pages contain the rest";
}

TEST_P(readings, show_which_devices_were_active_since_a_time) {
    const auto active_since = [this](std::int64_t seconds) {
        std::vector<device_id> active;
        read([&](const snapshot& state) { active = state.readings().active_since(at(seconds)).value(); });
        std::ranges::sort(active);
        return active;
    };
    std::vector<device_id> both{device_, other_};
    std::ranges::sort(both);
    std::vector<reading> batch; // becomes a block at once
    for (std::int64_t i = 0; i < 200; ++i)
        batch.push_back(reading_at(100 + i));
    add_readings(std::move(batch));
    add_readings({{.device_id = other_, .received_at = at(150), .payload = "{}"}});
    EXPECT_EQ(active_since(0), both);
    EXPECT_EQ(active_since(150), both);
    EXPECT_EQ(active_since(151), std::vector{device_});
    EXPECT_TRUE(active_since(300).empty());
    ASSERT_TRUE(db_->compact(true));
    EXPECT_EQ(active_since(150), both);
    EXPECT_EQ(active_since(151), std::vector{device_});
    write([&](transaction& tx) { return tx.devices().remove(device_); });
    EXPECT_EQ(active_since(0), std::vector{other_}) << "a removed device is not listed";
}

TEST_P(readings, store_every_member_and_get_ascending_ids) {
    const auto added =
        add_readings({{.device_id = device_,
                       .device_timestamp = at(-5, 7),
                       .received_at = at(1, 2),
                       .payload = R"({"a":"\u0000ü","b":[1.0e5]})"},
                      {.device_id = other_, .received_at = at(0), .payload = "{}", .simulated = true}});
    EXPECT_GE(added[0].id, 1);
    EXPECT_GT(added[1].id, added[0].id);
    reopen();
    read([&](const snapshot& state) {
        const auto rows = *state.readings().page({.device_id = device_}, reading_order::newest_first, {}, 10);
        ASSERT_EQ(rows.size(), 1U);
        EXPECT_EQ(rows[0].id, added[0].id);
        EXPECT_EQ(rows[0].device_id, device_);
        EXPECT_EQ(rows[0].device_timestamp, at(-5, 7));
        EXPECT_EQ(rows[0].received_at, at(1, 2));
        EXPECT_EQ(rows[0].payload, added[0].payload);
        EXPECT_FALSE(rows[0].simulated);
        const auto other_rows = *state.readings().page({.device_id = other_, .include_simulated = true},
                                                       reading_order::newest_first, {}, 10);
        ASSERT_EQ(other_rows.size(), 1U);
        EXPECT_FALSE(other_rows[0].device_timestamp);
        EXPECT_TRUE(other_rows[0].simulated);
    });
}

TEST_P(readings, are_listed_in_either_order_with_ties_by_id) {
    const auto added =
        add_readings({reading_at(2), reading_at(1), reading_at(2), reading_at(3, true), reading_at(2, true)});
    const auto id = [&](std::size_t i) { return added[i].id; };
    const reading_filter real{.device_id = device_};
    const reading_filter all{.device_id = device_, .include_simulated = true};
    EXPECT_EQ(page(real, reading_order::newest_first), (ids{id(2), id(0), id(1)}));
    EXPECT_EQ(page(real, reading_order::oldest_first), (ids{id(1), id(0), id(2)}));
    EXPECT_EQ(page(all, reading_order::newest_first), (ids{id(3), id(4), id(2), id(0), id(1)}));
    EXPECT_EQ(page(all, reading_order::oldest_first), (ids{id(1), id(0), id(2), id(4), id(3)}));
}

TEST_P(readings, are_filtered_before_the_limit_applies) {
    std::vector<reading> many;
    for (int i = 0; i < 300; ++i)
        many.push_back(reading_at(i, i % 100 != 0));
    const auto added = add_readings(many);
    EXPECT_EQ(page({.device_id = device_}, reading_order::newest_first, 2),
              (ids{added[200].id, added[100].id}));
    EXPECT_EQ(page({.device_id = device_}, reading_order::newest_first, 0), ids{});
}

TEST_P(readings, are_selected_with_inclusive_bounds) {
    const auto added =
        add_readings({reading_at(1), reading_at(2), reading_at(3), reading_at(4), reading_at(3, true)});
    const reading_filter filter{.device_id = device_, .since = at(2), .until = at(3)};
    EXPECT_EQ(page(filter, reading_order::oldest_first), (ids{added[1].id, added[2].id}));
    const auto selected = summary(filter);
    EXPECT_EQ(selected.total, 2);
    EXPECT_EQ(selected.oldest, at(2));
    EXPECT_EQ(selected.newest, at(3));
    EXPECT_EQ(page({.device_id = device_, .since = at(3, 1)}, reading_order::oldest_first), ids{added[3].id});
    EXPECT_EQ(page({.device_id = device_, .until = at(0)}, reading_order::oldest_first), ids{});
    EXPECT_EQ(page({.device_id = device_, .since = at(3), .until = at(2)}, reading_order::oldest_first),
              ids{});
}

TEST_P(readings, are_paged_without_gaps_or_repeats) {
    std::vector<reading> many;
    for (int i = 0; i < 60; ++i)
        many.push_back(reading_at((i * 7 % 60) / 6, i % 3 == 0)); // out of order, and six at a time are tied
    add_readings(many);
    for (const bool include : {false, true}) {
        for (const auto order : {reading_order::newest_first, reading_order::oldest_first}) {
            const reading_filter filter{
                .device_id = device_, .since = at(1), .until = at(8), .include_simulated = include};
            const auto whole = page(filter, order, 1000);
            EXPECT_EQ(static_cast<std::int64_t>(whole.size()), summary(filter).total);
            ids paged;
            std::optional<reading_position> after;
            for (;;) {
                std::vector<reading> step;
                read([&](const snapshot& state) { step = *state.readings().page(filter, order, after, 7); });
                if (step.empty())
                    break;
                for (const reading& row : step)
                    paged.push_back(row.id);
                after = reading_position{step.back().received_at, step.back().id};
            }
            EXPECT_EQ(paged, whole);
        }
    }
}

TEST_P(readings, are_summarised) {
    const auto empty = summary({.device_id = device_});
    EXPECT_EQ(empty.total, 0);
    EXPECT_FALSE(empty.oldest || empty.newest);
    add_readings({reading_at(2), reading_at(5), reading_at(1, true), reading_at(9, true)});
    const auto real = summary({.device_id = device_});
    EXPECT_EQ(real.total, 2);
    EXPECT_EQ(real.oldest, at(2));
    EXPECT_EQ(real.newest, at(5));
    const auto all = summary({.device_id = device_, .include_simulated = true});
    EXPECT_EQ(all.total, 4);
    EXPECT_EQ(all.oldest, at(1));
    EXPECT_EQ(all.newest, at(9));
    EXPECT_EQ(summary({.device_id = new_id()}).total, 0);
}

TEST_P(readings, show_when_the_last_was_received) {
    const auto last = [&](const device_id& id) {
        std::optional<timestamp> out;
        read([&](const snapshot& state) { out = *state.readings().last_received(id, true); });
        return out;
    };
    EXPECT_FALSE(last(device_));
    add_readings({reading_at(3), reading_at(2)});
    EXPECT_EQ(last(device_), at(3));
    add_readings({reading_at(4, true)});
    EXPECT_EQ(last(device_), at(4));
    add_readings({reading_at(5)});
    EXPECT_EQ(last(device_), at(5));
    EXPECT_FALSE(last(other_));
    EXPECT_FALSE(last(new_id()));
}

TEST_P(readings, of_a_removed_device_are_skipped) {
    add_readings({reading_at(1)}); // fills any cache that knows the device
    write([&](transaction& tx) { return tx.devices().remove(device_); });
    const auto added = add_readings(
        {reading_at(2), {.device_id = other_, .received_at = at(2), .payload = "{}"}, reading_at(3)});
    EXPECT_EQ(added[0].outcome, append_outcome::no_device);
    EXPECT_EQ(added[1].outcome, append_outcome::stored);
    EXPECT_EQ(added[2].outcome, append_outcome::no_device);
    EXPECT_EQ(summary({.device_id = device_}).total, 0);
    EXPECT_EQ(summary({.device_id = other_}).total, 1);
}

TEST_P(readings, stay_when_the_removal_of_their_device_is_rolled_back) {
    add_readings({reading_at(1)});
    const auto refused = db_->write([&](transaction& tx) -> result<void> {
        if (auto removed = tx.devices().remove(device_); !removed)
            return removed;
        return fail(errc::conflict, "rolled back");
    });
    EXPECT_FALSE(refused);
    EXPECT_EQ(add_readings({reading_at(2)})[0].outcome, append_outcome::stored);
    EXPECT_EQ(summary({.device_id = device_}).total, 2);
}

TEST_P(readings, of_a_device_whose_insertion_was_rolled_back_are_skipped) {
    const auto ghost = new_id();
    const auto refused = db_->write([&](transaction& tx) -> result<void> {
        if (auto inserted = tx.devices().insert({.id = ghost, .owner = owner_, .name = "ghost"}); !inserted)
            return inserted;
        std::vector<reading> first{{.device_id = ghost, .received_at = at(1), .payload = "{}"}};
        if (auto added = tx.readings().append(first); !added)
            return added;
        return fail(errc::conflict, "rolled back");
    });
    EXPECT_FALSE(refused);
    EXPECT_EQ(add_readings({{.device_id = ghost, .received_at = at(2), .payload = "{}"}})[0].outcome,
              append_outcome::no_device);
    // They must not appear in a device that is inserted later.
    const auto next = add_device(owner_, "next").id;
    EXPECT_EQ(summary({.device_id = next}).total, 0);
}

TEST_P(readings, never_reuse_an_id) {
    add_readings({reading_at(1)});
    const auto last = add_readings({reading_at(2)})[0].id;
    write([&](transaction& tx) { return tx.devices().remove(device_); });
    reopen();
    const auto next = add_readings({{.device_id = other_, .received_at = at(3), .payload = "{}"}})[0].id;
    EXPECT_GT(next, last);
}

TEST_P(readings, that_were_prepared_and_partly_stored_before_are_stored_once) {
    std::vector<reading> batch;
    for (int i = 0; i < 200; ++i) {
        batch.push_back(reading_at(1000));
        batch.back().payload = R"({"n":)" + std::to_string(i) + "}";
        batch.back().message_id = std::to_string(i);
    }
    add_readings({batch[120]}); // stored before, alone
    const auto added = add_readings(batch, true);
    EXPECT_EQ(added[120].outcome, append_outcome::repeated);
    EXPECT_EQ(summary({.device_id = device_}).total, 200);
    EXPECT_EQ(page({.device_id = device_}, reading_order::oldest_first, 500).size(), 200U);
    read([&](const snapshot& state) {
        const auto sum = state.readings()
                             .aggregates({.device_id = device_,
                                          .from = at(0),
                                          .to = at(7200),
                                          .fields = {"n"},
                                          .step = std::chrono::hours{1}})
                             .value();
        ASSERT_EQ(sum[0].size(), 1U);
        EXPECT_EQ(sum[0].begin()->second.count, 200);
    });
}

TEST_P(readings, with_future_times_are_latest_only_if_there_is_no_other) {
    test::manual_clock time;
    reopen({.time = &time});
    using namespace std::chrono_literals;
    const timestamp now = time.now();
    const auto reading_of = [&](device_id id, timestamp received, const std::string& payload,
                                std::optional<timestamp> measured = {}) {
        return reading{
            .device_id = id, .device_timestamp = measured, .received_at = received, .payload = payload};
    };
    const auto latest = [&](device_id id) {
        std::string out;
        read([&](const snapshot& state) {
            const std::array devices{id};
            const auto states = state.readings().latest(devices, false);
            ASSERT_TRUE(states) << states.error().detail;
            for (const auto& [name, last] : states->front().fields)
                out += name + last.value + ' ';
        });
        return out;
    };
    const auto received = [&](device_id id) {
        std::optional<timestamp> out;
        read([&](const snapshot& state) {
            const std::array devices{id};
            out = state.readings().latest(devices, false).value().front().received_at;
            EXPECT_EQ(out, state.readings().last_received(id, false).value());
        });
        return out;
    };
    add_readings({reading_of(device_, now + 24h * 365, R"({"a":1,"b":1})")});
    EXPECT_EQ(latest(device_), "a1 b1 ") << "there is no other value";
    add_readings({reading_of(device_, now + 24h * 366, R"({"a":2})")});
    EXPECT_EQ(latest(device_), "a2 b1 ");
    EXPECT_EQ(received(device_), now + 24h * 366) << "there is no other value";
    // The server's clock is corrected.
    add_readings({reading_of(device_, now, R"({"a":3})", now - 1h)});
    EXPECT_EQ(received(device_), now);
    EXPECT_EQ(latest(device_), "a3 b1 ");
    add_readings({reading_of(device_, now, R"({"a":4})"), reading_of(device_, now, R"({"a":5})", now - 2h)});
    EXPECT_EQ(latest(device_), "a4 b1 ") << "an earlier measurement does not replace a later one";
    add_readings({reading_of(device_, now, R"({"a":6})", now + 4min)});
    EXPECT_EQ(latest(device_), "a6 b1 ") << "a device's clock may be up to five minutes ahead";
    // One batch with present times and times one year ahead.
    add_readings({reading_of(other_, now - 2s, R"({"a":1})"), reading_of(other_, now - 1s, R"({"a":2})"),
                  reading_of(other_, now + 24h * 365, R"({"a":3})"),
                  reading_of(other_, now + 24h * 365, R"({"c":3})")});
    EXPECT_EQ(latest(other_), "a2 c3 ");
    EXPECT_EQ(received(other_), now - 1s);
    reopen({.time = &time});
    EXPECT_EQ(latest(device_), "a6 b1 ");
    EXPECT_EQ(latest(other_), "a2 c3 ");
    db_.reset(); // uses the clock
}

TEST_P(readings, appended_in_a_unit_of_work_are_visible_to_it) {
    write([&](transaction& tx) -> result<void> {
        std::vector<reading> one{reading_at(1)};
        if (auto added = tx.readings().append(one); !added)
            return added;
        EXPECT_EQ(tx.readings().summary({.device_id = device_})->total, 1);
        return {};
    });
}

} // namespace
} // namespace breakwater::storage::contract
