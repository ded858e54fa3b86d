#include "http/compression.hpp"

#include "base/free_memory.hpp"
#include "http/characters.hpp"
#include "http/field_scanner.hpp"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <new>
#include <string>

namespace breakwater::http {

namespace {

constexpr int gzip_window = 15 + 16; // 32 KiB, in gzip format
constexpr int memory_level = 8;
constexpr int zstd_window = 23; ///< 8 MiB, the largest window that RFC 8878 requires of a decoder

std::uint64_t fnv1a(std::string_view bytes) noexcept {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : bytes)
        hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3U;
    return hash;
}

constexpr std::size_t piece_size = 64U << 10;

std::unexpected<error> malformed_body() {
    return fail(errc::malformed, "The compressed body is damaged or incomplete.");
}

std::unexpected<error> body_too_large(std::size_t max_bytes) {
    const limit_info limit{.name = "decoded_body_bytes", .quota = static_cast<std::int64_t>(max_bytes)};
    return std::unexpected(
        error{.code = errc::too_large,
              .detail = "The decoded body is larger than " + std::to_string(max_bytes) + " bytes.",
              .limit = limit});
}

result<std::string> decode_gzip(std::string_view body, std::size_t max_bytes) {
    z_stream stream{};
    if (inflateInit2(&stream, gzip_window) != Z_OK)
        throw std::bad_alloc{};
    const std::unique_ptr<z_stream, decltype(&inflateEnd)> cleanup{&stream, &inflateEnd};
    // zlib does not change the input, but its parameter is not const.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
    stream.avail_in = static_cast<uInt>(body.size());
    std::string out;
    std::array<char, piece_size> piece; // NOLINT(*-member-init): zlib fills it
    for (;;) {
        stream.next_out = reinterpret_cast<Bytef*>(piece.data());
        stream.avail_out = static_cast<uInt>(piece.size());
        const int code = inflate(&stream, Z_NO_FLUSH);
        out.append(piece.data(), piece.size() - stream.avail_out);
        if (out.size() > max_bytes)
            return body_too_large(max_bytes);
        if (code == Z_STREAM_END) {
            if (stream.avail_in == 0)
                return out;
            if (inflateReset(&stream) != Z_OK) // the next member
                return malformed_body();
            continue;
        }
        if (code != Z_OK || (stream.avail_in == 0 && stream.avail_out != 0))
            return malformed_body();
    }
}

result<std::string> decode_zstd(std::string_view body, std::size_t max_bytes) {
    struct deleter {
        void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
    };
    thread_local const std::unique_ptr<ZSTD_DCtx, deleter> context{ZSTD_createDCtx()};
    if (context == nullptr)
        throw std::bad_alloc{};
    ZSTD_DCtx_reset(context.get(), ZSTD_reset_session_only);
    ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, zstd_window);
    ZSTD_inBuffer in{body.data(), body.size(), 0};
    std::string out;
    std::array<char, piece_size> piece; // NOLINT(*-member-init): zstd fills it
    for (;;) {
        ZSTD_outBuffer output{piece.data(), piece.size(), 0};
        const std::size_t remaining = ZSTD_decompressStream(context.get(), &output, &in);
        if (ZSTD_isError(remaining) != 0)
            return malformed_body();
        out.append(piece.data(), output.pos);
        if (out.size() > max_bytes)
            return body_too_large(max_bytes);
        if (remaining == 0 && in.pos == in.size)
            return out;
        // Zero at the end of a frame: the next one may follow.
        if (remaining != 0 && in.pos == in.size && output.pos < output.size)
            return malformed_body();
    }
}

} // namespace

bool is_supported_coding(std::string_view coding) noexcept {
    return equals_lower(coding, "gzip") || equals_lower(coding, "x-gzip") || equals_lower(coding, "zstd");
}

result<std::string> decode_content(std::string_view coding, std::string_view body, std::size_t max_bytes) {
    return equals_lower(coding, "zstd") ? decode_zstd(body, max_bytes) : decode_gzip(body, max_bytes);
}

std::optional<std::string_view> content_coding_of(const request& request) noexcept {
    const auto coding = request.header("content-encoding");
    return coding && !equals_lower(*coding, "identity") ? coding : std::nullopt;
}

bool prefers_gzip(std::string_view accept_encoding) noexcept {
    std::optional<int> gzip;
    std::optional<int> identity;
    std::optional<int> others;
    while (!accept_encoding.empty()) {
        const std::string_view element = next_element(accept_encoding);
        const std::size_t name_end = std::min(element.find(';'), element.size());
        const std::string_view name = trim(element.substr(0, name_end));
        const auto weight = parse_weight(element.substr(name_end));
        if (!weight)
            continue;
        if (equals_lower(name, "gzip") || equals_lower(name, "x-gzip"))
            gzip = std::max(gzip.value_or(0), *weight);
        else if (equals_lower(name, "identity"))
            identity = weight;
        else if (name == "*")
            others = weight;
    }
    // `identity` is acceptable unless excluded, but a coding that the client lists is preferred to it.
    const int for_gzip = gzip.value_or(others.value_or(0));
    return for_gzip > 0 && for_gzip >= identity.value_or(others.value_or(0));
}

bool is_compressible(std::string_view content_type) noexcept {
    constexpr std::array<std::string_view, 8> prefixes{
        "text/",           "application/json", "application/problem+json", "application/javascript",
        "application/xml", "image/svg+xml",    "application/x-ndjson",     "application/manifest+json"};
    return std::ranges::any_of(prefixes,
                               [&](std::string_view prefix) { return content_type.starts_with(prefix); });
}

struct gzip_compressor::impl {
    z_stream stream{};
};

gzip_compressor::gzip_compressor(effort level) : impl_{std::make_unique<impl>()} {
    if (deflateInit2(&impl_->stream, static_cast<int>(level), Z_DEFLATED, gzip_window, memory_level,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::bad_alloc{};
}

gzip_compressor::~gzip_compressor() {
    deflateEnd(&impl_->stream);
}

void gzip_compressor::add(std::string_view piece, bool last, std::string& out) {
    z_stream& stream = impl_->stream;
    std::array<Bytef, 16U << 10> output{};
    do {
        const std::size_t slice = std::min<std::size_t>(piece.size(), std::numeric_limits<uInt>::max());
        const bool finish = last && slice == piece.size();
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data())); // zlib only reads it
        stream.avail_in = static_cast<uInt>(slice);
        do {
            stream.next_out = output.data();
            stream.avail_out = static_cast<uInt>(output.size());
            deflate(&stream, finish ? Z_FINISH : Z_NO_FLUSH);
            out.append(reinterpret_cast<const char*>(output.data()), output.size() - stream.avail_out);
        } while (stream.avail_out == 0);
        piece.remove_prefix(slice);
    } while (!piece.empty());
}

std::shared_ptr<const static_body_cache::entry> static_body_cache::find(std::string_view body) const {
    const lock_guard lock{mutex_};
    const auto cached = entries_.find(body.data());
    return cached == entries_.end() ? nullptr : cached->second;
}

std::shared_ptr<const static_body_cache::entry> static_body_cache::create(std::string_view body) {
    auto created = std::make_shared<entry>();
    const std::uint64_t hash = fnv1a(body);
    created->etag = "W/\"";
    for (int shift = 60; shift >= 0; shift -= 4)
        created->etag += "0123456789abcdef"[hash >> shift & 0xf];
    created->etag += '"';
    gzip_compressor{gzip_compressor::effort::best}.add(body, true, created->gzipped);
    if (created->gzipped.size() >= body.size())
        free_memory(created->gzipped);
    const lock_guard lock{mutex_};
    return entries_.try_emplace(body.data(), std::move(created)).first->second;
}

} // namespace breakwater::http
