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

/// A file that is read from its beginning to its end, and tells at each place what came before it. Bytes are
/// those taken out of the buffer, not those read ahead. One thread.
class source_file final : public std::streambuf {
public:
    /// `-` is standard input. `seed` goes before the content into the digest. `bad_state` where the file
    /// can't be opened.
    static result<std::unique_ptr<source_file>> open(const std::string& path, std::string_view seed);
    ~source_file() override;
    source_file(const source_file&) = delete;
    source_file& operator=(const source_file&) = delete;

    /// Bytes taken so far.
    [[nodiscard]] std::uint64_t position() const noexcept;
    /// SHA-256 of the seed and the bytes taken so far.
    [[nodiscard]] crypto::sha256_digest digest() const;
    /// Takes bytes until so many are taken, or the file ends.
    void skip_to(std::uint64_t place);
    /// Its size; 0 where it is no regular file.
    [[nodiscard]] std::uint64_t size() const noexcept;
    /// Why the file ended where it did: 0, or what read(2) left in errno.
    [[nodiscard]] int failure() const noexcept { return failure_; }

protected:
    int_type underflow() override;

private:
    source_file(int descriptor, std::string_view seed);
    [[nodiscard]] std::span<const std::uint8_t> taken() const noexcept;

    const int descriptor_;
    std::vector<char> buffer_;
    std::uint64_t before_ = 0; ///< bytes before the buffer
    crypto::sha256_stream digest_;
    int failure_ = 0;
};

} // namespace breakwater::app
