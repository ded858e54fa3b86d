#include "app/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <unistd.h>

namespace breakwater::app {

namespace {

constexpr std::chrono::milliseconds update_interval{100};

volatile std::sig_atomic_t interrupted = 0; // a type that signal handlers may write

} // namespace

progress_line::progress_line(const clock& time, std::string_view label)
    : clock_{time}, label_{label}, visible_{::isatty(STDERR_FILENO) != 0} {}

progress_line::~progress_line() {
    if (shown_)
        fmt::print(stderr, "\r\x1b[K");
}

void progress_line::show(std::uint64_t done, std::uint64_t total) {
    if (!visible_)
        return;
    const auto now = clock_.steady_now();
    if (shown_ && now < next_)
        return;
    next_ = now + update_interval;
    shown_ = true;
    const auto percent = total == 0 ? 100 : std::min<std::uint64_t>(100, done * 100 / total);
    fmt::print(stderr, "\r\x1b[K{} {} of {} ({} %)", label_, done, total, percent);
    (void)std::fflush(stderr);
}

interruption::interruption() {
    struct sigaction handler{};
    handler.sa_handler = [](int) { interrupted = 1; };
    ::sigaction(SIGINT, &handler, nullptr);
    ::sigaction(SIGTERM, &handler, nullptr);
}

bool interruption::requested() noexcept {
    return interrupted != 0;
}

} // namespace breakwater::app
