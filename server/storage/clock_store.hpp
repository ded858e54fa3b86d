#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"

#include <chrono>
#include <optional>

namespace breakwater::storage {

/// What the server knew of its clock when it last wrote it down.
struct clock_state {
    timestamp seen_at{};                                 ///< by the wall clock, right or wrong
    std::optional<std::chrono::microseconds> held_for{}; ///< of running, until retention goes on
    std::chrono::microseconds ahead{0};                  ///< the sum of the jumps since it is held
};

/// One state a database.
class clock_store {
public:
    virtual ~clock_store() = default;

    /// Nothing in a database that no server has run with.
    virtual result<std::optional<clock_state>> find() const = 0;
    virtual result<void> save(const clock_state& state) = 0;
};

} // namespace breakwater::storage
