#include "base/thread.hpp"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>
#include <utility>

namespace breakwater {

namespace {

/// A thread begins with the mask of the one that starts it: blocking afterwards would leave a gap.
class blocked_signals {
public:
    blocked_signals() noexcept {
        const sigset_t all = process_signals();
        pthread_sigmask(SIG_BLOCK, &all, &before_);
    }
    ~blocked_signals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    blocked_signals(const blocked_signals&) = delete;
    blocked_signals& operator=(const blocked_signals&) = delete;

private:
    sigset_t before_{};
};

/// Linux has a nice value a thread. From where the process stands, who may have been made nice itself.
void give_way(int nicer_by) noexcept {
    const auto self = static_cast<id_t>(::gettid());
    (void)::setpriority(PRIO_PROCESS, self, ::getpriority(PRIO_PROCESS, self) + nicer_by);
}

} // namespace

sigset_t process_signals() noexcept {
    sigset_t all;
    sigemptyset(&all);
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP})
        sigaddset(&all, number);
    return all;
}

std::thread start_thread(std::string name, std::function<void()> work, thread_priority priority) {
    const blocked_signals while_starting;
    return std::thread{[name = std::move(name), work = std::move(work), priority]() noexcept {
        pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
        if (priority != thread_priority::normal)
            give_way(priority == thread_priority::background ? 5 : 10);
        work();
    }};
}

} // namespace breakwater
