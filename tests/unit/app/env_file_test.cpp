#include "app/env_file.hpp"

#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace breakwater::app {
namespace {

std::string value_of(std::string_view line) {
    const auto parsed = parse_env(line, ".env");
    return parsed ? parsed->at("KEY") : "refused: " + parsed.error().detail;
}

TEST(env_file, accepts_plain_values) {
    EXPECT_EQ(value_of("KEY=value"), "value");
    EXPECT_EQ(value_of("  KEY  =  two words  \r\n"), "two words");
    EXPECT_EQ(value_of("export KEY=value"), "value");
    EXPECT_EQ(value_of("KEY="), "");
    EXPECT_EQ(value_of("KEY=a=b==").substr(), "a=b==");
    EXPECT_EQ(value_of("\xef\xbb\xbfKEY=after a byte order mark"), "after a byte order mark");
    EXPECT_EQ(value_of(R"(KEY=["https://a.example", "https://b.example"])"),
              R"(["https://a.example", "https://b.example"])");
}

TEST(env_file, ends_a_value_at_a_comment_after_whitespace) {
    EXPECT_EQ(value_of("KEY=value # why"), "value");
    EXPECT_EQ(value_of("KEY=value\t# why"), "value");
    EXPECT_EQ(value_of("KEY= # nothing"), "");
    EXPECT_EQ(value_of("KEY=pass#word"), "pass#word");
    EXPECT_EQ(value_of("KEY=pass#word # why"), "pass#word");
    EXPECT_EQ(value_of("# KEY=no\n\n   # nor this\nKEY=yes"), "yes");
}

TEST(env_file, keeps_quoted_text) {
    EXPECT_EQ(value_of("KEY=' two  words # no comment '"), " two  words # no comment ");
    EXPECT_EQ(value_of(R"(KEY='C:\new "x"')"), R"(C:\new "x")");
    EXPECT_EQ(value_of(R"(KEY="a" # why)"), "a");
    EXPECT_EQ(value_of(R"(KEY="")"), "");
    EXPECT_EQ(value_of(R"(KEY="it's")"), "it's");
    EXPECT_EQ(value_of(R"(KEY="line\nline\t\"x\" \\n")"), "line\nline\t\"x\" \\n");
}

TEST(env_file, uses_the_last_value_of_a_name) {
    EXPECT_EQ(value_of("KEY=first\nKEY=second"), "second");
}

TEST(env_file, names_the_malformed_line) {
    for (const std::string_view line :
         {"KEY", "=value", "KEY value", "MY KEY=value", "1KEY=value", "KEY-A=value", "export =x",
          "KEY=\"open", "KEY='open", "KEY=\"a\" b", "KEY='a'b", R"(KEY="\q")", "KEY=\"\\"}) {
        const auto parsed = parse_env("# first\nOTHER=1\n" + std::string{line}, "some.env");
        ASSERT_FALSE(parsed) << line;
        EXPECT_EQ(parsed.error().code, errc::malformed);
        EXPECT_TRUE(parsed.error().detail.starts_with("some.env, line 3: ")) << parsed.error().detail;
    }
    EXPECT_FALSE(parse_env(std::string_view{"KEY=a\0b", 7}, ".env"));
}

TEST(env_file, is_empty_if_the_file_does_not_exist) {
    const test::temp_folder folder;
    const auto loaded = read_env_file(folder / ".env");
    ASSERT_TRUE(loaded);
    EXPECT_TRUE(loaded->empty());
}

TEST(env_file, is_an_error_if_the_file_can_not_be_read) {
    const test::temp_folder folder;
    std::filesystem::create_directory(folder / ".env"); // even root can't read it as a file
    const auto loaded = read_env_file(folder / ".env");
    ASSERT_FALSE(loaded);
    EXPECT_NE(loaded.error().detail.find(".env"), std::string::npos);
}

TEST(env_file, has_a_maximum_size) {
    const test::temp_folder folder;
    const auto write = [&](std::size_t size) {
        std::ofstream{folder / ".env"} << "KEY=" << std::string(size - 4, 'x');
    };
    write(max_env_file_bytes);
    EXPECT_TRUE(read_env_file(folder / ".env"));
    write(max_env_file_bytes + 1);
    const auto loaded = read_env_file(folder / ".env");
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, errc::too_large);
}

} // namespace
} // namespace breakwater::app
