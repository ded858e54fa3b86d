#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"

#include <chrono>
#include <optional>

namespace breakwater::storage {

/// State of the clock checks as of the last save.
struct clock_state {
    timestamp seen_at{};                                 ///< wall clock at the save, correct or not
    std::optional<std::chrono::microseconds> held_for{}; ///< running time left until retention resumes
    std::chrono::microseconds ahead{0};                  ///< sum of the jumps since the hold began
};

/// Holds one state per database.
class clock_store {
public:
    virtual ~clock_store() = default;

    /// Empty if no server has run with this database yet.
    virtual result<std::optional<clock_state>> find() const = 0;
    virtual result<void> save(const clock_state& state) = 0;
};

} // namespace breakwater::storage
