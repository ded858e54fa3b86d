#include "identity/device_secrets.hpp"

#include "crypto/password_hash.hpp"
#include "support/manual_clock.hpp"
#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

namespace breakwater::identity {
namespace {

using verdict = device_secrets::verdict;

class device_secrets_test : public testing::Test {
protected:
    struct known_device {
        device_id id;
        std::optional<std::string> hash;
        std::string secret;
    };
    known_device make(std::string secret) {
        return {uuid::random(random_), crypto::hash_password(secret, 4, random_).value(), secret};
    }
    verdict check(const known_device& device, std::string_view secret,
                  std::string_view address = "192.0.2.1") {
        return secrets_.check(device.id, device.hash, secret, address);
    }
    /// Uses up all units of the address.
    void exhaust(std::string_view address) {
        for (int i = 0; i < 10; ++i)
            (void)secrets_.check(uuid::random(random_), std::nullopt, "guess", address);
    }

    test::manual_clock clock_;
    test::seeded_random random_;
    device_secrets secrets_{clock_,
                            random_,
                            {.bcrypt_cost = 4,
                             .by_address = {.burst = 5, .refill = std::chrono::milliseconds{1000}},
                             .by_device = {.burst = 2, .refill = std::chrono::milliseconds{10'000}},
                             .max_right = 3,
                             .max_wrong = 3}};
    known_device roof_ = make("right");
};

TEST_F(device_secrets_test, distinguishes_right_from_wrong) {
    EXPECT_EQ(check(roof_, "right"), verdict::right);
    EXPECT_EQ(check(roof_, "wrong"), verdict::wrong);
    EXPECT_EQ(secrets_.check(uuid::random(random_), std::nullopt, "decoy", "192.0.2.1"), verdict::wrong)
        << "also with the decoy's own text";
}

TEST_F(device_secrets_test, both_results_are_remembered_and_cost_one_hash_each) {
    for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(check(roof_, "right"), verdict::right);
        EXPECT_EQ(check(roof_, "wrong"), verdict::wrong);
    }
    EXPECT_EQ(secrets_.counters().hashed, 2U);
    EXPECT_EQ(secrets_.counters().recalled, 18U);
}

TEST_F(device_secrets_test, a_new_secret_ends_the_remembered_results) {
    EXPECT_EQ(check(roof_, "right"), verdict::right);
    EXPECT_EQ(check(roof_, "another"), verdict::wrong);
    roof_.hash = crypto::hash_password("another", 4, random_).value();
    EXPECT_EQ(check(roof_, "right"), verdict::wrong);
    EXPECT_EQ(check(roof_, "another"), verdict::right);
}

TEST_F(device_secrets_test, a_result_is_remembered_for_one_device_only) {
    EXPECT_EQ(check(roof_, "right"), verdict::right);
    known_device other{uuid::random(random_), roof_.hash, ""};
    EXPECT_EQ(check(other, "right"), verdict::right) << "the same hash, checked again";
    EXPECT_EQ(secrets_.counters().hashed, 2U);
}

TEST_F(device_secrets_test, forgetting_costs_only_one_hash) {
    EXPECT_EQ(check(roof_, "right"), verdict::right);
    secrets_.forget(roof_.id);
    EXPECT_EQ(check(roof_, "right"), verdict::right);
    EXPECT_EQ(secrets_.counters().hashed, 2U);
}

TEST_F(device_secrets_test, other_clients_of_the_address_never_block_a_right_secret) {
    EXPECT_EQ(check(roof_, "right"), verdict::right);
    const known_device new_client = make("also right");
    exhaust("192.0.2.1");
    const auto before = secrets_.counters().hashed;
    exhaust("192.0.2.1");
    EXPECT_EQ(secrets_.counters().hashed, before) << "no further hashes";
    EXPECT_EQ(check(roof_, "right"), verdict::right) << "remembered";
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(check(new_client, "also right"), verdict::right) << "charged to the device";
        secrets_.forget(new_client.id);
    }
}

TEST_F(device_secrets_test, a_right_secret_is_not_charged) {
    for (int i = 0; i < 20; ++i) {
        EXPECT_EQ(check(roof_, "right"), verdict::right);
        secrets_.forget(roof_.id);
    }
    for (int i = 0; i < 5; ++i)
        (void)secrets_.check(uuid::random(random_), std::nullopt, "guess", "192.0.2.1");
    EXPECT_EQ(secrets_.counters().hashed, 25U) << "no unit was used up";
}

TEST_F(device_secrets_test, guesses_at_one_device_are_bounded_and_do_not_affect_another_address) {
    exhaust("192.0.2.1");
    const auto before = secrets_.counters().hashed;
    int unpaid = 0;
    for (int i = 0; i < 20; ++i)
        unpaid += check(roof_, "guess" + std::to_string(i)) == verdict::unpaid ? 1 : 0;
    EXPECT_EQ(secrets_.counters().hashed - before, 2U);
    EXPECT_EQ(unpaid, 18);
    EXPECT_EQ(check(roof_, "right", "198.51.100.7"), verdict::right);
    clock_.advance(std::chrono::seconds{10});
    EXPECT_EQ(check(roof_, "right"), verdict::right);
}

TEST_F(device_secrets_test, memory_is_bounded) {
    EXPECT_EQ(check(roof_, "right"), verdict::right);
    for (int i = 0; i < 3; ++i) {
        const known_device more = make("more");
        EXPECT_EQ(check(more, "more"), verdict::right);
    }
    const auto before = secrets_.counters().hashed;
    EXPECT_EQ(check(roof_, "right"), verdict::right);
    EXPECT_EQ(secrets_.counters().hashed, before + 1) << "forgotten, so checked with a hash again";
}

} // namespace
} // namespace breakwater::identity
