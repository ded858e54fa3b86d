// Query strings: decoded texts are valid, and the pairs are unchanged after they are encoded again.

#include "fuzz.hpp"
#include "http/host.hpp"
#include "http/percent.hpp"
#include "http/query.hpp"

#include <string>

using namespace breakwater::http;
using breakwater::fuzz::require;

namespace {

std::string percent_encode(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        ((out += '%') += digits[byte / 16]) += digits[byte % 16];
    }
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = breakwater::fuzz::as_text(data, size);
    (void)is_host(text);
    std::string decoded;
    require(percent_decode(percent_encode(text), decoded) && decoded == text,
            "an encoded text is decoded to the original");

    const auto pairs = parse_query(text);
    if (!pairs)
        return 0;
    require(pairs->size() <= max_query_pairs, "pairs are bounded");
    std::string again;
    for (const auto& [name, value] : *pairs) {
        for (const std::string& part : {name, value})
            require(is_utf8(part) && part.find('\0') == part.npos && part.size() <= size,
                    "names and values are bounded UTF-8 without NUL");
        (((again += again.empty() ? "" : "&") += percent_encode(name)) += '=') += percent_encode(value);
    }
    const auto second = parse_query(again);
    // A pair with an empty name and an empty value is written as `=`, which is read as a pair.
    require(second && *second == *pairs, "the pairs are unchanged");
    return 0;
}
