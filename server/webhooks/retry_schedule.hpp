#pragma once

#include "base/random.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace breakwater::webhooks {

/// The delay after failed attempt number `attempts` of a message (from 1): 10 s, 30 s, 2 min, 10 min, 30 min,
/// 1 h, 3 h. Random jitter makes each up to a fifth longer, so that many messages do not return at once.
/// Nothing after the last attempt.
[[nodiscard]] std::optional<std::chrono::milliseconds> delay_after(std::int64_t attempts,
                                                                   random_source& random);

/// Maximum delay that a receiver's Retry-After can ask for.
inline constexpr std::chrono::hours max_retry_after{24};

} // namespace breakwater::webhooks
