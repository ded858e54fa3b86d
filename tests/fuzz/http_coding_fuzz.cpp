// Compressed bodies: the decoded body never exceeds the limit, and a compressed body is decoded to the
// original.

#include "fuzz.hpp"
#include "http/compression.hpp"

#include <string>

using namespace breakwater::http;
using breakwater::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider input{data, size};
    const auto max_bytes = input.ConsumeIntegralInRange<std::size_t>(0, 64U << 10);
    const bool zstd = input.ConsumeBool();
    const std::string bytes = input.ConsumeRemainingBytesAsString();
    (void)prefers_gzip(bytes);
    (void)is_supported_coding(bytes);
    if (const auto decoded = decode_content(zstd ? "zstd" : "gzip", bytes, max_bytes))
        require(decoded->size() <= max_bytes, "the body is bounded");

    std::string compressed;
    gzip_compressor{}.add(bytes, true, compressed);
    const auto decoded = decode_content("gzip", compressed, bytes.size());
    require(decoded && *decoded == bytes, "a compressed body is decoded to the original");
    if (!bytes.empty())
        require(!decode_content("gzip", compressed, bytes.size() - 1),
                "a body longer than the limit is refused");
    return 0;
}
