#include "contract/backend.hpp"

#include <algorithm>

namespace breakwater::storage::contract {
namespace {

class followed_changes final : public change_follower {
public:
    void follow(const change& committed) override { subjects.push_back(subject_of(committed).key); }
    std::vector<std::string> subjects;
};

BREAKWATER_CONTRACT(change_log_contract);

using keys = std::vector<std::string>;

keys keys_of(const result<std::vector<logged_change>>& changes) {
    keys out;
    for (const logged_change& item : *changes)
        out.push_back(item.kind + ' ' + item.key);
    return out;
}

TEST_P(change_log_contract, lists_changes_in_the_order_of_their_commits) {
    const device_id roof{.bytes = {1}};
    write([&](transaction& tx) -> result<void> {
        EXPECT_TRUE(tx.changes().publish(rule_changed{7}));
        EXPECT_TRUE(tx.changes().publish(device_removed{roof, 1}));
        return {};
    });
    write([](transaction& tx) { return tx.changes().publish(policy_saved{.scope = category::smart_lock}); });
    read([&](const snapshot& state) {
        EXPECT_EQ(keys_of(state.changes().after(0, 10)),
                  (keys{"rule 7", "device " + roof.to_string(), "policy smart_lock"}));
        EXPECT_EQ(keys_of(state.changes().after(1, 1)), keys{"device " + roof.to_string()});
        EXPECT_EQ(state.changes().last(), 3);
        EXPECT_TRUE(state.changes().after(3, 10)->empty());
    });
}

TEST_P(change_log_contract, survives_a_restart) {
    write([](transaction& tx) { return tx.changes().publish(rule_changed{1}); });
    reopen();
    write([](transaction& tx) { return tx.changes().publish(rule_changed{2}); });
    read([](const snapshot& state) {
        EXPECT_EQ(keys_of(state.changes().after(0, 10)), (keys{"rule 1", "rule 2"}));
    });
}

TEST_P(change_log_contract, keeps_the_newest_changes_and_says_when_some_are_gone) {
    write([](transaction& tx) -> result<void> {
        for (change_position n = 1; n <= max_logged_changes + 2; ++n)
            if (auto published = tx.changes().publish(rule_changed{n}); !published)
                return published;
        return {};
    });
    read([](const snapshot& state) {
        EXPECT_EQ(state.changes().after(1, 10).error().code, errc::bad_state);
        const auto kept = state.changes().after(2, 100'000);
        ASSERT_TRUE(kept);
        EXPECT_EQ(kept->size(), static_cast<std::size_t>(max_logged_changes));
        EXPECT_EQ(kept->front().position, 3);
    });
}

TEST_P(change_log_contract, delivers_committed_changes_to_the_followers) {
    followed_changes first;
    {
        followed_changes second;
        const change_feed::subscription follows{db_->feed(), first};
        const change_feed::subscription also_follows{db_->feed(), second};
        write([](transaction& tx) { return tx.changes().publish(rule_changed{1}); });
        EXPECT_EQ(second.subjects, keys{"1"});
    }
    const change_feed::subscription follows{db_->feed(), first};
    EXPECT_FALSE(db_->write([](transaction& tx) -> result<void> {
        EXPECT_TRUE(tx.changes().publish(rule_changed{2}));
        return fail(errc::conflict, "rolled back");
    }));
    write([](transaction& tx) { return tx.changes().publish(rule_changed{3}); });
    EXPECT_EQ(first.subjects, (keys{"1", "3"})) << "nothing of a change that was rolled back";
    read([](const snapshot& state) {
        EXPECT_EQ(keys_of(state.changes().after(0, 10)), (keys{"rule 1", "rule 3"}));
    });
}

} // namespace
} // namespace breakwater::storage::contract
