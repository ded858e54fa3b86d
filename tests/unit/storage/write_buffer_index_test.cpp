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
