#pragma once

#include "audit/recorder.hpp"
#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "base/result.hpp"
#include "services/caller.hpp"
#include "services/change_writer.hpp"
#include "storage/catalogue.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

namespace breakwater::services {

/// Detects jumps of the wall clock. While the server runs, it compares the wall clock with the steady clock.
/// At the start, it compares it with the time that the server saved last; the server saves the time every few
/// minutes. (Commands at the shell do not save it, so a command that runs under a wrong clock hides no jump.)
/// Each jump is logged and recorded. A jump that makes stored data look old puts retention on hold. The hold
/// ends when a person confirms the clock, when somebody sets the clock back, or when the server has run for a
/// day; a restart does not restart that day. Any thread may call `held_until`, `jumps` and `release`; the
/// other members are for one thread at a time. `start`, `tick`, `save` and `release` block.
class clock_watch {
public:
    static constexpr std::chrono::seconds min_jump{10};    ///< smaller differences are NTP corrections
    static constexpr std::chrono::hours holding_jump{1};   ///< forward, while the server runs
    static constexpr std::chrono::hours holding_gap{24};   ///< at the start, since the last run
    static constexpr std::chrono::minutes min_set_back{5}; ///< backward, at the start
    static constexpr std::chrono::hours hold_for{24};
    static constexpr std::chrono::minutes save_interval{5};
    static constexpr std::size_t max_unrecorded = 16; ///< jumps kept while the storage fails

    struct dependencies {
        storage::catalogue& store;
        breakwater::audit::recorder& audit;
        const clock& time;
    };
    explicit clock_watch(const dependencies& deps);

    /// Call before retention runs for the first time.
    result<void> start();
    /// Call about once a second, and before each step of retention.
    void tick();
    /// Saves the state that must survive a restart. Call at shutdown; `tick` also saves every few minutes.
    result<void> save();
    /// The end of the hold, by the current wall clock; empty when there is no hold.
    [[nodiscard]] std::optional<timestamp> held_until() const;
    [[nodiscard]] std::uint64_t jumps() const noexcept { return jumps_; }
    /// A person confirms that the clock is right: ends the hold. `bad_state` when there is no hold.
    result<void> release(const caller& caller);

private:
    struct jump {
        std::chrono::microseconds by{};
        timestamp at{}; ///< by the clock after the jump
        bool holds = false;
        bool at_start = false;
    };
    void handle(const jump& detected);
    /// Records the pending jumps, as far as the storage accepts them.
    void record_pending();
    result<void> record(const jump& detected);
    [[nodiscard]] storage::clock_state state() const;

    const dependencies deps_;
    change_writer changes_;
    mutable mutex mutex_;
    std::optional<steady_point> held_until_ GUARDED_BY(mutex_);
    std::chrono::microseconds ahead_ GUARDED_BY(mutex_){0}; ///< sum of the jumps during the hold
    bool changed_ GUARDED_BY(mutex_) = false;               ///< since the last save
    std::atomic<std::uint64_t> jumps_{0};
    // For the thread that calls `tick`.
    std::chrono::microseconds offset_{0}; ///< of the wall clock to the steady clock
    std::deque<jump> unrecorded_;
    steady_point saved_{};
};

} // namespace breakwater::services
