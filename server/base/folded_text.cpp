#include "base/folded_text.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <utility>

namespace breakwater {

namespace {

using letter = std::pair<std::string_view, std::string_view>;
constexpr auto plain_letters = std::to_array<letter>({{"ł", "l"},
                                                      {"đ", "d"},
                                                      {"ð", "d"},
                                                      {"ø", "o"},
                                                      {"ħ", "h"},
                                                      {"ı", "i"},
                                                      {"æ", "ae"},
                                                      {"œ", "oe"},
                                                      {"þ", "th"}});
constexpr std::size_t letter_size = 2; ///< of each of these letters, in UTF-8 bytes

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower_ascii(std::string_view text) {
    std::string out{text};
    std::ranges::transform(out, out.begin(), lower);
    return out;
}

} // namespace

std::string folded(std::string_view text) {
    if (std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
        return lower_ascii(text);
    utf8proc_uint8_t* mapped = nullptr;
    const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                   static_cast<utf8proc_ssize_t>(text.size()), &mapped,
                                   static_cast<utf8proc_option_t>(UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE |
                                                                  UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK));
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner{mapped, &std::free};
    if (size < 0)
        return lower_ascii(text);
    std::string_view rest{reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(size)};
    std::string out;
    out.reserve(rest.size());
    while (!rest.empty()) {
        const auto entry = std::ranges::find(plain_letters, rest.substr(0, letter_size), &letter::first);
        if (entry == plain_letters.end()) {
            out += rest.front();
            rest.remove_prefix(1);
        } else {
            out += entry->second;
            rest.remove_prefix(letter_size);
        }
    }
    return out;
}

} // namespace breakwater
