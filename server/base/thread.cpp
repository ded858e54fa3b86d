#include "base/thread.hpp"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>
#include <utility>

namespace breakwater {

namespace {

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
        work();
    }};
}

} // namespace breakwater
