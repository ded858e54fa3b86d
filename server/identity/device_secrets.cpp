#include "identity/device_secrets.hpp"

#include "crypto/password_hash.hpp"

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace breakwater::identity {

namespace {

std::string decoy(int cost, random_source& random) {
    auto hash = crypto::hash_password("decoy", cost, random);
    if (!hash)
        throw std::runtime_error{hash.error().detail};
    return std::move(*hash);
}

std::array<std::uint8_t, 32> fresh_key(random_source& random) {
    std::array<std::uint8_t, 32> key{};
    random.fill(key);
    return key;
}

/// The work of a hash, in hashes of cost 4, bcrypt's lowest.
unsigned work_of(std::string_view hash) {
    return 1U << static_cast<unsigned>(std::max(crypto::cost_of(hash), crypto::min_bcrypt_cost) -
                                       crypto::min_bcrypt_cost);
}

} // namespace

device_secrets::device_secrets(const clock& time, random_source& random, const device_secret_options& options)
    : decoy_hash_{decoy(options.bcrypt_cost, random)},
      key_{fresh_key(random)},
      by_address_{time, options.by_address},
      by_device_{time, options.by_device},
      right_{options.max_right},
      wrong_{options.max_wrong} {}

device_secrets::verdict device_secrets::check(const device_id& device,
                                              const std::optional<std::string>& stored_hash,
                                              std::string_view secret, std::string_view address) {
    const std::string& hash = stored_hash ? *stored_hash : decoy_hash_;
    const auto digest = digest_of(device, hash, secret);
    if (const auto remembered = recall(device, digest)) {
        ++recalled_;
        return *remembered && stored_hash ? verdict::right : verdict::wrong;
    }
    // Charged before the hash, so that concurrent checks are all counted; given back for a right secret.
    const unsigned work = work_of(hash);
    const std::string device_key = device.to_string();
    const bool is_address_charged = !by_address_.wait_for(address, work);
    if (is_address_charged) {
        by_address_.take(address, work);
    } else if (!stored_hash) {
        // The decoy takes the time of a hash, so that unknown ids look like known ones. Without units there
        // is no decoy, and the time reveals an unknown id; that does not help to guess 122 random bits.
        ++unpaid_;
        return verdict::wrong;
    } else if (by_device_.wait_for(device_key, work)) {
        ++unpaid_;
        return verdict::unpaid;
    } else {
        by_device_.take(device_key, work);
    }
    ++hashed_;
    const bool right = crypto::verify_password(secret, hash) && stored_hash;
    if (right && is_address_charged)
        by_address_.give_back(address, work);
    else if (right)
        by_device_.give_back(device_key, work);
    remember(device, digest, right);
    return right ? verdict::right : verdict::wrong;
}

void device_secrets::forget(const device_id& device) {
    const lock_guard lock{mutex_};
    right_.erase(device);
}

crypto::sha256_digest device_secrets::digest_of(const device_id& device, std::string_view hash,
                                                std::string_view secret) const {
    // All hashes have the same length, so that two different inputs never give the same bytes.
    std::vector<std::uint8_t> message{device.bytes.begin(), device.bytes.end()};
    message.insert(message.end(), hash.begin(), hash.end());
    message.insert(message.end(), secret.begin(), secret.end());
    return crypto::hmac_sha256(key_, message);
}

std::optional<bool> device_secrets::recall(const device_id& device, const crypto::sha256_digest& digest) {
    const lock_guard lock{mutex_};
    if (const auto* const right = right_.find(device);
        right != nullptr && crypto::equal_in_constant_time(*right, digest))
        return true;
    if (wrong_.find(digest) != nullptr)
        return false;
    return std::nullopt;
}

void device_secrets::remember(const device_id& device, const crypto::sha256_digest& digest, bool right) {
    const lock_guard lock{mutex_};
    if (right)
        right_.put(device, digest);
    else
        wrong_.put(digest, {});
}

} // namespace breakwater::identity
