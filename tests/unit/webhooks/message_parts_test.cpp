#include "support/manual_clock.hpp"
#include "support/seeded_random.hpp"
#include "webhooks/rate_limiter.hpp"
#include "webhooks/retry_schedule.hpp"
#include "webhooks/signature.hpp"

#include <gtest/gtest.h>

namespace breakwater::webhooks {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Fills every byte with the same value, for the lowest and highest random number.
class constant_random final : public random_source {
public:
    explicit constant_random(std::uint8_t byte) : byte_{byte} {}
    void fill(std::span<std::uint8_t> out) override { std::ranges::fill(out, byte_); }

private:
    std::uint8_t byte_;
};

// The example of the Standard Webhooks specification and of its libraries' tests.
TEST(signature, matches_the_example_of_standard_webhooks) {
    EXPECT_EQ(signature_of("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek",
                           std::chrono::sys_seconds{seconds{1'614'265'330}}, R"({"test": 2432232314})"),
              "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

// printf '12.1767225600.{"type":"test"}' | openssl dgst -sha256 -mac HMAC -macopt hexkey:000102…1e1f -binary
// | base64
TEST(signature, matches_the_output_of_openssl) {
    EXPECT_EQ(signature_of("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "12",
                           std::chrono::sys_seconds{seconds{1'767'225'600}}, R"({"type":"test"})"),
              "v1,X1P30fy44eZf6rDwYYkYka1yYtfemvlGpr0abMg44eo=");
}

TEST(signature, changes_with_each_part) {
    const std::chrono::sys_seconds at{seconds{1'767'225'600}};
    const std::string original = signature_of("secret", "1", at, "body");
    EXPECT_NE(signature_of("Secret", "1", at, "body"), original);
    EXPECT_NE(signature_of("secret", "2", at, "body"), original)
        << "otherwise a replayed message could pass as another one";
    EXPECT_NE(signature_of("secret", "1", at + seconds{1}, "body"), original);
    EXPECT_NE(signature_of("secret", "1", at, "Body"), original);
    EXPECT_NE(signature_of("no base64!", "1", at, "body"), signature_of("no base64?", "1", at, "body"));
}

TEST(retry_schedule, has_growing_delays_and_then_gives_up) {
    constant_random lowest{0};
    constant_random highest{0xff};
    const std::int64_t expected[]{10, 30, 120, 600, 1800, 3600, 10'800};
    std::int64_t attempts = 0;
    for (const std::int64_t wait : expected) {
        ++attempts;
        EXPECT_EQ(delay_after(attempts, lowest), seconds{wait}) << attempts;
        const auto longest = delay_after(attempts, highest).value();
        EXPECT_GT(longest, milliseconds{wait * 1199}) << attempts;
        EXPECT_LE(longest, milliseconds{wait * 1200}) << attempts;
    }
    EXPECT_FALSE(delay_after(attempts + 1, lowest));
    EXPECT_FALSE(delay_after(0, lowest));
}

TEST(rate_limiter, limits_the_messages_of_each_webhook_within_any_minute) {
    test::manual_clock time;
    rate_limiter limiter;
    const auto send = [&](webhook_id id) {
        const auto wait = limiter.wait_for(id, time.steady_now());
        if (wait == wait.zero())
            limiter.record(id, time.steady_now());
        return wait;
    };
    for (std::size_t n = 0; n < rate_limiter::messages; ++n) {
        EXPECT_EQ(send(1), seconds{0});
        time.advance(milliseconds{500});
    }
    EXPECT_EQ(send(1), seconds{30});
    EXPECT_EQ(send(2), seconds{0});
    time.advance(seconds{30});
    EXPECT_EQ(send(1), seconds{0});
    EXPECT_EQ(send(1), milliseconds{500}) << "only the first has left the window";
    time.advance(std::chrono::minutes{1});
    limiter.forget_idle(time.steady_now());
    EXPECT_EQ(send(1), seconds{0});
}

} // namespace
} // namespace breakwater::webhooks
