#include "base/thread.hpp"

#include <gtest/gtest.h>

#include <array>
#include <csignal>
#include <pthread.h>

namespace breakwater::test {
namespace {

TEST(start_thread, leaves_the_process_signals_to_the_others) {
    sigset_t here;
    pthread_sigmask(SIG_SETMASK, nullptr, &here);
    sigset_t there;
    start_thread("worker", [&there] { pthread_sigmask(SIG_SETMASK, nullptr, &there); }).join();
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP})
        EXPECT_EQ(sigismember(&there, number), 1) << number;
    EXPECT_EQ(sigismember(&there, SIGSEGV), 0);
    sigset_t after;
    pthread_sigmask(SIG_SETMASK, nullptr, &after);
    for (int number = 1; number < NSIG; ++number)
        EXPECT_EQ(sigismember(&after, number), sigismember(&here, number)) << number;
}

TEST(start_thread, cuts_a_name_that_is_too_long_for_the_system) {
    std::array<char, 16> name{};
    start_thread("a name of more than fifteen bytes", [&name] {
        pthread_getname_np(pthread_self(), name.data(), name.size());
    }).join();
    EXPECT_STREQ(name.data(), "a name of more ");
}

} // namespace
} // namespace breakwater::test
