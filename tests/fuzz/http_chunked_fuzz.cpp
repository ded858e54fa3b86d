// The chunked reader: the same body comes out however the bytes arrive, and never more of it than may be.

#include "fuzz.hpp"
#include "http/chunked.hpp"

#include <algorithm>
#include <cstdio>
#include <string>

using namespace breakwater::http;
using breakwater::fuzz::require;

namespace {

struct outcome {
    verdict said;
    std::string body;
    std::size_t taken = 0; ///< bytes of the input
    bool done = false;

    bool operator==(const outcome& other) const {
        return said.status == other.said.status && body == other.body && done == other.done &&
               (said.refused() || taken == other.taken);
    }
};

outcome decode(std::string_view bytes, std::size_t step, std::size_t most) {
    chunked_decoder decoder{most};
    outcome out;
    while (out.taken < bytes.size() && !out.said.refused() && !decoder.done()) {
        const std::string_view piece = bytes.substr(out.taken, step);
        std::string_view rest = piece;
        out.said = decoder.feed(rest, out.body);
        require(rest.size() <= piece.size(), "it takes from what it was given");
        require(out.said.refused() || decoder.done() || rest.empty(), "it takes all that it can");
        out.taken += piece.size() - rest.size();
    }
    out.done = decoder.done();
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider input{data, size};
    const auto most = input.ConsumeIntegralInRange<std::size_t>(0, 4096);
    const auto step = input.ConsumeIntegralInRange<std::size_t>(1, 64);
    const std::string bytes = input.ConsumeRemainingBytesAsString();

    const outcome whole = decode(bytes, bytes.size() + 1, most);
    require(whole.body.size() <= most, "the body is bounded");
    require(decode(bytes, step, most) == whole, "how the bytes arrive changes nothing");

    // The bytes as a body: what a sender makes of it comes back.
    const std::string body = bytes.substr(0, most);
    std::string sent;
    for (std::size_t at = 0; at < body.size(); at += step) {
        const std::string chunk = body.substr(at, step);
        char length[24];
        std::snprintf(length, sizeof length, "%zx\r\n", chunk.size());
        ((sent += length) += chunk) += "\r\n";
    }
    sent += "0\r\n\r\n";
    const outcome back = decode(sent, 7, most);
    require(!back.said.refused() && back.done && back.body == body && back.taken == sent.size(),
            "a body in chunks comes back as it was");
    return 0;
}
