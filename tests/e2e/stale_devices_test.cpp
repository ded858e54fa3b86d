#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;

int request_token(api_client& site, const device_credentials& device) {
    return site
        .post("/device/token", json::object{{"device_id", device.id}, {"device_secret", device.secret}})
        .status;
}

/// A site behind one address: 20 devices with valid credentials, 5 with a rotated secret and 42 that were
/// deleted.
class stale_devices : public testing::Test {
protected:
    server_process server_;
    api_client admin_ = as_admin(server_);
    api_client site_{server_};
    std::vector<device_credentials> valid_;
    std::vector<device_credentials> stale_;

    stale_devices() {
        for (int i = 0; i < 20; ++i)
            valid_.push_back(create_device(admin_));
        for (int i = 0; i < 47; ++i) {
            stale_.push_back(create_device(admin_));
            const std::string target = "/devices/" + stale_.back().id;
            EXPECT_EQ((i < 5 ? admin_.post(target + "/rotate-secret") : admin_.del(target)).status, 200);
        }
    }
    void retry_all_stale_devices() {
        for (int round = 0; round < 20; ++round)
            for (const device_credentials& device : stale_) {
                const int status = request_token(site_, device);
                EXPECT_TRUE(status == 401 || status == 429) << status;
            }
    }
    void expect_valid_devices_to_sign_in() {
        for (const device_credentials& device : valid_)
            EXPECT_EQ(request_token(site_, device), 200);
    }
};

TEST_F(stale_devices, do_not_lock_out_the_valid_devices_of_their_site) {
    retry_all_stale_devices();
    expect_valid_devices_to_sign_in();
    retry_all_stale_devices();
    expect_valid_devices_to_sign_in();
}

TEST_F(stale_devices, do_not_lock_them_out_after_a_restart_either) {
    ASSERT_EQ(server_.stop(), 0);
    server_.start();
    site_ = api_client{server_};
    retry_all_stale_devices();
    expect_valid_devices_to_sign_in();
}

TEST_F(stale_devices, under_endless_guesses_do_not_lock_out_the_valid_devices) {
    for (int i = 0; i < 600; ++i) {
        json::object guess{{"device_id", stale_[10 + static_cast<std::size_t>(i % 20)].id},
                           {"device_secret", "guess " + std::to_string(i)}};
        EXPECT_NE(site_.post("/device/token", guess).status, 200);
    }
    expect_valid_devices_to_sign_in();
}

TEST_F(stale_devices, sign_in_at_once_with_their_new_secret) {
    retry_all_stale_devices();
    const device_credentials renewed{
        stale_[0].id, admin_.post("/devices/" + stale_[0].id + "/rotate-secret").text("/device_secret")};
    EXPECT_EQ(request_token(site_, renewed), 200);
    EXPECT_EQ(admin_.post("/devices/" + renewed.id + "/deactivate").status, 200);
    EXPECT_EQ(request_token(site_, renewed), 403)
        << "the server remembers that the secret was correct, not that the device may sign in";
}

} // namespace
} // namespace breakwater::test
