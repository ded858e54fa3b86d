#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace breakwater::simulator {

/// The last opening or closing of a lock.
struct lock_action {
    std::string_view user;
    std::string_view method;
    timestamp at; ///< whole seconds
};

struct lock_state {
    bool locked = true;
    bool jammed = false;
    std::optional<lock_action> last_action; ///< empty if there was none within a day
};

/// The state at time `at` of the lock with this seed. People leave in the morning, come home before dinner,
/// have visitors on some days and stay away on others. The lock stays locked at night.
[[nodiscard]] lock_state lock_at(std::uint64_t seed, timestamp at);

} // namespace breakwater::simulator
