#include "storage/blocks/compression.hpp"

#include <zstd.h>

#include <memory>
#include <new>
#include <stdexcept>

namespace breakwater::storage::blocks {

namespace {

/// The fastest of the levels that find what repeats across columns; docs/decisions/0011 has the figures.
constexpr int level = 3;

struct deleter {
    void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }
    void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};

// A context holds some hundred KiB of tables, too much to set up for every block.
ZSTD_CCtx& compressor() {
    thread_local const std::unique_ptr<ZSTD_CCtx, deleter> context{[] {
        ZSTD_CCtx* made = ZSTD_createCCtx();
        if (made == nullptr)
            throw std::bad_alloc{};
        ZSTD_CCtx_setParameter(made, ZSTD_c_compressionLevel, level);
        ZSTD_CCtx_setParameter(made, ZSTD_c_checksumFlag, 1);
        return made;
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
    const std::size_t before = out.size();
    out.resize(before + ZSTD_compressBound(bytes.size()));
    const std::size_t size =
        ZSTD_compress2(&compressor(), out.data() + before, out.size() - before, bytes.data(), bytes.size());
    if (ZSTD_isError(size) != 0)
        throw std::runtime_error{std::string{"zstd: "} + ZSTD_getErrorName(size)};
    out.resize(before + size);
}

result<std::string> decompressed(std::string_view frame, std::size_t most) {
    const unsigned long long size = ZSTD_getFrameContentSize(frame.data(), frame.size());
    if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR || size > most ||
        ZSTD_findFrameCompressedSize(frame.data(), frame.size()) != frame.size())
        return fail(errc::malformed, "The compressed bytes are damaged.");
    std::string out;
    out.resize(static_cast<std::size_t>(size));
    const std::size_t got =
        ZSTD_decompressDCtx(&decompressor(), out.data(), out.size(), frame.data(), frame.size());
    if (ZSTD_isError(got) != 0 || got != out.size())
        return fail(errc::malformed, "The compressed bytes are damaged.");
    return out;
}

} // namespace breakwater::storage::blocks
