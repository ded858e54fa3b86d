#include "support/e2e.hpp"

#include <set>

namespace breakwater::test {
namespace {

namespace json = boost::json;

class reading_queries : public testing::Test {
protected:
    static constexpr int uploads = 130;

    server_process server_{{.variables = {{"MIN_SECONDS_BETWEEN_READINGS", "0"}}}};
    api_client admin_ = as_admin(server_);
    device_credentials device_ = create_device(admin_);
    std::string readings_ = "/devices/" + device_.id + "/readings";

    void SetUp() override {
        api_client sender = as_device(server_, device_);
        for (int i = 0; i < uploads; ++i)
            ASSERT_EQ(
                sender.post("/device/readings", json::object{{"payload", json::object{{"n", i}}}}).status,
                201);
    }
    json::array rows(const std::string& query) { return admin_.get(readings_ + query).json().as_array(); }
};

TEST_F(reading_queries, return_the_newest_100_first_by_default) {
    const auto page = rows("");
    ASSERT_EQ(page.size(), 100U);
    EXPECT_EQ(page[0].at("payload").at("n").as_int64(), uploads - 1);
    EXPECT_EQ(page[99].at("payload").at("n").as_int64(), uploads - 100);
    EXPECT_EQ(page[0].as_object().size(), 6U);
}

TEST_F(reading_queries, reduce_the_limit_to_the_page_size_and_refuse_invalid_values) {
    EXPECT_EQ(rows("?limit=500").size(), 100U) << "MAX_READINGS_PAGE_SIZE";
    EXPECT_EQ(rows("?limit=7").size(), 7U);
    for (const std::string query :
         {"?limit=0", "?limit=501", "?limit=-1", "?limit=ten", "?limit=", "?since=x",
          "?include_simulated=maybe", "?cursor=x", "?limit=1&limit=2"}) {
        const auto response = admin_.get(readings_ + query);
        EXPECT_EQ(response.status, 422) << query;
        EXPECT_TRUE(response.text("/errors/0/loc").starts_with("query.")) << query;
    }
}

TEST_F(reading_queries, accept_days_and_times_without_seconds) {
    for (const std::string day :
         {"2020-11-24", "2020-11-24%2000:00", "2020-11-24T00:00:00%2B0100", "1606176000"}) {
        EXPECT_EQ(rows("?since=" + day).size(), 100U) << day;
        EXPECT_EQ(rows("?until=" + day).size(), 0U) << day;
    }
}

TEST_F(reading_queries, exclude_simulated_readings_before_the_limit_applies) { // correction 4
    EXPECT_EQ(rows("?limit=100").size(), 100U);
    EXPECT_EQ(admin_.get(readings_ + "/meta").number("/total_readings"), uploads);
    EXPECT_EQ(admin_.get(readings_ + "/meta?include_simulated=true").number("/total_readings"), uploads + 6);
    api_client admin = as_admin(server_);
    const device_credentials fresh = create_device(admin);
    EXPECT_EQ(admin.get("/devices/" + fresh.id + "/readings").json().as_array().size(), 0U);
    EXPECT_EQ(admin.get("/devices/" + fresh.id + "/readings?include_simulated=true").json().as_array().size(),
              6U);
}

TEST_F(reading_queries, page_through_everything_without_gaps_or_repeats) {
    std::set<std::int64_t> ids;
    std::string cursor;
    int pages = 0;
    do {
        const auto page = admin_.get(readings_ + "?limit=40&include_simulated=true" +
                                     (cursor.empty() ? "" : "&cursor=" + cursor));
        ASSERT_EQ(page.status, 200);
        const auto readings = page.json().as_array();
        for (const json::value& row : readings)
            ids.insert(row.at("id").as_int64());
        cursor = page.field("X-Next-Cursor");
        EXPECT_EQ(page.has("Link"), !cursor.empty());
        ++pages;
    } while (!cursor.empty() && pages < 10);
    EXPECT_EQ(ids.size(), static_cast<std::size_t>(uploads + 6));
    EXPECT_EQ(pages, 4);
}

TEST_F(reading_queries, include_both_ends_of_a_range) {
    const auto all = rows("?limit=100");
    const std::string newest{all[10].at("received_at").as_string()};
    const std::string oldest{all[20].at("received_at").as_string()};
    const auto range = rows("?since=" + oldest + "&until=" + newest);
    ASSERT_EQ(range.size(), 11U);
    EXPECT_EQ(range[0].at("id"), all[10].at("id"));
    EXPECT_EQ(range[10].at("id"), all[20].at("id"));
    const auto meta = admin_.get(readings_ + "/meta?since=" + oldest + "&until=" + newest);
    EXPECT_EQ(meta.number("/total_readings"), 11);
    EXPECT_EQ(meta.text("/latest_received_at"), newest);
    EXPECT_EQ(meta.text("/oldest_received_at"), oldest);
}

TEST_F(reading_queries, report_zero_for_an_empty_range) {
    const auto meta = admin_.get(readings_ + "/meta?until=2001-01-01T00:00:00Z");
    EXPECT_EQ(meta.number("/total_readings"), 0);
    EXPECT_TRUE(meta.json().at("latest_received_at").is_null());
}

TEST_F(reading_queries, export_every_row_of_the_range) { // correction 6
    const auto response = admin_.get("/devices/" + device_.id + "/readings.csv");
    ASSERT_EQ(response.status, 200);
    EXPECT_TRUE(response.field("Content-Type").starts_with("text/csv"));
    EXPECT_TRUE(response.field("Content-Disposition").starts_with("attachment"));
    EXPECT_TRUE(response.chunked);
    EXPECT_EQ(std::ranges::count(response.body, '\n'), uploads + 1);
    EXPECT_EQ(count_events(admin_, "export_data", "success"), 1);
}

TEST(readings_csv, quotes_cells_flattens_objects_and_neutralises_formulas) {
    server_process server{{.variables = {{"MIN_SECONDS_BETWEEN_READINGS", "0"}}}};
    api_client admin = as_admin(server);
    const device_credentials device = create_device(admin);
    api_client sender = as_device(server, device);
    constexpr std::string_view formula =
        R"x({"payload":{"metrics":{"t":-3.50,"deep":{"er":1}},"note":"=HYPERLINK(\"http://evil\")"}})x";
    constexpr std::string_view quoted =
        R"x({"payload":{"note":"a \"quoted\", line\nand another","list":[1,2]}})x";
    ASSERT_EQ(sender.send("POST", "/device/readings", formula).status, 201);
    ASSERT_EQ(sender.send("POST", "/device/readings", quoted).status, 201);
    const std::string body = admin.get("/devices/" + device.id + "/readings.csv").body;
    EXPECT_NE(body.find("metrics.t,metrics.deep.er,note,list[0],list[1]\r\n"), std::string::npos) << body;
    EXPECT_NE(body.find("-3.50,1,\"'=HYPERLINK(\"\"http://evil\"\")\","), std::string::npos) << body;
    EXPECT_NE(body.find("\"a \"\"quoted\"\", line\nand another\",1,2\r\n"), std::string::npos) << body;
}

} // namespace
} // namespace breakwater::test
