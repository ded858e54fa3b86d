#pragma once

#include <string_view>

namespace breakwater::app {

/// What a secret has at least, by `key_strength`, in bits. 32 random hexadecimal digits (128 bits) are
/// estimated at 105 to 125.
inline constexpr double min_key_strength = 100;

/// A lower estimate, in bits, of the work to guess a secret that a person may have typed: the entropy of its
/// bytes (Shannon) over what doesn't repeat. 32 random bytes in base64 have 190 or more, "aaaa…" has none, a
/// word that is repeated counts once. It can't tell a secret that is written in a book.
[[nodiscard]] double key_strength(std::string_view secret);

/// Whether the text says of itself that it is to be replaced: "change-me", "your-secret", "placeholder".
[[nodiscard]] bool looks_like_a_placeholder(std::string_view secret);

} // namespace breakwater::app
