#include "identity/device_cookies.hpp"

#include "base/encoding.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace breakwater::identity {

namespace {

// The layout, big-endian: format, user, session version, seconds since 1970, client id, HMAC.
constexpr std::uint8_t format = 1;
constexpr std::size_t number_bytes = 8;
constexpr std::size_t user_at = 1;
constexpr std::size_t version_at = user_at + number_bytes;
constexpr std::size_t time_at = version_at + number_bytes;
constexpr std::size_t client_at = time_at + number_bytes;
constexpr std::size_t mac_at = client_at + 16;
constexpr std::size_t cookie_bytes = mac_at + 32;

void put_number(std::span<std::uint8_t, number_bytes> target, std::int64_t value) {
    auto remaining = static_cast<std::uint64_t>(value);
    for (std::size_t i = number_bytes; i-- > 0; remaining >>= 8)
        target[i] = static_cast<std::uint8_t>(remaining);
}

std::int64_t number_of(std::span<const std::uint8_t, number_bytes> bytes) {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : bytes)
        value = value << 8 | byte;
    return static_cast<std::int64_t>(value);
}

std::int64_t seconds_of(timestamp at) {
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

/// The address is signed but not stored in the cookie: a cookie for another account fails the check.
crypto::sha256_digest mac_of(const crypto::sha256_digest& key, std::span<const std::uint8_t> head,
                             std::string_view email) {
    std::vector<std::uint8_t> message{head.begin(), head.end()};
    message.insert(message.end(), email.begin(), email.end());
    return crypto::hmac_sha256(key, message);
}

} // namespace

std::string device_cookies::issue(const user& account, const std::optional<known_client>& client) const {
    std::array<std::uint8_t, cookie_bytes> bytes{};
    const std::span whole{bytes};
    bytes[0] = format;
    put_number(whole.subspan<user_at, number_bytes>(), account.id);
    put_number(whole.subspan<version_at, number_bytes>(), account.session_version);
    put_number(whole.subspan<time_at, number_bytes>(), seconds_of(clock_.now()));
    const uuid id = client ? client->id : uuid::random(random_);
    std::ranges::copy(id.bytes, whole.subspan<client_at>().begin());
    std::ranges::copy(mac_of(key_, whole.first<mac_at>(), account.email), whole.subspan<mac_at>().begin());
    return base64url_encode(bytes);
}

std::optional<known_client> device_cookies::verify(std::string_view cookie, std::string_view email) const {
    const auto bytes = base64url_decode(cookie);
    if (!bytes || bytes->size() != cookie_bytes || bytes->front() != format)
        return std::nullopt;
    const std::span<const std::uint8_t, cookie_bytes> whole{*bytes};
    if (!crypto::equal_in_constant_time(whole.subspan<mac_at>(), mac_of(key_, whole.first<mac_at>(), email)))
        return std::nullopt;
    known_client client{.user = number_of(whole.subspan<user_at, number_bytes>())};
    std::ranges::copy(whole.subspan<client_at, 16>(), client.id.bytes.begin());
    const auto account = users_.find(client.user);
    const std::int64_t age = seconds_of(clock_.now()) - number_of(whole.subspan<time_at, number_bytes>());
    if (!account || account->session_version != number_of(whole.subspan<version_at, number_bytes>()) ||
        age > std::chrono::seconds{lifetime}.count())
        return std::nullopt;
    return client;
}

} // namespace breakwater::identity
