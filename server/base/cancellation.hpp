#pragma once

#include <atomic>

namespace breakwater {

/// Signals to a running operation that its result is no longer needed: the client has disconnected, or the
/// deadline has passed. Read-only operations check it regularly and stop. Writes continue, because half a
/// change is worse than an unread answer. Any thread may call.
class cancellation {
public:
    void request() noexcept { requested_.store(true, std::memory_order_relaxed); }
    void reset() noexcept { requested_.store(false, std::memory_order_relaxed); }
    [[nodiscard]] bool requested() const noexcept { return requested_.load(std::memory_order_relaxed); }

private:
    std::atomic<bool> requested_{false};
};

/// Sets the cancellation of the calling thread for the lifetime of this object: database queries that start
/// in this time check it. It is thread-local, so that the services between the HTTP server and the database
/// need not pass it on. Scopes nest; the innermost one applies.
class cancellation_scope {
public:
    explicit cancellation_scope(const cancellation& work) noexcept;
    ~cancellation_scope();
    cancellation_scope(const cancellation_scope&) = delete;
    cancellation_scope& operator=(const cancellation_scope&) = delete;

    /// The cancellation of the calling thread; null if its work cannot be cancelled.
    [[nodiscard]] static const cancellation* current() noexcept;

private:
    const cancellation* outer_;
};

} // namespace breakwater
