#pragma once

#include "base/encoding.hpp"
#include "base/mutex.hpp"
#include "base/random.hpp"
#include "crypto/digest.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace breakwater::identity {

/// Remembers the claims of genuine tokens, so that the signature of a token is verified once and not at each
/// request. A hit proves only that the signature and the fixed claims are right: the caller still compares
/// the times with the clock, and the version with the registry. Holds at most `capacity` tokens, in sets of
/// `ways`. A new token replaces the oldest one of its set. So a lookup costs at most `ways` comparisons,
/// whatever the tokens are.
///
/// It stores only genuine tokens, so forged tokens can't displace any. The position of a token depends on a
/// random key, and signatures are compared in constant time, so response times reveal nothing of a cached
/// token. Any thread may call.
template <class Claims>
class token_cache {
public:
    static constexpr std::size_t ways = 4;

    /// Memory grows with the number of tokens. REQUIRES: `capacity` is a power of two, and at least
    /// `shard_count * ways`.
    token_cache(std::size_t capacity, random_source& random) : set_count_{capacity / ways} {
        std::array<std::uint8_t, sizeof key_> bytes{};
        random.fill(bytes);
        std::memcpy(&key_, bytes.data(), sizeof key_);
        key_ |= 1; // multiplication by an odd number loses no bits
        for (shard& part : shards_)
            part.sets.resize(set_count_ / shard_count);
    }

    [[nodiscard]] std::optional<Claims> find(std::string_view token) const {
        const std::size_t index = index_of(token);
        shard& part = shards_[index % shard_count];
        const lock_guard lock{part.mutex};
        for (const auto& entry : part.sets[index / shard_count])
            if (entry && is_same(entry->token, token))
                return entry->claims;
        return std::nullopt;
    }

    /// REQUIRES: the token's signature was verified.
    void put(std::string_view token, const Claims& claims) {
        auto added = std::make_unique<cached_token>(std::string{token}, claims);
        const std::size_t index = index_of(token);
        shard& part = shards_[index % shard_count];
        const lock_guard lock{part.mutex};
        // Puts the new token first and moves the others back by one. The last one is the oldest and falls
        // out.
        for (auto& position : part.sets[index / shard_count])
            std::swap(position, added);
    }

private:
    struct cached_token {
        std::string token;
        Claims claims;
    };
    static constexpr std::size_t shard_count = 64;
    struct shard {
        breakwater::mutex mutex;
        std::vector<std::array<std::unique_ptr<cached_token>, ways>> sets GUARDED_BY(mutex);
    };

    /// Only the signature is a secret: an attacker can guess the rest of a token.
    [[nodiscard]] static bool is_same(std::string_view known, std::string_view shown) noexcept {
        const std::size_t signature = known.rfind('.') + 1;
        return known.size() == shown.size() && known.substr(0, signature) == shown.substr(0, signature) &&
               crypto::equal_in_constant_time(as_bytes(known.substr(signature)),
                                              as_bytes(shown.substr(signature)));
    }

    /// Hashes the end of the token. A genuine token has its signature there, whose bits are evenly
    /// distributed.
    [[nodiscard]] std::size_t index_of(std::string_view token) const noexcept {
        std::array<std::uint64_t, 4> words{};
        const std::string_view tail = token.substr(token.size() - std::min(token.size(), sizeof words));
        std::memcpy(words.data(), tail.data(), tail.size());
        std::uint64_t hash = key_;
        for (const std::uint64_t word : words) {
            hash = (hash ^ word) * key_;
            hash ^= hash >> 32U;
        }
        hash *= key_; // every bit of the last word reaches the low bits
        hash ^= hash >> 32U;
        return static_cast<std::size_t>(hash) & (set_count_ - 1);
    }

    const std::size_t set_count_;
    std::uint64_t key_ = 0;
    mutable std::array<shard, shard_count> shards_;
};

} // namespace breakwater::identity
