#include "app/env_file.hpp"

#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace breakwater::app {
namespace {

std::string value_of(std::string_view line) {
    const auto read = parse_env(line, ".env");
    return read ? read->at("KEY") : "refused: " + read.error().detail;
}

TEST(env_file, takes_plain_values) {
    EXPECT_EQ(value_of("KEY=value"), "value");
    EXPECT_EQ(value_of("  KEY  =  two words  \r\n"), "two words");
    EXPECT_EQ(value_of("export KEY=value"), "value");
    EXPECT_EQ(value_of("KEY="), "");
    EXPECT_EQ(value_of("KEY=a=b==").substr(), "a=b==");
    EXPECT_EQ(value_of("\xef\xbb\xbfKEY=after a byte order mark"), "after a byte order mark");
    EXPECT_EQ(value_of(R"(KEY=["https://a.example", "https://b.example"])"),
              R"(["https://a.example", "https://b.example"])");
}

TEST(env_file, ends_a_value_at_a_comment_behind_a_blank) {
    EXPECT_EQ(value_of("KEY=value # why"), "value");
    EXPECT_EQ(value_of("KEY=value\t# why"), "value");
    EXPECT_EQ(value_of("KEY= # nothing"), "");
    EXPECT_EQ(value_of("KEY=pass#word"), "pass#word");
    EXPECT_EQ(value_of("KEY=pass#word # why"), "pass#word");
    EXPECT_EQ(value_of("# KEY=no\n\n   # nor this\nKEY=yes"), "yes");
}

TEST(env_file, keeps_what_is_in_quotes) {
    EXPECT_EQ(value_of("KEY=' two  words # no comment '"), " two  words # no comment ");
    EXPECT_EQ(value_of(R"(KEY='C:\new "x"')"), R"(C:\new "x")");
    EXPECT_EQ(value_of(R"(KEY="a" # why)"), "a");
    EXPECT_EQ(value_of(R"(KEY="")"), "");
    EXPECT_EQ(value_of(R"(KEY="it's")"), "it's");
    EXPECT_EQ(value_of(R"(KEY="line\nline\t\"x\" \\n")"), "line\nline\t\"x\" \\n");
}

TEST(env_file, lets_the_last_of_a_name_count) {
    EXPECT_EQ(value_of("KEY=first\nKEY=second"), "second");
}

TEST(env_file, names_the_line_that_is_malformed) {
    for (const std::string_view line :
         {"KEY", "=value", "KEY value", "MY KEY=value", "1KEY=value", "KEY-A=value", "export =x",
          "KEY=\"open", "KEY='open", "KEY=\"a\" b", "KEY='a'b", R"(KEY="\q")", "KEY=\"\\"}) {
        const auto read = parse_env("# first\nOTHER=1\n" + std::string{line}, "some.env");
        ASSERT_FALSE(read) << line;
        EXPECT_EQ(read.error().code, errc::malformed);
        EXPECT_TRUE(read.error().detail.starts_with("some.env, line 3: ")) << read.error().detail;
    }
    EXPECT_FALSE(parse_env(std::string_view{"KEY=a\0b", 7}, ".env"));
}

TEST(env_file, is_empty_where_it_is_not_there) {
    const test::temp_folder folder;
    const auto read = read_env_file(folder / ".env");
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->empty());
}

TEST(env_file, is_an_error_where_it_can_not_be_read) {
    const test::temp_folder folder;
    std::filesystem::create_directory(folder / ".env"); // even root can't read it as a file
    const auto read = read_env_file(folder / ".env");
    ASSERT_FALSE(read);
    EXPECT_NE(read.error().detail.find(".env"), std::string::npos);
}

TEST(env_file, has_a_largest_size) {
    const test::temp_folder folder;
    const auto write = [&](std::size_t size) {
        std::ofstream{folder / ".env"} << "KEY=" << std::string(size - 4, 'x');
    };
    write(max_env_file_bytes);
    EXPECT_TRUE(read_env_file(folder / ".env"));
    write(max_env_file_bytes + 1);
    const auto read = read_env_file(folder / ".env");
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, errc::too_large);
}

} // namespace
} // namespace breakwater::app
