#include "base/thread.hpp"

#include <gtest/gtest.h>

#include <array>
#include <csignal>
#include <pthread.h>

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

} // namespace
} // namespace breakwater::test
