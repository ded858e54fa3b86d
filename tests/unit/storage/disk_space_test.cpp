#include "storage/sqlite/disk_space.hpp"

#include <gtest/gtest.h>

namespace breakwater::storage::sqlite {
namespace {

TEST(disk_space, is_nearly_full_below_the_minimum) {
    struct statvfs disk{};
    disk.f_frsize = 4096;
    disk.f_blocks = 1'000'000;
    disk.f_bavail = 100;
    EXPECT_FALSE(is_nearly_full(disk, 409'600));
    EXPECT_TRUE(is_nearly_full(disk, 409'601));
}

TEST(disk_space, that_is_unknown_is_not_full) {
    struct statvfs disk{};
    disk.f_frsize = 4096;
    EXPECT_FALSE(is_nearly_full(disk, 1));
}

} // namespace
} // namespace breakwater::storage::sqlite
