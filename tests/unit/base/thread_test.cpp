#include "base/thread.hpp"

#include <gtest/gtest.h>

#include <array>
#include <csignal>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace breakwater::test {
namespace {

TEST(start_thread, blocks_the_process_signals) {
    sigset_t before;
    pthread_sigmask(SIG_SETMASK, nullptr, &before);
    sigset_t in_thread;
    start_thread("worker", [&in_thread] { pthread_sigmask(SIG_SETMASK, nullptr, &in_thread); }).join();
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP})
        EXPECT_EQ(sigismember(&in_thread, number), 1) << number;
    EXPECT_EQ(sigismember(&in_thread, SIGSEGV), 0);
    sigset_t after;
    pthread_sigmask(SIG_SETMASK, nullptr, &after);
    for (int number = 1; number < NSIG; ++number)
        EXPECT_EQ(sigismember(&after, number), sigismember(&before, number)) << number;
}

TEST(start_thread, truncates_a_name_that_is_too_long) {
    std::array<char, 16> name{};
    start_thread("a name of more than fifteen bytes", [&name] {
        pthread_getname_np(pthread_self(), name.data(), name.size());
    }).join();
    EXPECT_STREQ(name.data(), "a name of more ");
}

/// In nanoseconds; 0 if the kernel has no slices for single threads.
std::uint64_t slice_of_this_thread() {
    // The words of `struct sched_attr` in sched_setattr(2); the fourth is `sched_runtime`.
    std::array<std::uint64_t, 6> attributes{};
    ::syscall(SYS_sched_getattr, 0, attributes.data(), static_cast<unsigned>(sizeof attributes), 0U);
    return attributes[3];
}

TEST(start_thread, gives_only_threads_of_normal_priority_short_slices) {
    const std::uint64_t usual = slice_of_this_thread();
    if (usual == 0)
        GTEST_SKIP() << "The kernel has no slices for single threads: Linux 6.12 or newer has.";
    std::uint64_t normal = 0;
    std::uint64_t started_by_normal = 0;
    start_thread("normal", [&] {
        normal = slice_of_this_thread();
        start_thread(
            "background", [&] { started_by_normal = slice_of_this_thread(); }, thread_priority::background)
            .join();
    }).join();
    EXPECT_EQ(normal, 100'000U);
    EXPECT_EQ(started_by_normal, usual);
}

} // namespace
} // namespace breakwater::test
