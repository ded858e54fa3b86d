// The chunked decoder: the result does not depend on how the bytes arrive, and never exceeds the limit.

#include "fuzz.hpp"
#include "http/chunked.hpp"

#include <algorithm>
#include <cstdio>
#include <string>

using namespace breakwater::http;
using breakwater::fuzz::require;

namespace {

struct outcome {
    verdict result;
    std::string body;
    std::size_t consumed = 0; ///< bytes of the input
    bool done = false;

    bool operator==(const outcome& other) const {
        return result.status == other.result.status && body == other.body && done == other.done &&
               (result.refused() || consumed == other.consumed);
    }
};

outcome decode(std::string_view bytes, std::size_t step, std::size_t max_body) {
    chunked_decoder decoder{max_body};
    outcome out;
    while (out.consumed < bytes.size() && !out.result.refused() && !decoder.done()) {
        const std::string_view piece = bytes.substr(out.consumed, step);
        std::string_view rest = piece;
        out.result = decoder.feed(rest, out.body);
        require(rest.size() <= piece.size(), "the rest is not longer than the piece");
        require(out.result.refused() || decoder.done() || rest.empty(),
                "the decoder consumes the whole piece unless the body ends or is refused");
        out.consumed += piece.size() - rest.size();
    }
    out.done = decoder.done();
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider input{data, size};
    const auto max_body = input.ConsumeIntegralInRange<std::size_t>(0, 4096);
    const auto step = input.ConsumeIntegralInRange<std::size_t>(1, 64);
    const std::string bytes = input.ConsumeRemainingBytesAsString();

    const outcome whole = decode(bytes, bytes.size() + 1, max_body);
    require(whole.body.size() <= max_body, "the body is bounded");
    require(decode(bytes, step, max_body) == whole, "the size of the pieces does not change the result");

    // Encodes the bytes as a body in chunks and decodes them again.
    const std::string body = bytes.substr(0, max_body);
    std::string encoded;
    for (std::size_t at = 0; at < body.size(); at += step) {
        const std::string chunk = body.substr(at, step);
        char length[24];
        std::snprintf(length, sizeof length, "%zx\r\n", chunk.size());
        ((encoded += length) += chunk) += "\r\n";
    }
    encoded += "0\r\n\r\n";
    const outcome decoded = decode(encoded, 7, max_body);
    require(!decoded.result.refused() && decoded.done && decoded.body == body &&
                decoded.consumed == encoded.size(),
            "a chunked body is decoded to the original");
    return 0;
}
