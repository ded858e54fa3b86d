#include "app/output_file.hpp"

#include "app/read_file.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sys/stat.h>

namespace breakwater::app {
namespace {

class output_file_test : public testing::Test {
protected:
    std::ptrdiff_t files() const {
        return std::distance(std::filesystem::directory_iterator{folder_.path()}, {});
    }
    std::string text() const { return read_file(path_, 1000).value(); }

    test::temp_folder folder_;
    const std::filesystem::path path_ = folder_ / "out.csv";
};

TEST_F(output_file_test, appears_complete_and_private) {
    auto out = output_file::open(path_, false);
    ASSERT_TRUE(out) << out.error().detail;
    ASSERT_TRUE(out->write("one\n"));
    EXPECT_FALSE(std::filesystem::exists(path_));
    ASSERT_TRUE(out->write("two\n"));
    ASSERT_TRUE(out->finish());
    EXPECT_EQ(text(), "one\ntwo\n");
    EXPECT_EQ(files(), 1);
    struct stat status{};
    ASSERT_EQ(::stat(path_.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0600U);
}

TEST_F(output_file_test, leaves_no_file_when_it_is_not_finished) {
    {
        auto out = output_file::open(path_, false);
        ASSERT_TRUE(out);
        ASSERT_TRUE(out->write("half"));
    }
    EXPECT_EQ(files(), 0);
}

TEST_F(output_file_test, overwrites_only_on_request) {
    std::ofstream{path_} << "old";
    const auto refused = output_file::open(path_, false);
    ASSERT_FALSE(refused);
    EXPECT_TRUE(refused.error().detail.contains("already exists"));
    auto out = output_file::open(path_, true);
    ASSERT_TRUE(out);
    ASSERT_TRUE(out->write("new"));
    EXPECT_EQ(text(), "old") << "until it is complete";
    ASSERT_TRUE(out->finish());
    EXPECT_EQ(text(), "new");
}

TEST_F(output_file_test, does_not_replace_a_file_created_meanwhile) {
    auto out = output_file::open(path_, false);
    ASSERT_TRUE(out);
    std::ofstream{path_} << "somebody's";
    EXPECT_FALSE(out->finish());
    EXPECT_EQ(text(), "somebody's");
}

TEST_F(output_file_test, does_not_follow_a_dangling_link) {
    std::filesystem::create_symlink(folder_ / "elsewhere", path_);
    EXPECT_FALSE(output_file::open(path_, false));
}

TEST_F(output_file_test, writes_to_a_device_and_never_replaces_it) {
    for (const bool overwrite : {false, true}) {
        auto full = output_file::open("/dev/full", overwrite);
        ASSERT_TRUE(full);
        const auto refused = full->write("x");
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, errc::storage_full);
        auto null = output_file::open("/dev/null", overwrite);
        ASSERT_TRUE(null);
        EXPECT_TRUE(null->write("x"));
        EXPECT_TRUE(null->finish());
    }
    EXPECT_TRUE(std::filesystem::is_character_file("/dev/full"));
    EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST_F(output_file_test, does_not_replace_a_folder) {
    std::filesystem::create_directory(path_);
    EXPECT_FALSE(output_file::open(path_, true));
}

TEST_F(output_file_test, reports_why_it_can_not_be_created) {
    const auto refused = output_file::open(folder_ / "no/such/folder.csv", false);
    ASSERT_FALSE(refused);
    EXPECT_TRUE(refused.error().detail.contains("No such file"));
}

} // namespace
} // namespace breakwater::app
