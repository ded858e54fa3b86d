#pragma once

#include "crypto/digest.hpp"

#include <cstdint>
#include <memory>
#include <span>

namespace breakwater::crypto {

/// SHA-256 (FIPS 180-4) of data that arrives in pieces. Not thread-safe.
class sha256_stream {
public:
    sha256_stream();
    sha256_stream(sha256_stream&&) noexcept;
    sha256_stream& operator=(sha256_stream&&) noexcept;
    ~sha256_stream();

    void add(std::span<const std::uint8_t> more);
    /// The digest of all added data followed by `more`. Does not add `more`.
    [[nodiscard]] sha256_digest digest_with(std::span<const std::uint8_t> more) const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace breakwater::crypto
