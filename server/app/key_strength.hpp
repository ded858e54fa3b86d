#pragma once

#include <string_view>

namespace breakwater::app {

/// The minimum `key_strength` of a secret, in bits. The estimate for 32 random hexadecimal digits (128 bits)
/// is 105 to 125.
inline constexpr double min_key_strength = 100;

/// A low estimate, in bits, of the work to guess a secret that a person may have typed: the Shannon entropy
/// of its bytes, without repetitions. 32 random bytes in base64 have 190 or more, "aaaa…" has none, and a
/// repeated word counts once. It can't detect a secret that has been published.
[[nodiscard]] double key_strength(std::string_view secret);

/// Whether the text is a placeholder, such as "change-me", "your-secret" or "placeholder".
[[nodiscard]] bool looks_like_a_placeholder(std::string_view secret);

} // namespace breakwater::app
