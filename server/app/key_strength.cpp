#include "app/key_strength.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

namespace breakwater::app {

namespace {

/// The shortest text of which `text` is repetitions, the last one perhaps cut off: by the failure function of
/// Knuth, Morris and Pratt (1977).
std::string_view period_of(std::string_view text) {
    std::vector<std::size_t> border(text.size() + 1, 0);
    std::size_t length = 0;
    for (std::size_t at = 1; at < text.size(); ++at) {
        while (length > 0 && text[at] != text[length])
            length = border[length];
        if (text[at] == text[length])
            ++length;
        border[at + 1] = length;
    }
    return text.substr(0, text.size() - border[text.size()]);
}

} // namespace

double key_strength(std::string_view secret) {
    const std::string_view once = period_of(secret);
    std::array<std::size_t, 256> counts{};
    for (const char each : once)
        ++counts[static_cast<unsigned char>(each)];
    double bits = 0;
    for (const std::size_t count : counts)
        if (count > 0)
            bits -= static_cast<double>(count) *
                    std::log2(static_cast<double>(count) / static_cast<double>(once.size()));
    // What counts up or down is as easy to guess as what stands still.
    std::size_t steps = 0;
    for (std::size_t at = 1; at < once.size(); ++at)
        if (const int step = once[at] - once[at - 1]; step == 1 || step == -1)
            ++steps;
    return once.empty() ? 0 : bits * (1 - static_cast<double>(steps) / static_cast<double>(once.size()));
}

bool looks_like_a_placeholder(std::string_view secret) {
    std::string letters;
    for (const char each : secret)
        if ((each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z'))
            letters += static_cast<char>(each | 0x20);
    return std::ranges::any_of(std::array<std::string_view, 6>{"changeme", "changethis", "replaceme",
                                                               "yoursecret", "placeholder", "insecure"},
                               [&](std::string_view word) { return letters.contains(word); });
}

} // namespace breakwater::app
