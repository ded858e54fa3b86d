#include "http/compression.hpp"

#include "http/characters.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <new>

namespace breakwater::http {

namespace {

constexpr int gzip_window = 15 + 16; // 32 KiB, in gzip's wrapping
constexpr int memory_level = 8;

/// Whether the parameters after an encoding say `q=0`, `q=0.0` and so on.
bool weighs_nothing(std::string_view parameters) noexcept {
    const std::string_view weight = trim(parameters);
    if (weight.size() < 3 || to_lower(weight[0]) != 'q' || weight[1] != '=')
        return false;
    return std::ranges::all_of(weight.substr(2), [](char c) { return c == '0' || c == '.'; });
}

std::uint64_t fnv1a(std::string_view bytes) noexcept {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : bytes)
        hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3U;
    return hash;
}

} // namespace

bool accepts_gzip(std::string_view accept_encoding) noexcept {
    bool by_wildcard = false;
    while (!accept_encoding.empty()) {
        const std::string_view element = next_element(accept_encoding);
        const std::size_t semicolon = element.find(';');
        const std::string_view name = trim(element.substr(0, semicolon));
        const bool wanted =
            semicolon == std::string_view::npos || !weighs_nothing(element.substr(semicolon + 1));
        if (equals_lower(name, "gzip") || equals_lower(name, "x-gzip"))
            return wanted;
        if (name == "*")
            by_wildcard = wanted;
    }
    return by_wildcard;
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

gzip_compressor::gzip_compressor(effort chosen) : impl_{std::make_unique<impl>()} {
    if (deflateInit2(&impl_->stream, static_cast<int>(chosen), Z_DEFLATED, gzip_window, memory_level,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::bad_alloc{};
}

gzip_compressor::~gzip_compressor() {
    deflateEnd(&impl_->stream);
}

void gzip_compressor::add(std::string_view piece, bool last, std::string& out) {
    z_stream& stream = impl_->stream;
    std::array<Bytef, 16U << 10> room{};
    do {
        const std::size_t slice = std::min<std::size_t>(piece.size(), std::numeric_limits<uInt>::max());
        const bool ends = last && slice == piece.size();
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data())); // zlib only reads it
        stream.avail_in = static_cast<uInt>(slice);
        do {
            stream.next_out = room.data();
            stream.avail_out = static_cast<uInt>(room.size());
            deflate(&stream, ends ? Z_FINISH : Z_NO_FLUSH);
            out.append(reinterpret_cast<const char*>(room.data()), room.size() - stream.avail_out);
        } while (stream.avail_out == 0);
        piece.remove_prefix(slice);
    } while (!piece.empty());
}

std::shared_ptr<const static_body_cache::entry> static_body_cache::find(std::string_view body) const {
    const std::lock_guard lock{mutex_};
    const auto found = entries_.find(body.data());
    return found == entries_.end() ? nullptr : found->second;
}

std::shared_ptr<const static_body_cache::entry> static_body_cache::make(std::string_view body) {
    auto made = std::make_shared<entry>();
    const std::uint64_t hash = fnv1a(body);
    made->etag = "W/\"";
    for (int shift = 60; shift >= 0; shift -= 4)
        made->etag += "0123456789abcdef"[hash >> shift & 0xf];
    made->etag += '"';
    gzip_compressor{gzip_compressor::effort::most}.add(body, true, made->gzipped);
    if (made->gzipped.size() >= body.size())
        made->gzipped = {};
    const std::lock_guard lock{mutex_};
    return entries_.try_emplace(body.data(), std::move(made)).first->second;
}

} // namespace breakwater::http
