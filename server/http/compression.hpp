#pragma once

#include "base/mutex.hpp"
#include "base/result.hpp"
#include "http/message.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace breakwater::http {

/// Whether gzip is the best coding for a request with this Accept-Encoding (RFC 9110 section 12.5.3): the
/// client accepts gzip and does not prefer a response without a coding. Equal weights select gzip. An element
/// with an invalid weight is ignored.
[[nodiscard]] bool prefers_gzip(std::string_view accept_encoding) noexcept;

/// Whether a body of this type is text and so worth compressing.
[[nodiscard]] bool is_compressible(std::string_view content_type) noexcept;

/// The supported codings of request bodies, in the form of Accept-Encoding (RFC 7694).
inline constexpr std::string_view supported_codings = "gzip, zstd, identity";
/// True for gzip (RFC 1952) and zstd (RFC 8878), case-insensitive.
[[nodiscard]] bool is_supported_coding(std::string_view coding) noexcept;
/// The coding of the request body; none if there is no coding or it is `identity` (RFC 9110 section 8.4).
[[nodiscard]] std::optional<std::string_view> content_coding_of(const request& request) noexcept;
/// Decodes a whole body: all members of a gzip file (RFC 1952 section 2.2), or all frames of zstd except the
/// skippable ones (RFC 8878 section 3.1). `too_large` if the result is longer than `max_bytes`; `malformed`
/// if the body is truncated, damaged or followed by other data. Time and memory are proportional to the body
/// and the result.
[[nodiscard]] result<std::string> decode_content(std::string_view coding, std::string_view body,
                                                 std::size_t max_bytes);

/// Compresses a stream (RFC 1952) in constant memory (about 260 KiB). Not thread-safe.
class gzip_compressor {
public:
    enum class effort : int { fastest = 1, best = 9 };

    explicit gzip_compressor(effort level = effort::fastest);
    ~gzip_compressor();
    gzip_compressor(const gzip_compressor&) = delete;
    gzip_compressor& operator=(const gzip_compressor&) = delete;

    /// Compresses `piece` and appends the available output to `out`; all remaining output if it is the
    /// `last`.
    void add(std::string_view piece, bool last, std::string& out);

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

/// Caches the entity tag and the compressed form of bodies that never change. Thread-safe.
class static_body_cache {
public:
    struct entry {
        std::string etag;    ///< weak, because the compressed form has the same tag
        std::string gzipped; ///< empty if it would not be smaller
    };
    /// The entry for the body at this address; null if there is none yet.
    [[nodiscard]] std::shared_ptr<const entry> find(std::string_view body) const;
    /// Creates the entry if there is none. Takes 0.1 s for a megabyte: do not call it on an I/O thread.
    [[nodiscard]] std::shared_ptr<const entry> create(std::string_view body);

private:
    mutable mutex mutex_;
    std::unordered_map<const char*, std::shared_ptr<const entry>> entries_ GUARDED_BY(mutex_);
};

} // namespace breakwater::http
