#include "support/e2e.hpp"
#include "support/stored_file.hpp"

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
constexpr int old_readings =
    4000; ///< of each device; they go in many transactions, and blocks are cut in two
constexpr int new_readings = 101;
constexpr int rounds = 8;

/// The server while it removes what is too old.
class crash_in_retention : public testing::Test {
protected:
    /// Numbers that begin anew with each device, by thousands.
    void import_readings(const std::vector<std::string>& ids) {
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

TEST_F(crash_in_retention, loses_nothing_that_is_to_stay_and_forgets_nothing_that_is_to_go) {
    api_client admin = as_admin(server_);
    std::vector<std::string> ids;
    for (int i = 0; i < devices; ++i)
        ids.push_back(create_device(admin, "Mast " + std::to_string(i)).id);
    ASSERT_EQ(admin.send("PUT", "/devices/" + ids.front() + "/policy", R"({"keep_readings_days":0})").status,
              200);
    ASSERT_EQ(server_.stop(), 0);
    import_readings(ids);
    ASSERT_EQ(run_program({"import", "in.ndjson"}, server_.folder(), test_environment(server_.folder())).out,
              std::to_string(devices * (old_readings + new_readings)) +
                  " readings imported, 0 lines refused.\n");

    const auto is_to_stay = [](std::int64_t n) {
        constexpr std::int64_t of_each = old_readings + new_readings;
        return n < of_each || n % of_each >= old_readings; // the first device keeps everything
    };
    constexpr std::size_t all_to_stay = old_readings + devices * new_readings;
    const auto expect_whole = [&](const std::multimap<std::int64_t, std::int64_t>& stored) {
        std::size_t stayed = 0;
        for (auto at = stored.begin(); at != stored.end(); at = stored.upper_bound(at->first)) {
            EXPECT_EQ(stored.count(at->first), 1U) << at->first;
            stayed += is_to_stay(at->first) ? 1 : 0;
        }
        EXPECT_EQ(stayed, all_to_stay);
    };
    std::mt19937 random{11};
    std::uniform_int_distribution<int> any_delay{0, 25};
    for (int round = 1; round <= rounds && !HasFailure(); ++round) {
        SCOPED_TRACE("round " + std::to_string(round));
        server_.start(); // retention begins at once
        std::this_thread::sleep_for(std::chrono::milliseconds{any_delay(random)});
        server_.kill();
        server_.settings().variables["KEEP_READINGS_DAYS"] = "0"; // to look at it beside a server
        server_.start();
        const stored_file file{server_.database()};
        expect_whole(file.numbered_readings());
        EXPECT_EQ(file.integrity(), "ok");
        ASSERT_EQ(server_.stop(), 0);
        server_.settings().variables["KEEP_READINGS_DAYS"] = "5";
    }
    server_.start();
    const stored_file file{server_.database()};
    const auto deadline = std::chrono::steady_clock::now() + 30s;
    auto stored = file.numbered_readings();
    while (stored.size() > all_to_stay && std::chrono::steady_clock::now() < deadline)
        stored = file.numbered_readings();
    EXPECT_EQ(stored.size(), all_to_stay);
    expect_whole(stored);
}

} // namespace
} // namespace breakwater::test
