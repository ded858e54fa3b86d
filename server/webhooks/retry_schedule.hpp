#pragma once

#include "base/random.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace breakwater::webhooks {

/// How long to wait after an attempt in vain, the `attempts`th of the message (from 1): 10 s, 30 s, 2 min,
/// 10 min, 30 min, 1 h, 3 h, each up to a fifth longer, so that many messages don't come back at once.
/// Nothing when it is time to give up.
[[nodiscard]] std::optional<std::chrono::milliseconds> delay_after(std::int64_t attempts,
                                                                   random_source& random);

/// The longest that a receiver's Retry-After is waited for.
inline constexpr std::chrono::hours longest_retry_after{24};

} // namespace breakwater::webhooks
