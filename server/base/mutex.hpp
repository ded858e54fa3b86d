#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <shared_mutex>
#include <utility>

// Mutexes and locks of the standard library with the annotations of clang's thread safety analysis.
// `scripts/check` fails if code uses a guarded variable without its mutex. The macros have the names and
// meanings of https://clang.llvm.org/docs/ThreadSafetyAnalysis.html. For GCC they are empty.
#ifdef __clang__
#define BREAKWATER_THREAD_ANNOTATION(...) __attribute__((__VA_ARGS__))
#else
#define BREAKWATER_THREAD_ANNOTATION(...)
#endif

/// A type that can be locked.
#define CAPABILITY(name) BREAKWATER_THREAD_ANNOTATION(capability(name))
/// A type that locks in its constructor and unlocks in its destructor.
#define SCOPED_CAPABILITY BREAKWATER_THREAD_ANNOTATION(scoped_lockable)
/// Only code that holds the mutex may use this variable.
#define GUARDED_BY(mutex) BREAKWATER_THREAD_ANNOTATION(guarded_by(mutex))
/// The caller holds the mutexes, and the function does not release them.
#define REQUIRES(...) BREAKWATER_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))
/// The function locks.
#define ACQUIRE(...) BREAKWATER_THREAD_ANNOTATION(acquire_capability(__VA_ARGS__))
#define ACQUIRE_SHARED(...) BREAKWATER_THREAD_ANNOTATION(acquire_shared_capability(__VA_ARGS__))
/// The function unlocks.
#define RELEASE(...) BREAKWATER_THREAD_ANNOTATION(release_capability(__VA_ARGS__))
#define RELEASE_SHARED(...) BREAKWATER_THREAD_ANNOTATION(release_shared_capability(__VA_ARGS__))
#define RELEASE_GENERIC(...) BREAKWATER_THREAD_ANNOTATION(release_generic_capability(__VA_ARGS__))

namespace breakwater {

/// `std::mutex`.
class CAPABILITY("mutex") mutex {
public:
    void lock() ACQUIRE() { native_.lock(); }
    void unlock() RELEASE() { native_.unlock(); }

private:
    friend class unique_lock;
    std::mutex native_;
};

/// `std::shared_mutex`.
class CAPABILITY("shared_mutex") shared_mutex {
public:
    void lock() ACQUIRE() { native_.lock(); }
    void unlock() RELEASE() { native_.unlock(); }
    void lock_shared() ACQUIRE_SHARED() { native_.lock_shared(); }
    void unlock_shared() RELEASE_SHARED() { native_.unlock_shared(); }

private:
    std::shared_mutex native_;
};

/// `std::lock_guard`. Holds a `mutex` or a `shared_mutex` exclusively for its whole life.
template <class Mutex>
class SCOPED_CAPABILITY lock_guard {
public:
    explicit lock_guard(Mutex& mutex) ACQUIRE(mutex) : mutex_{mutex} { mutex_.lock(); }
    ~lock_guard() RELEASE() { mutex_.unlock(); }
    lock_guard(const lock_guard&) = delete;
    lock_guard& operator=(const lock_guard&) = delete;

private:
    Mutex& mutex_;
};

/// `std::shared_lock`. Shares a `shared_mutex` with other readers for its whole life.
class SCOPED_CAPABILITY shared_lock {
public:
    explicit shared_lock(shared_mutex& mutex) ACQUIRE_SHARED(mutex) : mutex_{mutex} { mutex_.lock_shared(); }
    ~shared_lock() RELEASE_GENERIC() { mutex_.unlock_shared(); }
    shared_lock(const shared_lock&) = delete;
    shared_lock& operator=(const shared_lock&) = delete;

private:
    shared_mutex& mutex_;
};

/// `std::unique_lock`. Holds a `mutex`, can unlock it and lock it again, and can wait for a
/// `condition_variable`.
class SCOPED_CAPABILITY unique_lock {
public:
    explicit unique_lock(mutex& mutex) ACQUIRE(mutex) : native_{mutex.native_} {}
    ~unique_lock() RELEASE() = default;
    unique_lock(const unique_lock&) = delete;
    unique_lock& operator=(const unique_lock&) = delete;

    void lock() ACQUIRE() { native_.lock(); }
    void unlock() RELEASE() { native_.unlock(); }

private:
    friend class condition_variable;
    std::unique_lock<std::mutex> native_;
};

/// `std::condition_variable`. A predicate that uses guarded variables is a lambda with REQUIRES:
///     changed_.wait(lock, [this]() REQUIRES(mutex_) { return !queue_.empty(); });
class condition_variable {
public:
    void notify_one() noexcept { native_.notify_one(); }
    void notify_all() noexcept { native_.notify_all(); }

    /// Waits for a notification. May return without one (spurious wakeup).
    void wait(unique_lock& lock) { native_.wait(lock.native_); }

    /// Waits until `predicate` is true.
    template <class Predicate>
    void wait(unique_lock& lock, Predicate predicate) {
        native_.wait(lock.native_, std::move(predicate));
    }

    /// Waits until `predicate` is true, and at most for `timeout`. Returns the last value of `predicate`.
    template <class Rep, class Period, class Predicate>
    bool wait_for(unique_lock& lock, const std::chrono::duration<Rep, Period>& timeout, Predicate predicate) {
        return native_.wait_for(lock.native_, timeout, std::move(predicate));
    }

private:
    std::condition_variable native_;
};

} // namespace breakwater
