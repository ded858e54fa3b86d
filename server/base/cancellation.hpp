#pragma once

#include <atomic>

namespace breakwater {

/// Tells a piece of work that nobody waits for its result any more: the client has gone, or the deadline has
/// passed. Work that only reads looks now and then and stops; what writes goes on, because half a change is
/// worse than an unread answer. Any thread may call.
class cancellation {
public:
    void request() noexcept { requested_.store(true, std::memory_order_relaxed); }
    void reset() noexcept { requested_.store(false, std::memory_order_relaxed); }
    [[nodiscard]] bool requested() const noexcept { return requested_.load(std::memory_order_relaxed); }

private:
    std::atomic<bool> requested_{false};
};

/// Makes a cancellation that of the calling thread's work, for as long as this object lives: queries of the
/// database that start meanwhile look at it. It goes with the thread so that no service between the door and
/// the database has to pass it on. Scopes nest; the innermost counts.
class cancellation_scope {
public:
    explicit cancellation_scope(const cancellation& of) noexcept;
    ~cancellation_scope();
    cancellation_scope(const cancellation_scope&) = delete;
    cancellation_scope& operator=(const cancellation_scope&) = delete;

    /// Of the calling thread's work; null where nobody can cancel it.
    [[nodiscard]] static const cancellation* current() noexcept;

private:
    const cancellation* outer_;
};

} // namespace breakwater
