#pragma once

#include "base/blocking_pool.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace breakwater::http {

/// The classes of work that blocks. Each has threads, a queue and a deadline of its own, so that none waits
/// behind another; docs/decisions/0025-classes-of-work.md.
enum class work : std::uint8_t {
    control,      ///< short, and all else depends on it: tokens, sign-out, readiness, metrics
    command,      ///< a change, which waits for the disk
    query,        ///< a page, a single thing
    report,       ///< grows with the fleet or the time asked for: series, last values, exports
    bulk,         ///< batches of readings, on their way in
    hashing,      ///< bcrypt of passwords: signing in, changing one
    registration, ///< the same for new accounts, which anybody may ask for
};
inline constexpr std::size_t work_classes = 7;

/// `report`; for metrics and thread names.
[[nodiscard]] std::string_view to_string(work value) noexcept;

struct work_options {
    std::size_t threads = 1;
    std::size_t max_queue = 1024;
    std::size_t max_queue_of_one = 0;              ///< of an account; 0: half of `max_queue`, at least one
    std::size_t max_running_of_one = 0;            ///< of an account; 0: all threads
    std::size_t max_bytes = std::size_t{64} << 20; ///< of the request bodies that wait
    thread_priority priority = thread_priority::normal;
    /// For waiting and reading together. What changes something is not cut short once it has begun.
    std::chrono::seconds deadline{10};
};
using work_plan = std::array<work_options, work_classes>;

/// For a server on so many processors.
[[nodiscard]] work_plan default_work_plan(std::size_t processors);

/// A pool a class. Any thread may call.
class work_pools {
public:
    explicit work_pools(const work_plan& plan);

    [[nodiscard]] blocking_pool& of(work kind) noexcept { return *pools_[index(kind)]; }
    [[nodiscard]] const blocking_pool& of(work kind) const noexcept { return *pools_[index(kind)]; }
    [[nodiscard]] std::chrono::seconds deadline(work kind) const noexcept { return deadlines_[index(kind)]; }

private:
    static std::size_t index(work kind) noexcept { return static_cast<std::size_t>(kind); }

    std::array<std::chrono::seconds, work_classes> deadlines_{};
    std::array<std::unique_ptr<blocking_pool>, work_classes> pools_;
};

} // namespace breakwater::http
