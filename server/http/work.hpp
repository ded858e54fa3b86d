#pragma once

#include "base/blocking_pool.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace breakwater::http {

/// The classes of blocking work. Each has its own threads, queue and deadline, so that no class waits for
/// another; docs/decisions/0025-classes-of-work.md.
enum class work : std::uint8_t {
    control,      ///< short and essential: tokens, sign-out, readiness, metrics
    command,      ///< a change that waits for the disk
    query,        ///< one page or one resource
    report,       ///< grows with the fleet or the time range: series, latest values, exports
    bulk,         ///< incoming batches of readings
    hashing,      ///< bcrypt of passwords: sign-in, password change
    registration, ///< bcrypt for new accounts, open to anonymous callers
};
inline constexpr std::size_t work_classes = 7;

/// The name for metrics and threads, such as `report`.
[[nodiscard]] std::string_view to_string(work value) noexcept;

struct work_options {
    std::size_t threads = 1;
    std::size_t max_queue = 1024;
    std::size_t max_queue_per_account = 0;         ///< 0: half of `max_queue`, at least one
    std::size_t max_running_per_account = 0;       ///< 0: all threads
    std::size_t max_bytes = std::size_t{64} << 20; ///< limit for the bodies of the queued requests
    thread_priority priority = thread_priority::normal;
    /// Covers the time in the queue and, for reads, also the run time. A change that has begun is not
    /// cancelled.
    std::chrono::seconds deadline{10};
};
using work_plan = std::array<work_options, work_classes>;

/// The default plan for a server with `processors` processors.
[[nodiscard]] work_plan default_work_plan(std::size_t processors);

/// One pool for each work class. Thread-safe.
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
