#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"

#include <span>
#include <vector>

namespace breakwater::storage {

/// How much of an allowance a device had left, and when: what a restart must not forgive it.
struct limit_state {
    breakwater::device_id device;
    double tokens = 0; ///< at least 0; kept to the thousandth
    timestamp at;
};

class limit_store {
public:
    virtual ~limit_store() = default;

    virtual result<std::vector<limit_state>> list() const = 0;
    /// Takes the place of what was known of these devices. Those that are gone are left out. Goes with the
    /// device.
    virtual result<void> save(std::span<const limit_state> states) = 0;
};

} // namespace breakwater::storage
