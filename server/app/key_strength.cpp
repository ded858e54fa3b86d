#include "app/key_strength.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

namespace breakwater::app {

namespace {

/// The shortest text whose repetition, possibly cut off at the end, is `text`. Uses the failure function of
/// Knuth, Morris and Pratt (1977).
std::string_view period_of(std::string_view text) {
    std::vector<std::size_t> border(text.size() + 1, 0);
    std::size_t length = 0;
    for (std::size_t i = 1; i < text.size(); ++i) {
        while (length > 0 && text[i] != text[length])
            length = border[length];
        if (text[i] == text[length])
            ++length;
        border[i + 1] = length;
    }
    return text.substr(0, text.size() - border[text.size()]);
}

} // namespace

double key_strength(std::string_view secret) {
    const std::string_view period = period_of(secret);
    std::array<std::size_t, 256> counts{};
    for (const char c : period)
        ++counts[static_cast<unsigned char>(c)];
    double bits = 0;
    for (const std::size_t count : counts)
        if (count > 0)
            bits -= static_cast<double>(count) *
                    std::log2(static_cast<double>(count) / static_cast<double>(period.size()));
    // A sequence that counts up or down is as easy to guess as a repeated character.
    std::size_t steps = 0;
    for (std::size_t i = 1; i < period.size(); ++i)
        if (const int step = period[i] - period[i - 1]; step == 1 || step == -1)
            ++steps;
    return period.empty() ? 0 : bits * (1 - static_cast<double>(steps) / static_cast<double>(period.size()));
}

bool looks_like_a_placeholder(std::string_view secret) {
    std::string letters;
    for (const char c : secret)
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
            letters += static_cast<char>(c | 0x20);
    return std::ranges::any_of(std::array<std::string_view, 6>{"changeme", "changethis", "replaceme",
                                                               "yoursecret", "placeholder", "insecure"},
                               [&](std::string_view word) { return letters.contains(word); });
}

} // namespace breakwater::app
