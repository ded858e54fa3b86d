#include "support/e2e.hpp"
#include "support/reading_load.hpp"

#include <random>
#include <thread>

namespace breakwater::test {
namespace {

namespace json = boost::json;

constexpr int rounds = 8;

/// The server while it compacts and removes readings without a pause. There are few devices, so that each is
/// due for compaction all the time, and others are created, filled and deleted.
class crash_in_compaction : public testing::Test {
protected:
    server_process server_{{.variables = {{"MIN_SECONDS_BETWEEN_READINGS", "0"},
                                          {"BACKFILL_BURST", "10000000"},
                                          {"DEVICE_BCRYPT_COST", "4"}}}};
    api_client admin_ = as_admin(server_);

    /// Creates, fills and deletes devices until the connection breaks.
    void create_and_delete_devices(std::vector<std::string>& deleted) {
        try {
            api_client owner{server_, admin_.token()};
            std::string batch;
            for (int i = 0; i < 700; ++i)
                batch += (i == 0 ? "[" : ",") + std::string{R"({"payload":{"t":)"} + std::to_string(i) + "}}";
            batch += "]";
            for (;;) {
                const device_credentials guest = create_device(owner, "Guest");
                api_client sender = as_device(server_, guest);
                if (sender.send("POST", "/device/readings/batch", batch).status != 200 ||
                    sender.post("/device/readings", sample_payload()).status != 201 ||
                    owner.del("/devices/" + guest.id).status != 200)
                    return;
                deleted.push_back(guest.id);
            }
        } catch (const std::exception&) { // the server was killed; only answered requests count
        }
    }
};

TEST_F(crash_in_compaction, loses_and_duplicates_nothing) {
    std::vector<std::string> tokens;
    for (int i = 0; i < 4; ++i)
        tokens.push_back(device_token(server_, create_device(admin_, "Mast " + std::to_string(i))));
    reading_load readings{std::move(tokens), 3, 20, 37};
    std::mt19937 random{7};
    std::uniform_int_distribution<std::size_t> any_amount{3000, 9000};
    std::vector<std::string> deleted;

    for (int round = 1; round <= rounds && !HasFailure(); ++round) {
        SCOPED_TRACE("round " + std::to_string(round));
        const std::size_t before = readings.results().accepted.size();
        const std::size_t goal = any_amount(random);
        readings.start(server_.port());
        std::thread guests{[&] { create_and_delete_devices(deleted); }};
        EXPECT_TRUE(readings.wait_until([&](const upload_results& results) {
            return results.accepted.size() >= before + goal || !results.unexpected.empty();
        }));
        server_.kill();
        guests.join();
        readings.stop();
        server_.start();
        admin_ = api_client{server_, admin_.token()};
        expect_as_answered(stored_data{server_.database_url()}, readings.results());
        for (const std::string& id : deleted)
            EXPECT_EQ(admin_.get("/devices/" + id).status, 404);
    }
    ASSERT_EQ(server_.stop(), 0);
    server_.start();
    expect_as_answered(stored_data{server_.database_url()}, readings.results());
    EXPECT_GT(deleted.size(), 0U);
    EXPECT_GT(readings.results().unanswered.size(), 0U) << "no kill interrupted a request";
}

} // namespace
} // namespace breakwater::test
