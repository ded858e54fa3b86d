#pragma once

#include "base/result.hpp"
#include "http/message.hpp"

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace breakwater::http {

/// Whether a request with that Accept-Encoding is best answered in gzip (RFC 9110 section 12.5.3): it takes
/// gzip, and doesn't give more weight to an answer without a coding. At equal weights gzip is chosen; a
/// weight that isn't one leaves its element out.
[[nodiscard]] bool prefers_gzip(std::string_view accept_encoding) noexcept;

/// Whether compressing a body of that type is worth it: text in its many guises.
[[nodiscard]] bool is_compressible(std::string_view content_type) noexcept;

/// What request bodies may be coded in, as Accept-Encoding lists it (RFC 7694).
inline constexpr std::string_view known_codings = "gzip, zstd, identity";
/// gzip (RFC 1952) or zstd (RFC 8878), in any case of letters.
[[nodiscard]] bool is_known_coding(std::string_view coding) noexcept;
/// The coding of a request's body; none where it has none, or says `identity` (RFC 9110 section 8.4).
[[nodiscard]] std::optional<std::string_view> content_coding_of(const request& from) noexcept;
/// Decodes a whole body: all members of a gzip file (RFC 1952 section 2.2), all frames of zstd (RFC 8878
/// section 3.1), skippable ones left out. `too_large` where it would be longer than `most` bytes, `malformed`
/// where it is cut off, damaged or followed by anything else. Takes as long as body and result are large, and
/// no more memory than they.
[[nodiscard]] result<std::string> decode_content(std::string_view coding, std::string_view body,
                                                 std::size_t most);

/// Compresses piece by piece (RFC 1952), in constant memory (some 260 KiB). Not for two threads at once.
class gzip_compressor {
public:
    enum class effort : int { quick = 1, most = 9 };

    explicit gzip_compressor(effort chosen = effort::quick);
    ~gzip_compressor();
    gzip_compressor(const gzip_compressor&) = delete;
    gzip_compressor& operator=(const gzip_compressor&) = delete;

    /// Appends the compressed piece to `out`; all of it where it is the `last`, else what zlib gives away
    /// already.
    void add(std::string_view piece, bool last, std::string& out);

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

/// What is worked out once for a body that is always the same: its entity tag, and its compressed form.
class static_body_cache {
public:
    struct entry {
        std::string etag;    ///< weak: the compressed form has the same one
        std::string gzipped; ///< empty where that isn't smaller
    };
    /// The entry of the body at that address, where it was made already. Any thread.
    [[nodiscard]] std::shared_ptr<const entry> find(std::string_view body) const;
    /// Makes it, which takes a tenth of a second for a megabyte: not on an I/O thread. Any other.
    [[nodiscard]] std::shared_ptr<const entry> make(std::string_view body);

private:
    mutable std::mutex mutex_;
    std::unordered_map<const char*, std::shared_ptr<const entry>> entries_;
};

} // namespace breakwater::http
