#pragma once

#include "base/random.hpp"
#include "base/result.hpp"

#include <string>
#include <string_view>

namespace breakwater::crypto {

inline constexpr int min_bcrypt_cost = 4;
inline constexpr int max_bcrypt_cost = 16;

/// Computes `$2b$` bcrypt (libcrypt) of the base64 of the text's SHA-256, so that all characters of a long
/// password count: bcrypt alone stops at 72 bytes or at a NUL. Takes about 2^cost × 50 µs: call it on the
/// hashing pool.
[[nodiscard]] result<std::string> hash_password(std::string_view text, int cost, random_source& random);

/// Whether `hash` is the hash of `text`. The cost in `hash` determines the duration. An invalid hash never
/// matches.
[[nodiscard]] bool verify_password(std::string_view text, std::string_view hash);

/// The bcrypt cost in a hash; 0 if the hash is invalid. A login replaces a hash whose cost is not the
/// configured one.
[[nodiscard]] int cost_of(std::string_view hash) noexcept;

/// Whether `text` is one of 475,000 passwords of at least 8 bytes that are known from breaches. Ignores the
/// case of ASCII letters. Takes a few microseconds.
[[nodiscard]] bool is_compromised_password(std::string_view text);

} // namespace breakwater::crypto
