#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/random.hpp"
#include "crypto/digest.hpp"
#include "services/allowance.hpp"
#include "services/recent_map.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater::services {

struct device_secret_options {
    int bcrypt_cost = 4; ///< of the decoy: what devices' own hashes are made with
    /// Hashes for wrong secrets, by address; a unit is one of cost 4. A right one costs nothing.
    allowance_options by_address{.burst = 100, .refill = std::chrono::milliseconds{200}};
    /// The same of each device that exists, for when its address has none left.
    allowance_options by_device{.burst = 16, .refill = std::chrono::milliseconds{30'000}};
    std::size_t max_right = 262'144; ///< devices whose right secret is remembered
    std::size_t max_wrong = 65'536;  ///< wrong secrets that are remembered
};

struct device_secret_counters {
    std::uint64_t hashed = 0;   ///< checks that cost a hash
    std::uint64_t recalled = 0; ///< checks that cost none, as their answer was remembered
    std::uint64_t unpaid = 0;   ///< checks that were not made: nothing left to pay with
};

/// Tells right secrets of devices from wrong ones (decision 0017), and remembers both answers, so that what
/// is repeated costs no hash: a healthy fleet that signs in every few minutes, and a stale device that sends
/// the same old secret for ever. Remembered is HMAC-SHA256 of device, stored hash and secret under a key that
/// this process drew for itself; since the stored hash is part of it, an answer ends with the secret it was
/// for. Any thread may call; `check` blocks for the time of a hash.
class device_secrets {
public:
    device_secrets(const clock& time, random_source& random, const device_secret_options& chosen);

    enum class verdict : std::uint8_t {
        right,
        wrong,
        unpaid, ///< not looked at: neither the device nor the address has anything left to pay a hash with
    };
    /// `stored_hash`: nothing of a device that doesn't exist, which is never right; what it is checked
    /// against takes as long as a hash, while the address can pay. A device that exists pays itself where its
    /// address can't, so that what others of its address did does not shut it out.
    [[nodiscard]] verdict check(const device_id& device, const std::optional<std::string>& stored_hash,
                                std::string_view secret, std::string_view address);

    /// Forgets the device's right secret.
    void forget(const device_id& device);

    [[nodiscard]] device_secret_counters counters() const noexcept { return {hashed_, recalled_, unpaid_}; }

private:
    struct digest_hash {
        std::size_t operator()(const crypto::sha256_digest& digest) const noexcept {
            std::size_t word = 0; // a digest under a key nobody knows: no two can be made to meet
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
    std::mutex mutex_;
    recent_map<device_id, crypto::sha256_digest> right_;
    recent_map<crypto::sha256_digest, nothing, digest_hash> wrong_;
    std::atomic<std::uint64_t> hashed_{0};
    std::atomic<std::uint64_t> recalled_{0};
    std::atomic<std::uint64_t> unpaid_{0};
};

} // namespace breakwater::services
