#include "crypto/random.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <climits>
#include <stdexcept>

namespace breakwater::crypto {

void system_random::fill(std::span<std::uint8_t> out) {
    while (!out.empty()) {
        const auto piece = out.first(std::min<std::size_t>(out.size(), INT_MAX));
        if (RAND_bytes(piece.data(), static_cast<int>(piece.size())) != 1)
            throw std::runtime_error("The system did not return random bytes.");
        out = out.subspan(piece.size());
    }
}

} // namespace breakwater::crypto
