#pragma once

#include "base/random.hpp"
#include "base/result.hpp"

#include <string>
#include <string_view>

namespace breakwater::crypto {

inline constexpr int min_bcrypt_cost = 4;
inline constexpr int max_bcrypt_cost = 16;

/// `$2b$` bcrypt through libcrypt, over the base64 of the text's SHA-256, so that every character of a long
/// password counts and none is cut at 72 bytes or at a NUL. Takes about 2^cost × 50 µs: run it on the hashing
/// pool.
[[nodiscard]] result<std::string> hash_password(std::string_view text, int cost, random_source& random);

/// Whether `text` is what `hash` was made from. Takes as long as `hash`'s own cost says; a hash that isn't
/// one is never matched.
[[nodiscard]] bool verify_password(std::string_view text, std::string_view hash);

/// The cost that a hash carries; 0 where it is none. A login with a hash of another cost is hashed anew.
[[nodiscard]] int cost_of(std::string_view hash) noexcept;

/// Whether `text` is one of 475,000 passwords of at least 8 bytes that are known from breaches (compared with
/// ASCII letters lowered). Takes a few microseconds.
[[nodiscard]] bool is_compromised_password(std::string_view text);

} // namespace breakwater::crypto
