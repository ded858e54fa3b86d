#include "support/e2e.hpp"
#include "support/stored_data.hpp"

#include <chrono>
#include <ctime>
#include <fstream>
#include <iomanip>
#include <random>
#include <thread>

namespace breakwater::test {
namespace {

using namespace std::chrono_literals;

constexpr int devices = 30;
/// Per device. Retention removes them in many transactions and splits blocks.
constexpr int old_readings = 4000;
constexpr int new_readings = 101;
constexpr int rounds = 8;

/// The server while retention removes old readings.
class crash_in_retention : public testing::Test {
protected:
    /// Writes the old and the new readings of each device, numbered across all devices, to in.ndjson.
    void write_readings(const std::vector<std::string>& ids) {
        const std::time_t now = std::time(nullptr);
        constexpr std::time_t hour = 3600;
        std::ofstream lines{server_.folder() / "in.ndjson"};
        std::int64_t n = 0;
        for (const std::string& id : ids)
            for (int i = 0; i < old_readings + new_readings; ++i) {
                const std::time_t at = now + i - (i < old_readings ? 240 * hour : 2 * hour);
                std::tm parts{};
                lines << R"({"device_id":")" << id << R"(","received_at":")"
                      << std::put_time(::gmtime_r(&at, &parts), "%FT%TZ") << R"(","payload":{"n":)" << n++
                      << "}}\n";
            }
    }

    server_process server_{
        {.variables = {{"KEEP_READINGS_DAYS", "5"}, {"TELEMETRY_SIMULATION_ENABLED", "false"}}}};
};

TEST_F(crash_in_retention, keeps_every_recent_reading_and_removes_every_old_one) {
    api_client admin = as_admin(server_);
    std::vector<std::string> ids;
    for (int i = 0; i < devices; ++i)
        ids.push_back(create_device(admin, "Mast " + std::to_string(i)).id);
    ASSERT_EQ(admin.send("PUT", "/devices/" + ids.front() + "/policy", R"({"keep_readings_days":0})").status,
              200);
    ASSERT_EQ(server_.stop(), 0);
    write_readings(ids);
    ASSERT_EQ(run_program({"import", "in.ndjson"}, server_.folder(), test_environment(server_.folder())).out,
              std::to_string(devices * (old_readings + new_readings)) +
                  " readings imported, 0 lines refused.\n");

    const auto is_kept = [](std::int64_t n) {
        constexpr std::int64_t per_device = old_readings + new_readings;
        return n < per_device || n % per_device >= old_readings; // the first device keeps everything
    };
    constexpr std::size_t kept_count = old_readings + devices * new_readings;
    const auto expect_complete = [&](const std::multimap<std::int64_t, std::int64_t>& stored) {
        std::size_t kept = 0;
        for (auto at = stored.begin(); at != stored.end(); at = stored.upper_bound(at->first)) {
            EXPECT_EQ(stored.count(at->first), 1U) << at->first;
            kept += is_kept(at->first) ? 1 : 0;
        }
        EXPECT_EQ(kept, kept_count);
    };
    std::mt19937 random{11};
    std::uniform_int_distribution<int> any_delay{0, 25};
    for (int round = 1; round <= rounds && !HasFailure(); ++round) {
        SCOPED_TRACE("round " + std::to_string(round));
        server_.start(); // retention starts immediately
        std::this_thread::sleep_for(std::chrono::milliseconds{any_delay(random)});
        server_.kill();
        server_.settings().variables["KEEP_READINGS_DAYS"] = "0"; // no retention during the check
        server_.start();
        const stored_data data{server_.database_url()};
        expect_complete(data.numbered_readings());
        EXPECT_EQ(data.integrity(), "ok");
        ASSERT_EQ(server_.stop(), 0);
        server_.settings().variables["KEEP_READINGS_DAYS"] = "5";
    }
    server_.start();
    const stored_data data{server_.database_url()};
    const auto deadline = std::chrono::steady_clock::now() + 30s;
    auto stored = data.numbered_readings();
    while (stored.size() > kept_count && std::chrono::steady_clock::now() < deadline)
        stored = data.numbered_readings();
    EXPECT_EQ(stored.size(), kept_count);
    expect_complete(stored);
}

} // namespace
} // namespace breakwater::test
