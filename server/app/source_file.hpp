#pragma once

#include "base/result.hpp"
#include "crypto/sha256_stream.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <streambuf>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::app {

/// A file that is read sequentially, with the position and the digest of the bytes consumed so far. Bytes
/// that are only buffered do not count. Not thread-safe.
class source_file final : public std::streambuf {
public:
    /// `-` is standard input. The digest starts with `seed`. `bad_state` if the file can't be opened.
    static result<std::unique_ptr<source_file>> open(const std::string& path, std::string_view seed);
    ~source_file() override;
    source_file(const source_file&) = delete;
    source_file& operator=(const source_file&) = delete;

    /// The number of bytes consumed so far.
    [[nodiscard]] std::uint64_t position() const noexcept;
    /// SHA-256 of the seed and the bytes consumed so far.
    [[nodiscard]] crypto::sha256_digest digest() const;
    /// Consumes bytes up to that offset or the end of the file.
    void skip_to(std::uint64_t offset);
    /// The size of the file; 0 if it is not a regular file.
    [[nodiscard]] std::uint64_t size() const noexcept;
    /// 0, or the errno of the read(2) that failed.
    [[nodiscard]] int failure() const noexcept { return failure_; }

protected:
    int_type underflow() override;

private:
    source_file(int descriptor, std::string_view seed);
    [[nodiscard]] std::span<const std::uint8_t> consumed() const noexcept;

    const int descriptor_;
    std::vector<char> buffer_;
    std::uint64_t before_ = 0; ///< bytes before the buffer
    crypto::sha256_stream digest_;
    int failure_ = 0;
};

} // namespace breakwater::app
