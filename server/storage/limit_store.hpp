#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"

#include <span>
#include <vector>

namespace breakwater::storage {

/// The rate limiter tokens of a device at a time. Stored so that a restart does not refill them.
struct limit_state {
    breakwater::device_id device;
    double tokens = 0; ///< at least 0; stored with a precision of 0.001
    timestamp at;
};

class limit_store {
public:
    virtual ~limit_store() = default;

    virtual result<std::vector<limit_state>> list() const = 0;
    /// The stored states of these devices, in any order.
    virtual result<std::vector<limit_state>> of(std::span<const device_id> devices) const = 0;
    /// Replaces the stored states of these devices. Skips devices that do not exist, or that another process
    /// owns. Removing a device removes its state.
    virtual result<void> save(std::span<const limit_state> states) = 0;
};

} // namespace breakwater::storage
