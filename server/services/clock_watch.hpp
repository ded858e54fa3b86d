#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "services/caller.hpp"
#include "services/change_writer.hpp"
#include "storage/audit_recorder.hpp"
#include "storage/database.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>

namespace breakwater::services {

/// Notices a wall clock that jumps: while the server runs, against the steady clock; at the start, against
/// when it ran last, which it writes down every few minutes (what a command at the shell does under a wrong
/// clock hides nothing). Each jump is logged and goes on record. One that makes what is stored old holds
/// retention back until a person says that the clock is right, or for a day of running, restarts left out.
/// Any thread may call `held_until`, `jumps` and `release`; the others are one thread's at a time. `start`,
/// `tick`, `save` and `release` block.
class clock_watch {
public:
    static constexpr std::chrono::seconds least_jump{10}; ///< less is NTP at work
    static constexpr std::chrono::hours holding_jump{1};  ///< forward, while it runs
    static constexpr std::chrono::hours holding_gap{24};  ///< at the start, since it ran last
    static constexpr std::chrono::minutes least_back{5};  ///< at the start
    static constexpr std::chrono::hours hold_for{24};
    static constexpr std::chrono::minutes save_interval{5};
    static constexpr std::size_t most_unrecorded = 16; ///< jumps, while the storage fails

    struct parts {
        storage::database& store;
        storage::audit_recorder& audit;
        const clock& time;
    };
    explicit clock_watch(const parts& with);

    /// Before retention runs for the first time.
    result<void> start();
    /// About once a second, and before each piece of retention.
    void tick();
    /// Writes down what must outlast a restart. At the end; `tick` does so now and then.
    result<void> save();
    /// Until when retention waits, by the wall clock as it is now. Nothing: it doesn't.
    [[nodiscard]] std::optional<timestamp> held_until() const;
    [[nodiscard]] std::uint64_t jumps() const noexcept { return jumps_; }
    /// A person says that the clock is right. `bad_state` where nothing waits for that.
    result<void> release(const caller& who);

private:
    struct jump {
        std::chrono::microseconds by{};
        timestamp at{}; ///< by the clock as it was then set
        bool holds = false;
        bool at_start = false;
    };
    void note(const jump& noticed);
    /// What was noted and isn't on record yet, as far as the storage takes it.
    void record_noted();
    result<void> record(const jump& noticed);
    [[nodiscard]] storage::clock_state state() const;

    const parts with_;
    change_writer changes_;
    mutable std::mutex mutex_;
    std::optional<steady_point> held_until_; ///< under mutex_
    std::chrono::microseconds ahead_{0};     ///< of the jumps since it is held; under mutex_
    bool changed_ = false;                   ///< since it was saved; under mutex_
    std::atomic<std::uint64_t> jumps_{0};
    // Of whoever calls `tick`.
    std::chrono::microseconds offset_{0}; ///< of the wall clock to the steady one
    std::deque<jump> unrecorded_;
    steady_point saved_{};
};

} // namespace breakwater::services
