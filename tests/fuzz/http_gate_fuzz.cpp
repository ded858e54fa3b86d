// The request validator: what it lets pass is what it says, however it arrived.

#include "fuzz.hpp"
#include "http/gate.hpp"

#include <algorithm>
#include <string>

using namespace breakwater::http;
using breakwater::fuzz::lies_within;
using breakwater::fuzz::require;

namespace {

std::size_t count_of(const request_head& head, std::string_view lower) {
    return static_cast<std::size_t>(std::ranges::count_if(head.fields, [lower](const auto& field) {
        return std::ranges::equal(field.name, lower, {}, [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        });
    }));
}

void check_head(const request_head& head, std::string_view bytes, const gate_limits& limits) {
    for (const std::string_view part : {head.method_name, head.target, head.query, head.host})
        require(lies_within(part, bytes), "views point into the bytes that were read");
    require(lies_within(head.path, bytes) || head.path == "/",
            "so does the path, or it is what a URL without one has");
    require(head.fields.size() <= limits.max_fields, "fields are bounded");
    require(head.target.size() <= limits.max_target_bytes, "the target is bounded");
    require(head.content_length <= limits.max_body_bytes, "the body is bounded");
    require(head.minor_version <= 1, "only HTTP/1.0 and 1.1 pass");
    for (const auto& [name, value] : head.fields) {
        require(!name.empty() && lies_within(name, bytes) && lies_within(value, bytes),
                "fields are of the bytes");
        for (const std::string_view text : {name, value})
            require(text.find_first_of(std::string_view{"\r\n\0", 3}) == text.npos,
                    "no line ends within a field");
    }
    require(count_of(head, "host") <= 1, "one Host");
    require(count_of(head, "host") == 1 || head.minor_version == 0, "a Host");
    require(count_of(head, "content-length") + count_of(head, "transfer-encoding") <= 1, "one framing");
    require((head.body == framing::length) == (count_of(head, "content-length") == 1),
            "length is what says so");
    require((head.body == framing::chunked) == (count_of(head, "transfer-encoding") == 1),
            "and chunked, too");
}

/// The same request, written by us.
std::string written(const request_head& head) {
    std::string out{head.method_name};
    ((out += ' ') += head.target) += head.minor_version == 0 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n";
    for (const auto& [name, value] : head.fields)
        (((out += name) += ": ") += value) += "\r\n";
    return out + "\r\n";
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider input{data, size};
    const gate_limits limits{.max_header_bytes = input.ConsumeIntegralInRange<std::size_t>(64, 4096),
                             .max_target_bytes = input.ConsumeIntegralInRange<std::size_t>(16, 1024),
                             .max_fields = input.ConsumeIntegralInRange<std::size_t>(1, 32),
                             .max_body_bytes = input.ConsumeIntegral<std::uint32_t>()};
    const auto step = input.ConsumeIntegralInRange<std::size_t>(1, 64);
    const std::string bytes = input.ConsumeRemainingBytesAsString();

    head_search at_once;
    const verdict whole = find_head(bytes, limits, at_once);
    head_search in_pieces;
    verdict pieces;
    std::size_t arrived = 0;
    while (arrived < bytes.size() && !pieces.refused() && in_pieces.end == 0) {
        arrived = std::min(arrived + step, bytes.size());
        pieces = find_head(std::string_view{bytes}.substr(0, arrived), limits, in_pieces);
    }
    if (!pieces.refused()) // in pieces some things are known earlier
        require(!whole.refused() && at_once.end == in_pieces.end && at_once.begin == in_pieces.begin,
                "what passes in pieces passes at once");
    if (whole.refused() || at_once.end == 0)
        return 0;
    require(at_once.begin < at_once.end && at_once.end <= bytes.size(), "the header lies within the bytes");
    if (!pieces.refused())
        require(in_pieces.end == at_once.end, "its end doesn't depend on how it arrived");

    const std::string_view header =
        std::string_view{bytes}.substr(at_once.begin, at_once.end - at_once.begin);
    request_head head;
    if (read_head(header, limits, head).refused())
        return 0;
    check_head(head, header, limits);
    const std::string again = written(head);
    request_head second;
    require(!read_head(again, limits, second).refused(), "what passed passes again");
    require(second.body == head.body && second.content_length == head.content_length &&
                second.keep_alive == head.keep_alive && second.path == head.path &&
                second.query == head.query && second.host == head.host &&
                second.fields.size() == head.fields.size() &&
                second.expects_continue == head.expects_continue,
            "and means the same");
    return 0;
}
