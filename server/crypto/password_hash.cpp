#include "crypto/password_hash.hpp"

#include "base/encoding.hpp"
#include "crypto/digest.hpp"
#include "crypto/openssl_handles.hpp"

#include <crypt.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <stdexcept>

namespace breakwater::crypto {

namespace {

constexpr std::string_view prefix = "$2b$";
constexpr std::size_t salt_bytes = 16;
constexpr std::size_t hash_chars = 60;    // $2b$, two digits, $, 22 of salt, 31 of hash
constexpr std::size_t setting_chars = 29; // all except the 31 of hash

/// The input of bcrypt: 44 characters without a NUL, so that the limits of bcrypt never affect the password.
class prehashed {
public:
    explicit prehashed(std::string_view text) {
        sha256_digest digest = sha256(as_bytes(text));
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(phrase_.data()), digest.data(), digest.size());
        OPENSSL_cleanse(digest.data(), digest.size());
    }
    ~prehashed() { OPENSSL_cleanse(phrase_.data(), phrase_.size()); }
    prehashed(const prehashed&) = delete;
    prehashed& operator=(const prehashed&) = delete;

    [[nodiscard]] const char* c_str() const noexcept { return phrase_.data(); }

private:
    std::array<char, 45> phrase_{};
};

/// The working memory of libcrypt (32 KB). It contains data derived from the phrase, so it is overwritten.
struct cleansed_crypt_data : crypt_data {
    cleansed_crypt_data() : crypt_data{} {}
    ~cleansed_crypt_data() { OPENSSL_cleanse(static_cast<crypt_data*>(this), sizeof(crypt_data)); }
    cleansed_crypt_data(const cleansed_crypt_data&) = delete;
    cleansed_crypt_data& operator=(const cleansed_crypt_data&) = delete;
};

/// The bcrypt hash; empty if libcrypt refuses the setting.
std::string bcrypt(std::string_view text, const char* setting) {
    const prehashed phrase{text};
    const auto data = std::make_unique<cleansed_crypt_data>();
    const char* hash = crypt_rn(phrase.c_str(), setting, data.get(), sizeof(crypt_data));
    return hash == nullptr || hash[0] == '*' ? std::string{} : std::string{hash};
}

bool in_bcrypt_alphabet(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '/';
}

} // namespace

result<std::string> hash_password(std::string_view text, int cost, random_source& random) {
    if (cost < min_bcrypt_cost || cost > max_bcrypt_cost)
        return fail(errc::invalid_input, "The bcrypt cost must be between 4 and 16.");
    std::array<std::uint8_t, salt_bytes> salt{};
    random.fill(salt);
    std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> setting{};
    if (crypt_gensalt_rn(std::string{prefix}.c_str(), static_cast<unsigned long>(cost),
                         reinterpret_cast<const char*>(salt.data()), static_cast<int>(salt.size()),
                         setting.data(), static_cast<int>(setting.size())) == nullptr)
        throw std::runtime_error("libcrypt does not support bcrypt salts.");
    std::string hash = bcrypt(text, setting.data());
    if (cost_of(hash) != cost)
        throw std::runtime_error("libcrypt does not support bcrypt hashes.");
    return hash;
}

bool verify_password(std::string_view text, std::string_view hash) {
    if (cost_of(hash) == 0)
        return false;
    const std::string setting{hash.substr(0, setting_chars)};
    return equal_in_constant_time(as_bytes(bcrypt(text, setting.c_str())), as_bytes(hash));
}

int cost_of(std::string_view hash) noexcept {
    if (hash.size() != hash_chars || !hash.starts_with(prefix) || hash[6] != '$' ||
        !std::ranges::all_of(hash.substr(7), in_bcrypt_alphabet))
        return 0;
    int cost = 0;
    const char* const digits = hash.data() + prefix.size();
    if (std::from_chars(digits, digits + 2, cost).ptr != digits + 2)
        return 0;
    return cost >= min_bcrypt_cost && cost <= max_bcrypt_cost ? cost : 0;
}

} // namespace breakwater::crypto
