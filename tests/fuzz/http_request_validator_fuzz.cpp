// The request validator: an accepted header obeys the rules, and the result does not depend on how the bytes
// arrive.

#include "fuzz.hpp"
#include "http/request_validator.hpp"

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

void check_head(const request_head& head, std::string_view bytes, const request_limits& limits) {
    for (const std::string_view part : {head.method_name, head.target, head.query, head.host})
        require(lies_within(part, bytes), "views point into the parsed bytes");
    require(lies_within(head.path, bytes) || head.path == "/",
            "the path points into the parsed bytes, or is the default");
    require(head.fields.size() <= limits.max_fields, "fields are bounded");
    require(head.target.size() <= limits.max_target_bytes, "the target is bounded");
    require(head.content_length <= limits.max_body_bytes, "the body is bounded");
    require(head.minor_version <= 1, "only HTTP/1.0 and 1.1 pass");
    for (const auto& [name, value] : head.fields) {
        require(!name.empty() && lies_within(name, bytes) && lies_within(value, bytes),
                "fields point into the parsed bytes");
        for (const std::string_view text : {name, value})
            require(text.find_first_of(std::string_view{"\r\n\0", 3}) == text.npos,
                    "no field contains CR, LF or NUL");
    }
    require(count_of(head, "host") <= 1, "at most one Host");
    require(count_of(head, "host") == 1 || head.minor_version == 0, "HTTP/1.1 requires a Host");
    require(count_of(head, "content-length") + count_of(head, "transfer-encoding") <= 1,
            "at most one field frames the body");
    require((head.body == framing::length) == (count_of(head, "content-length") == 1),
            "Content-Length selects the framing `length`");
    require((head.body == framing::chunked) == (count_of(head, "transfer-encoding") == 1),
            "Transfer-Encoding selects the framing `chunked`");
}

/// Writes the header of the request again.
std::string write_head(const request_head& head) {
    std::string out{head.method_name};
    ((out += ' ') += head.target) += head.minor_version == 0 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n";
    for (const auto& [name, value] : head.fields)
        (((out += name) += ": ") += value) += "\r\n";
    return out + "\r\n";
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider input{data, size};
    const request_limits limits{.max_header_bytes = input.ConsumeIntegralInRange<std::size_t>(64, 4096),
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
    // An incomplete header may be refused early, so a refusal in pieces allows no conclusion.
    if (!pieces.refused())
        require(!whole.refused() && at_once.end == in_pieces.end && at_once.begin == in_pieces.begin,
                "a header accepted in pieces is accepted at once");
    if (whole.refused() || at_once.end == 0)
        return 0;
    require(at_once.begin < at_once.end && at_once.end <= bytes.size(), "the header lies within the bytes");
    if (!pieces.refused())
        require(in_pieces.end == at_once.end, "the end does not depend on the size of the pieces");

    const std::string_view header =
        std::string_view{bytes}.substr(at_once.begin, at_once.end - at_once.begin);
    request_head head;
    if (read_head(header, limits, head).refused())
        return 0;
    check_head(head, header, limits);
    const std::string again = write_head(head);
    request_head second;
    require(!read_head(again, limits, second).refused(), "an accepted header is accepted again");
    require(second.body == head.body && second.content_length == head.content_length &&
                second.keep_alive == head.keep_alive && second.path == head.path &&
                second.query == head.query && second.host == head.host &&
                second.fields.size() == head.fields.size() &&
                second.expects_continue == head.expects_continue,
            "and has the same meaning");
    return 0;
}
