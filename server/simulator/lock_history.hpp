#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace breakwater::simulator {

/// The last thing somebody did to a lock.
struct lock_action {
    std::string_view user;
    std::string_view method;
    timestamp at; ///< whole seconds
};

struct lock_state {
    bool locked = true;
    bool jammed = false;
    std::optional<lock_action> last_action; ///< nothing where nobody came within a day
};

/// The state of the lock `seed` at a time: people leave in the morning, come home before dinner, have
/// visitors some days and stay away on others; at night the door is shut.
[[nodiscard]] lock_state lock_at(std::uint64_t seed, timestamp at);

} // namespace breakwater::simulator
