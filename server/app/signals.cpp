#include "app/signals.hpp"

#include <ctime>

namespace breakwater::app {

signal_waiter::signal_waiter() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGTERM);
    sigaddset(&set_, SIGINT);
    sigaddset(&set_, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    struct sigaction ignore{};
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &ignore, nullptr);
}

signal_waiter::request signal_waiter::wait(std::chrono::steady_clock::duration timeout) {
    const auto nanos = std::chrono::duration_cast<std::chrono::nanoseconds>(timeout).count();
    const std::timespec limit{.tv_sec = nanos / 1'000'000'000, .tv_nsec = nanos % 1'000'000'000};
    switch (sigtimedwait(&set_, nullptr, &limit)) {
    case SIGTERM:
    case SIGINT: return request::stop;
    case SIGHUP: return request::reload;
    default: return request::none; // the timeout, or another signal
    }
}

} // namespace breakwater::app
