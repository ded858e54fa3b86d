#pragma once

#include "crypto/digest.hpp"

#include <cstdint>
#include <memory>
#include <span>

namespace breakwater::crypto {

/// SHA-256 (FIPS 180-4) of what comes piece by piece. Not for two threads.
class sha256_stream {
public:
    sha256_stream();
    sha256_stream(sha256_stream&&) noexcept;
    sha256_stream& operator=(sha256_stream&&) noexcept;
    ~sha256_stream();

    void add(std::span<const std::uint8_t> more);
    /// Of all that was added so far and `more` behind it, which isn't added.
    [[nodiscard]] sha256_digest digest_with(std::span<const std::uint8_t> more) const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace breakwater::crypto
