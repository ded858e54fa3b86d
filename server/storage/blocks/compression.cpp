#include "storage/blocks/compression.hpp"

#include <zstd.h>

#include <memory>
#include <new>
#include <stdexcept>

namespace breakwater::storage::blocks {

namespace {

/// The fastest level that finds repetitions across columns; docs/decisions/0011 has the measurements.
constexpr int level = 3;

struct deleter {
    void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }
    void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};

// A context contains some hundred KiB of tables: too expensive to create for every block.
ZSTD_CCtx& compressor() {
    thread_local const std::unique_ptr<ZSTD_CCtx, deleter> context{[] {
        ZSTD_CCtx* created = ZSTD_createCCtx();
        if (created == nullptr)
            throw std::bad_alloc{};
        ZSTD_CCtx_setParameter(created, ZSTD_c_compressionLevel, level);
        ZSTD_CCtx_setParameter(created, ZSTD_c_checksumFlag, 1);
        return created;
    }()};
    return *context;
}

ZSTD_DCtx& decompressor() {
    thread_local const std::unique_ptr<ZSTD_DCtx, deleter> context{ZSTD_createDCtx()};
    if (context == nullptr)
        throw std::bad_alloc{};
    return *context;
}

} // namespace

void append_compressed(std::string& out, std::string_view bytes) {
    const std::size_t start = out.size();
    out.resize(start + ZSTD_compressBound(bytes.size()));
    const std::size_t size =
        ZSTD_compress2(&compressor(), out.data() + start, out.size() - start, bytes.data(), bytes.size());
    if (ZSTD_isError(size) != 0)
        throw std::runtime_error{std::string{"zstd: "} + ZSTD_getErrorName(size)};
    out.resize(start + size);
}

result<std::string> decompressed(std::string_view frame, std::size_t max_size) {
    const unsigned long long size = ZSTD_getFrameContentSize(frame.data(), frame.size());
    if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR || size > max_size ||
        ZSTD_findFrameCompressedSize(frame.data(), frame.size()) != frame.size())
        return fail(errc::malformed, "The compressed bytes are damaged.");
    std::string out;
    out.resize(static_cast<std::size_t>(size));
    const std::size_t written =
        ZSTD_decompressDCtx(&decompressor(), out.data(), out.size(), frame.data(), frame.size());
    if (ZSTD_isError(written) != 0 || written != out.size())
        return fail(errc::malformed, "The compressed bytes are damaged.");
    return out;
}

} // namespace breakwater::storage::blocks
