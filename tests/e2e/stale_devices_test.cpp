#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;

int ask_for_token(api_client& site, const made_device& device) {
    return site
        .post("/device/token", json::object{{"device_id", device.id}, {"device_secret", device.secret}})
        .status;
}

/// A site behind one address: 20 good devices, 5 with a secret that was rotated away, 42 that were deleted.
class stale_devices : public testing::Test {
protected:
    server_process server_;
    api_client admin_ = as_admin(server_);
    api_client site_{server_};
    std::vector<made_device> good_;
    std::vector<made_device> stale_;

    stale_devices() {
        for (int i = 0; i < 20; ++i)
            good_.push_back(create_device(admin_));
        for (int i = 0; i < 47; ++i) {
            stale_.push_back(create_device(admin_));
            const std::string target = "/devices/" + stale_.back().id;
            EXPECT_EQ((i < 5 ? admin_.post(target + "/rotate-secret") : admin_.del(target)).status, 200);
        }
    }
    void let_the_stale_ones_try() {
        for (int round = 0; round < 20; ++round)
            for (const made_device& each : stale_) {
                const int status = ask_for_token(site_, each);
                EXPECT_TRUE(status == 401 || status == 429) << status;
            }
    }
    void expect_the_good_ones_at_the_first_try() {
        for (const made_device& each : good_)
            EXPECT_EQ(ask_for_token(site_, each), 200);
    }
};

TEST_F(stale_devices, do_not_shut_out_the_good_ones_of_their_site) {
    let_the_stale_ones_try();
    expect_the_good_ones_at_the_first_try();
    let_the_stale_ones_try();
    expect_the_good_ones_at_the_first_try();
}

TEST_F(stale_devices, do_not_shut_them_out_after_a_restart_either) {
    ASSERT_EQ(server_.stop(), 0);
    server_.start();
    site_ = api_client{server_};
    let_the_stale_ones_try();
    expect_the_good_ones_at_the_first_try();
}

TEST_F(stale_devices, nor_does_somebody_there_who_guesses_without_end) {
    for (int i = 0; i < 600; ++i) {
        json::object guess{{"device_id", stale_[10 + static_cast<std::size_t>(i % 20)].id},
                           {"device_secret", "guess " + std::to_string(i)}};
        EXPECT_NE(site_.post("/device/token", guess).status, 200);
    }
    expect_the_good_ones_at_the_first_try();
}

TEST_F(stale_devices, get_in_at_once_with_their_new_secret) {
    let_the_stale_ones_try();
    const made_device renewed{
        stale_[0].id, admin_.post("/devices/" + stale_[0].id + "/rotate-secret").text("/device_secret")};
    EXPECT_EQ(ask_for_token(site_, renewed), 200);
    EXPECT_EQ(admin_.post("/devices/" + renewed.id + "/deactivate").status, 200);
    EXPECT_EQ(ask_for_token(site_, renewed), 403) << "what is remembered is the secret, not that it may pass";
}

} // namespace
} // namespace breakwater::test
