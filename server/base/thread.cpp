#include "base/thread.hpp"

#include <linux/sched.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <utility>

namespace breakwater {

namespace {

constexpr std::chrono::microseconds short_slice{100};

/// `struct sched_attr` of sched_setattr(2). The C library has no declaration of it, and the kernel's header
/// contradicts <sched.h>.
struct scheduling_attributes {
    std::uint32_t size = sizeof(scheduling_attributes);
    std::uint32_t policy = 0;
    std::uint64_t flags = 0;
    std::int32_t nice = 0;
    std::uint32_t priority = 0;
    std::uint64_t runtime = 0;
    std::uint64_t deadline = 0;
    std::uint64_t period = 0;
};

/// Blocks the process signals in a scope. A new thread inherits the signal mask of the thread that starts it;
/// blocking the signals later would leave a gap.
class blocked_signals {
public:
    blocked_signals() noexcept {
        const sigset_t signals = process_signals();
        pthread_sigmask(SIG_BLOCK, &signals, &previous_mask_);
    }
    ~blocked_signals() { pthread_sigmask(SIG_SETMASK, &previous_mask_, nullptr); }
    blocked_signals(const blocked_signals&) = delete;
    blocked_signals& operator=(const blocked_signals&) = delete;

private:
    sigset_t previous_mask_{};
};

/// On Linux each thread has its own nice value. Adds to the inherited value: the process may be niced
/// already.
void increase_nice(int increment) noexcept {
    const auto self = static_cast<id_t>(::gettid());
    (void)::setpriority(PRIO_PROCESS, self, ::getpriority(PRIO_PROCESS, self) + increment);
}

/// Requests a time slice; 0: the kernel's default, about 3 ms. When a thread with a shorter slice wakes up,
/// it preempts a running thread with a longer one. The slice is no limit: a thread that nobody competes with
/// goes on.
void request_slice(std::chrono::nanoseconds slice) noexcept {
    const scheduling_attributes attributes{.flags = SCHED_FLAG_KEEP_POLICY,
                                           .nice = ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid())),
                                           .runtime = static_cast<std::uint64_t>(slice.count())};
    (void)::syscall(SYS_sched_setattr, 0, &attributes, 0U);
}

} // namespace

sigset_t process_signals() noexcept {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP})
        sigaddset(&signals, number);
    return signals;
}

std::thread start_thread(std::string name, std::function<void()> work, thread_priority priority) {
    const blocked_signals while_starting;
    return std::thread{[name = std::move(name), work = std::move(work), priority]() noexcept {
        pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
        if (priority != thread_priority::normal)
            increase_nice(priority == thread_priority::background ? 5 : 10);
        // A new thread inherits the slice of the thread that starts it.
        request_slice(priority == thread_priority::normal ? short_slice : std::chrono::nanoseconds{0});
        work();
    }};
}

} // namespace breakwater
