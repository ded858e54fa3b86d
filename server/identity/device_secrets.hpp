#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/mutex.hpp"
#include "base/random.hpp"
#include "crypto/digest.hpp"
#include "identity/allowance.hpp"
#include "identity/recent_map.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater::identity {

struct device_secret_options {
    int bcrypt_cost = 4; ///< of the decoy hash; use the cost of the devices' hashes
    /// Hashes for wrong secrets from an address; a unit is a hash of cost 4. The hash of a right secret is
    /// refunded.
    allowance_options by_address{.burst = 100, .refill = std::chrono::milliseconds{200}};
    /// Hashes for each existing device, used when the address has no units left.
    allowance_options by_device{.burst = 16, .refill = std::chrono::milliseconds{30'000}};
    std::size_t max_right = 262'144; ///< devices whose right secret is remembered
    std::size_t max_wrong = 65'536;  ///< remembered wrong secrets
};

struct device_secret_counters {
    std::uint64_t hashed = 0;   ///< checks that computed a hash
    std::uint64_t recalled = 0; ///< checks answered from memory, without a hash
    /// Secrets that were refused without a hash: the address had too few units left, and the device had too
    /// few or does not exist.
    std::uint64_t unpaid = 0;
};

/// Checks device secrets (decision 0017). It remembers right and wrong results, so a repeated check costs no
/// hash: a healthy fleet signs in every few minutes, and a device with an outdated secret sends it for ever.
/// It remembers an HMAC-SHA256 of device, stored hash and secret, under a random key of this process. A new
/// secret has a new stored hash, so the remembered results for the old one no longer match. Any thread may
/// call; `check` blocks for the time of a hash.
class device_secrets {
public:
    device_secrets(const clock& time, random_source& random, const device_secret_options& options);

    enum class verdict : std::uint8_t {
        right,
        wrong,
        unpaid, ///< not checked: neither the address nor the device has enough units left for the hash
    };
    /// A remembered secret costs no units. Otherwise the address pays for the hash. If it has too few units
    /// left, the device pays, if it exists, so that other clients of its address cannot easily lock it out.
    /// If the secret is right, whoever paid gets the units back. `stored_hash` is empty for a device that
    /// does not exist: then the result is always `wrong`. In this case, the check takes the time of a decoy
    /// hash if the address has enough units left for one, and otherwise returns at once.
    [[nodiscard]] verdict check(const device_id& device, const std::optional<std::string>& stored_hash,
                                std::string_view secret, std::string_view address);

    /// Forgets the device's right secret.
    void forget(const device_id& device);

    [[nodiscard]] device_secret_counters counters() const noexcept { return {hashed_, recalled_, unpaid_}; }

private:
    struct digest_hash {
        std::size_t operator()(const crypto::sha256_digest& digest) const noexcept {
            std::size_t word = 0; // the key is secret, so nobody can construct collisions
            std::memcpy(&word, digest.data(), sizeof word);
            return word;
        }
    };
    struct nothing {};
    [[nodiscard]] crypto::sha256_digest digest_of(const device_id& device, std::string_view hash,
                                                  std::string_view secret) const;
    [[nodiscard]] std::optional<bool> recall(const device_id& device, const crypto::sha256_digest& digest);
    void remember(const device_id& device, const crypto::sha256_digest& digest, bool right);

    const std::string decoy_hash_;
    const std::array<std::uint8_t, 32> key_;
    network_allowance by_address_;
    allowance by_device_;
    mutex mutex_;
    recent_map<device_id, crypto::sha256_digest> right_ GUARDED_BY(mutex_);
    recent_map<crypto::sha256_digest, nothing, digest_hash> wrong_ GUARDED_BY(mutex_);
    std::atomic<std::uint64_t> hashed_{0};
    std::atomic<std::uint64_t> recalled_{0};
    std::atomic<std::uint64_t> unpaid_{0};
};

} // namespace breakwater::identity
