#include "storage/sqlite/hot_index.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace breakwater::storage::sqlite {
namespace {

using std::chrono::seconds;

class hot_index_test : public testing::Test {
protected:
    void add(device_key device, reading_id id, int second, bool simulated = false) {
        const appended_reading made{device, {id, timestamp{seconds{second}}, simulated}};
        index_.add({&made, 1});
    }
    std::vector<device_key> heard_since(int second) const {
        auto found = index_.heard_since(timestamp{seconds{second}});
        std::ranges::sort(found);
        return found;
    }

    hot_index index_;
};

using keys = std::vector<device_key>;

TEST_F(hot_index_test, knows_what_is_oldest_through_folds_and_removals) {
    EXPECT_EQ(index_.first_unfolded(), 1);
    add(1, 10, 0);
    add(2, 11, 1);
    add(1, 12, 2);
    add(3, 13, 3);
    EXPECT_EQ(index_.first_unfolded(), 10);
    index_.folded(1, 10);
    EXPECT_EQ(index_.first_unfolded(), 11);
    EXPECT_EQ(index_.unfolded_before(13, 10), (keys{2, 1}));
    EXPECT_EQ(index_.unfolded_before(100, 2), (keys{2, 1}));
    index_.drop(2);
    EXPECT_EQ(index_.first_unfolded(), 12);
    index_.folded(1, 12);
    index_.folded(3, 13);
    EXPECT_EQ(index_.first_unfolded(), 14);
    EXPECT_EQ(index_.unfolded(), 0U);
    add(1, 20, 4);
    EXPECT_EQ(index_.first_unfolded(), 20);
}

TEST_F(hot_index_test, knows_what_waits_for_long_by_arrival) {
    add(1, 1, 100);
    add(2, 2, 50); // imported, say
    add(3, 3, 200);
    EXPECT_EQ(index_.unfolded_for(seconds{100}, 10), (keys{2, 1}));
    EXPECT_EQ(index_.unfolded_for(seconds{150}, 10), keys{2});
    EXPECT_EQ(index_.unfolded_for(seconds{1}, 1), keys{2});
}

TEST_F(hot_index_test, knows_who_was_heard_lately) {
    add(1, 1, 10);
    add(2, 2, 20);
    add(1, 3, 30);
    add(3, 4, 40, true);
    EXPECT_EQ(heard_since(0), (keys{1, 2}));
    EXPECT_EQ(heard_since(21), keys{1});
    EXPECT_EQ(heard_since(31), keys{});
}

} // namespace
} // namespace breakwater::storage::sqlite
