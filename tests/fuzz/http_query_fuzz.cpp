// Query strings: what is decoded is text, and means the same when it is written again.

#include "fuzz.hpp"
#include "http/host.hpp"
#include "http/percent.hpp"
#include "http/query.hpp"

#include <string>

using namespace breakwater::http;
using breakwater::fuzz::require;

namespace {

std::string encoded(std::string_view text) {
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
    require(percent_decode(encoded(text), decoded) && decoded == text, "every byte can be encoded");

    const auto pairs = parse_query(text);
    if (!pairs)
        return 0;
    require(pairs->size() <= max_query_pairs, "pairs are bounded");
    std::string again;
    for (const auto& [name, value] : *pairs) {
        for (const std::string& part : {name, value})
            require(is_utf8(part) && part.find('\0') == part.npos && part.size() <= size, "texts are texts");
        (((again += again.empty() ? "" : "&") += encoded(name)) += '=') += encoded(value);
    }
    const auto second = parse_query(again);
    // A pair without a name and a value is written as `=`, which is a pair like any other.
    require(second && *second == *pairs, "what was read is read again");
    return 0;
}
