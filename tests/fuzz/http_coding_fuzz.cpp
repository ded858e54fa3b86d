// Compressed bodies: never more than may be, and what was compressed comes back.

#include "fuzz.hpp"
#include "http/compression.hpp"

#include <string>

using namespace breakwater::http;
using breakwater::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider input{data, size};
    const auto most = input.ConsumeIntegralInRange<std::size_t>(0, 64U << 10);
    const bool zstd = input.ConsumeBool();
    const std::string bytes = input.ConsumeRemainingBytesAsString();
    (void)prefers_gzip(bytes);
    (void)is_known_coding(bytes);
    if (const auto decoded = decode_content(zstd ? "zstd" : "gzip", bytes, most))
        require(decoded->size() <= most, "the body is bounded");

    std::string compressed;
    gzip_compressor{}.add(bytes, true, compressed);
    const auto back = decode_content("gzip", compressed, bytes.size());
    require(back && *back == bytes, "what was compressed comes back");
    if (!bytes.empty())
        require(!decode_content("gzip", compressed, bytes.size() - 1), "and not where it may not be so long");
    return 0;
}
