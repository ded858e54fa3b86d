#include "services/device_secrets.hpp"

#include "crypto/password_hash.hpp"

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace breakwater::services {

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

/// In hashes of cost 4, bcrypt's lowest.
unsigned work_of(std::string_view hash) {
    return 1U << static_cast<unsigned>(std::max(crypto::cost_of(hash), crypto::min_bcrypt_cost) -
                                       crypto::min_bcrypt_cost);
}

} // namespace

device_secrets::device_secrets(const clock& time, random_source& random, const device_secret_options& chosen)
    : decoy_hash_{decoy(chosen.bcrypt_cost, random)},
      key_{fresh_key(random)},
      by_address_{time, chosen.by_address},
      by_device_{time, chosen.by_device},
      right_{chosen.max_right},
      wrong_{chosen.max_wrong} {}

device_secrets::verdict device_secrets::check(const device_id& device,
                                              const std::optional<std::string>& stored_hash,
                                              std::string_view secret, std::string_view address) {
    const std::string& hash = stored_hash ? *stored_hash : decoy_hash_;
    const auto digest = digest_of(device, hash, secret);
    if (const auto known = recall(device, digest)) {
        ++recalled_;
        return *known && stored_hash ? verdict::right : verdict::wrong;
    }
    // Paid before the hash, so that of many at once none goes uncounted; given back for a right secret.
    const unsigned work = work_of(hash);
    const std::string own = device.to_string();
    const bool address_pays = !by_address_.wait_for(address, work);
    if (address_pays) {
        by_address_.take(address, work);
    } else if (!stored_hash) {
        // The decoy takes the time of a hash so that unknown ids look like known ones. Where nobody pays for
        // it the time tells them apart; that finds nobody an id of 122 random bits.
        ++unpaid_;
        return verdict::wrong;
    } else if (by_device_.wait_for(own, work)) {
        ++unpaid_;
        return verdict::unpaid;
    } else {
        by_device_.take(own, work);
    }
    ++hashed_;
    const bool right = crypto::verify_password(secret, hash) && stored_hash;
    if (right && address_pays)
        by_address_.give_back(address, work);
    else if (right)
        by_device_.give_back(own, work);
    remember(device, digest, right);
    return right ? verdict::right : verdict::wrong;
}

void device_secrets::forget(const device_id& device) {
    const std::lock_guard lock{mutex_};
    right_.erase(device);
}

crypto::sha256_digest device_secrets::digest_of(const device_id& device, std::string_view hash,
                                                std::string_view secret) const {
    // A hash is always as long as another, so that no two inputs read alike.
    std::vector<std::uint8_t> text{device.bytes.begin(), device.bytes.end()};
    text.insert(text.end(), hash.begin(), hash.end());
    text.insert(text.end(), secret.begin(), secret.end());
    return crypto::hmac_sha256(key_, text);
}

std::optional<bool> device_secrets::recall(const device_id& device, const crypto::sha256_digest& digest) {
    const std::lock_guard lock{mutex_};
    if (const auto* const right = right_.find(device);
        right != nullptr && crypto::equal_in_constant_time(*right, digest))
        return true;
    if (wrong_.find(digest) != nullptr)
        return false;
    return std::nullopt;
}

void device_secrets::remember(const device_id& device, const crypto::sha256_digest& digest, bool right) {
    const std::lock_guard lock{mutex_};
    if (right)
        right_.put(device, digest);
    else
        wrong_.put(digest, {});
}

} // namespace breakwater::services
