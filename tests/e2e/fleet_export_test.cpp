#include "support/e2e.hpp"

#include <sstream>

namespace breakwater::test {
namespace {

namespace json = boost::json;

class fleet_export : public testing::Test {
protected:
    void SetUp() override {
        for (int i = 0; i < 3; ++i) {
            devices_.push_back(create_device(owner_, "Mast " + std::to_string(i)));
            std::string batch;
            for (int n = 0; n < 150; ++n)
                batch += (n == 0 ? "[" : ",") + std::string{R"({"payload":{"i":)"} + std::to_string(i) +
                         R"(,"n":)" + std::to_string(n) + "}}";
            ASSERT_EQ(as_device(server_, devices_.back())
                          .send("POST", "/device/readings/batch", batch + "]")
                          .status,
                      200);
        }
    }

    static std::vector<std::string> lines_of(const std::string& text) {
        std::vector<std::string> lines;
        std::istringstream in{text};
        for (std::string line; std::getline(in, line);)
            lines.push_back(line);
        return lines;
    }

    server_process server_{{.variables = {{"MIN_SECONDS_BETWEEN_READINGS", "0"}}}};
    api_client admin_ = as_admin(server_);
    api_client owner_ = as_new_user(server_, "owner@example.com");
    std::vector<device_credentials> devices_;
};

TEST_F(fleet_export, contains_every_reading_of_the_callers_devices_in_order) {
    const auto response = owner_.get("/readings.ndjson");
    ASSERT_EQ(response.status, 200);
    EXPECT_EQ(response.field("Content-Type"), "application/x-ndjson");
    const auto lines = lines_of(response.body);
    ASSERT_EQ(lines.size(), 450U);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto row = json::parse(lines[i]);
        EXPECT_EQ(row.at("device_id").as_string(), devices_[i / 150].id);
        EXPECT_EQ(row.at("payload").at("n").as_int64(), static_cast<std::int64_t>(i % 150));
    }
    const auto csv = lines_of(owner_.get("/readings.csv").body);
    ASSERT_EQ(csv.size(), 451U);
    EXPECT_EQ(csv[0], "id,device_id,device_timestamp,received_at,simulated,payload_size,i,n\r");
    EXPECT_EQ(lines_of(owner_.get("/devices/" + devices_[1].id + "/readings.ndjson").body).size(), 150U);
    EXPECT_EQ(as_new_user(server_, "other@example.com").get("/readings.ndjson").body, "");
    EXPECT_EQ(lines_of(admin_.get("/readings.ndjson").body).size(), 450U) << "an administrator exports all";
    EXPECT_EQ(count_events(admin_, "export_data", "success"), 5);
    EXPECT_EQ(api_client{server_}.get("/readings.ndjson").status, 401);
}

TEST_F(fleet_export, resumes_after_an_interruption) {
    const auto whole = lines_of(owner_.get("/readings.ndjson").body);
    const auto last_row = json::parse(whole[200]);
    const std::string after = std::string{last_row.at("device_id").as_string()} + "/" +
                              std::string{last_row.at("received_at").as_string()} + "/" +
                              std::to_string(last_row.at("id").as_int64());
    const auto rest = lines_of(owner_.get("/readings.ndjson?after=" + after).body);
    EXPECT_EQ(rest, (std::vector<std::string>{whole.begin() + 201, whole.end()}));
    EXPECT_EQ(lines_of(owner_.get("/readings.csv?after=" + after).body).size(), 250U)
        << "249 rows and a header";
    EXPECT_EQ(owner_.get("/readings.ndjson?after=nonsense").status, 422);
    EXPECT_EQ(owner_.get("/devices/" + devices_[0].id + "/readings.ndjson?after=" + after).status, 422);
}

} // namespace
} // namespace breakwater::test
