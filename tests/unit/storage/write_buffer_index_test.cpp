#include "storage/engine/write_buffer_index.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace breakwater::storage::engine {
namespace {

using std::chrono::seconds;

class write_buffer_index_test : public testing::Test {
protected:
    void add(device_key device, reading_id id, int second, bool simulated = false) {
        const appended_reading reading{device, {id, timestamp{seconds{second}}, simulated}};
        index_.add({&reading, 1});
    }
    std::vector<device_key> active_since(int second) const {
        auto devices = index_.active_since(timestamp{seconds{second}});
        std::ranges::sort(devices);
        return devices;
    }

    write_buffer_index index_;
};

using keys = std::vector<device_key>;

TEST_F(write_buffer_index_test, keeps_the_first_uncompacted_id_through_compactions_and_removals) {
    EXPECT_EQ(index_.first_uncompacted(), 1);
    add(1, 10, 0);
    add(2, 11, 1);
    add(1, 12, 2);
    add(3, 13, 3);
    EXPECT_EQ(index_.first_uncompacted(), 10);
    index_.compacted(1, 10);
    EXPECT_EQ(index_.first_uncompacted(), 11);
    EXPECT_EQ(index_.uncompacted_before(13, 10), (keys{2, 1}));
    EXPECT_EQ(index_.uncompacted_before(100, 2), (keys{2, 1}));
    index_.drop(2);
    EXPECT_EQ(index_.first_uncompacted(), 12);
    index_.compacted(1, 12);
    index_.compacted(3, 13);
    EXPECT_EQ(index_.first_uncompacted(), 14);
    EXPECT_EQ(index_.uncompacted(), 0U);
    add(1, 20, 4);
    EXPECT_EQ(index_.first_uncompacted(), 20);
}

TEST_F(write_buffer_index_test, names_a_due_device_once) {
    constexpr reading_id size{write_buffer_index::compaction_size};
    for (reading_id id = 1; id <= 3 * size; ++id)
        add(1, id, 0);
    // It was compacted for another reason, such as its age, before it was taken as due.
    index_.compacted(1, size);
    index_.requeue(keys{1});
    EXPECT_EQ(index_.take_due(10), keys{1});
    index_.requeue(keys{1, 1});
    EXPECT_EQ(index_.take_due(10), keys{1});
    EXPECT_EQ(index_.take_due(10), keys{});
}

TEST_F(write_buffer_index_test, keeps_what_others_wrote_apart) {
    constexpr reading_id size{write_buffer_index::compaction_size};
    add(1, 10, 0);
    for (reading_id id = 0; id < size; ++id) {
        const appended_reading foreign{2, {100 + id, timestamp{}, false, 7}};
        index_.add_foreign({&foreign, 1});
    }
    EXPECT_EQ(index_.take_due(10), keys{});
    EXPECT_EQ(index_.uncompacted_before(1000, 10), keys{1});
    EXPECT_EQ(index_.foreign_before(1000, 10), keys{2});
    EXPECT_EQ(index_.compacted_end(0), 10);
    EXPECT_EQ(index_.compacted_end(7), 10);
    index_.compacted(1, 10);
    EXPECT_EQ(index_.compacted_end(0), 11) << "later readings of the lane may have the ids below 100";
    EXPECT_EQ(index_.compacted_end(7), 100);
    EXPECT_EQ(index_.first_owned_uncompacted(), 100 + size);
    EXPECT_TRUE(index_.set_owned(2, true));
    EXPECT_EQ(index_.take_due(10), keys{2});
    EXPECT_FALSE(index_.set_owned(2, false));
    EXPECT_EQ(index_.take_due(10), keys{});
}

TEST_F(write_buffer_index_test, takes_readings_of_a_device_out_of_order) {
    for (const reading_id id : {20, 10, 30}) {
        const appended_reading foreign{1, {id, timestamp{}, false, 7}};
        index_.add_foreign({&foreign, 1});
    }
    EXPECT_EQ(index_.first_uncompacted(), 10);
    index_.compacted(1, 10);
    EXPECT_EQ(index_.first_uncompacted(), 20);
    EXPECT_EQ(index_.view(1).entries.size(), 3U);
}

TEST_F(write_buffer_index_test, finds_old_readings_by_their_arrival) {
    add(1, 1, 100);
    add(2, 2, 50); // for example imported
    add(3, 3, 200);
    EXPECT_EQ(index_.uncompacted_for(seconds{100}, 10), (keys{2, 1}));
    EXPECT_EQ(index_.uncompacted_for(seconds{150}, 10), keys{2});
    EXPECT_EQ(index_.uncompacted_for(seconds{1}, 1), keys{2});
}

TEST_F(write_buffer_index_test, finds_devices_with_recent_real_readings) {
    add(1, 1, 10);
    add(2, 2, 20);
    add(1, 3, 30);
    add(3, 4, 40, true);
    EXPECT_EQ(active_since(0), (keys{1, 2}));
    EXPECT_EQ(active_since(21), keys{1});
    EXPECT_EQ(active_since(31), keys{});
}

} // namespace
} // namespace breakwater::storage::engine
