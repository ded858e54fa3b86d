#include "telemetry/bounded_line.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

namespace breakwater::telemetry {
namespace {

struct lines_read {
    std::vector<std::string> lines;
    std::uint64_t bytes = 0;
};

lines_read read_all(const std::string& text, std::size_t max_size = 1'000'000) {
    std::istringstream input{text};
    lines_read out;
    for (std::string line; read_bounded_line(input, line, max_size, out.bytes);)
        out.lines.push_back(line);
    return out;
}

TEST(bounded_line, reads_the_same_lines_as_getline) {
    for (const std::string& text :
         {std::string{}, std::string{"\n"}, std::string{"a"}, std::string{"a\n"}, std::string{"a\n\nb"},
          std::string{"a\0b\nc", 5}, std::string(16383, 'x') + "\ny", std::string(16384, 'x') + "\n",
          std::string(50'000, 'x') + "\n" + std::string(32766, 'y')}) {
        std::vector<std::string> lines;
        std::istringstream input{text};
        for (std::string line; std::getline(input, line);)
            lines.push_back(line);
        const lines_read read = read_all(text);
        EXPECT_EQ(read.lines, lines) << text.size();
        EXPECT_EQ(read.bytes, text.size());
    }
}

TEST(bounded_line, accepts_all_three_line_endings) {
    std::istringstream input{"a\nb\r\nc\rd\r\r\n\n\re"};
    std::uint64_t bytes = 0;
    std::string all;
    for (std::string line;;) {
        const auto end = read_bounded_line(input, line, 100, bytes);
        if (!end)
            break;
        all += "[" + line + "|" + std::to_string(end->size()) + "]";
    }
    EXPECT_EQ(all, "[a|1][b|2][c|1][d|1][|2][|1][|1][e|0]");
    EXPECT_EQ(bytes, input.str().size());
}

TEST(bounded_line, bounds_the_memory_of_an_endless_line) {
    const auto [lines, bytes] = read_all(std::string(10'000'000, 'x') + "\nshort\n", 1000);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_GT(lines[0].size(), 1000U);
    EXPECT_LT(lines[0].size(), 40'000U);
    EXPECT_EQ(lines[1], "short");
    EXPECT_EQ(bytes, 10'000'007U);
}

} // namespace
} // namespace breakwater::telemetry
