#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;

class reading_series : public testing::Test {
protected:
    void SetUp() override {
        // Two days with a reading a minute, except for one hour when the device was off.
        for (int half_day = 0; half_day < 4; ++half_day) {
            std::string batch = "[";
            for (int i = 0; i < 720; ++i) {
                const int minute = half_day * 720 + i;
                if (minute >= 1000 && minute < 1060)
                    continue;
                char time[32];
                std::snprintf(time, sizeof time, "2026-01-%02dT%02d:%02d:00Z", 15 + minute / 1440,
                              minute / 60 % 24, minute % 60);
                batch += (batch.size() == 1 ? "" : ",") + std::string{R"({"payload":{"m":{"t":)"} +
                         std::to_string(minute % 60) + ".5},\"on\":" + (minute % 2 == 0 ? "true" : "false") +
                         R"(,"s":"x"},"device_timestamp":")" + time + "\"}";
            }
            ASSERT_EQ(sender_.send("POST", "/device/readings/batch", batch + "]").status, 200);
        }
    }

    json::value query(const std::string& parameters, int status = 200) {
        const auto response = admin_.get("/devices/" + device_.id + "/readings/series?" + parameters);
        EXPECT_EQ(response.status, status) << parameters << ": " << response.body;
        return response.json();
    }

    server_process server_;
    api_client admin_ = as_admin(server_);
    device_credentials device_ = create_device(admin_);
    api_client sender_ = as_device(server_, device_);
};

TEST_F(reading_series, aggregates_minutes_into_hours_and_omits_empty_buckets) {
    const auto hours = query("field=m.t,on&since=2026-01-15T00:00:00Z&until=2026-01-17T00:00:00Z&points=48");
    EXPECT_EQ(hours.at("step_seconds").to_number<double>(), 3600);
    const auto& buckets = hours.at("series").at(0).at("buckets").as_array();
    ASSERT_EQ(buckets.size(), 48U);
    const auto& first = buckets[0];
    EXPECT_EQ(first.at("start").as_string(), "2026-01-15T00:00:00Z");
    EXPECT_EQ(first.at("count").as_int64(), 60);
    EXPECT_EQ(first.at("min").to_number<double>(), 0.5);
    EXPECT_EQ(first.at("max").to_number<double>(), 59.5);
    EXPECT_EQ(first.at("mean").to_number<double>(), 30);
    EXPECT_EQ(first.at("first").to_number<double>(), 0.5);
    EXPECT_EQ(first.at("last").to_number<double>(), 59.5);
    EXPECT_EQ(buckets[16].at("count").as_int64(), 40) << "the device was off from 16:40";
    EXPECT_EQ(buckets[17].at("count").as_int64(), 20);
    const auto& on = hours.at("series").at(1);
    EXPECT_EQ(on.at("field").as_string(), "on");
    EXPECT_EQ(on.at("buckets").at(0).at("mean").to_number<double>(), 0.5);

    const auto half_hours =
        query("field=m.t&since=2026-01-15T00:00:00Z&until=2026-01-17T00:00:00Z&points=100");
    EXPECT_EQ(half_hours.at("step_seconds").to_number<double>(), 1800);
    EXPECT_EQ(half_hours.at("series").at(0).at("buckets").as_array().size(), 95U)
        << "one half hour has no readings";
}

TEST_F(reading_series, counts_no_reading_outside_the_range) {
    const auto series = query("field=m.t&since=2026-01-15T10:30:30Z&until=2026-01-15T12:10:00Z&points=2");
    EXPECT_EQ(series.at("step_seconds").to_number<double>(), 3600 * 2);
    const auto& buckets = series.at("series").at(0).at("buckets").as_array();
    ASSERT_EQ(buckets.size(), 2U);
    EXPECT_EQ(buckets[0].at("start").as_string(), "2026-01-15T10:00:00Z");
    EXPECT_EQ(buckets[0].at("count").as_int64(), 89);
    EXPECT_EQ(buckets[0].at("first").to_number<double>(), 31.5);
    EXPECT_EQ(buckets[1].at("count").as_int64(), 10);
}

TEST_F(reading_series, includes_the_latest_reading_and_excludes_simulated_ones) {
    ASSERT_EQ(sender_.send("POST", "/device/readings", R"({"payload":{"m":{"t":99.25}}})").status, 201);
    const auto& latest = query("field=m.t");
    EXPECT_EQ(latest.at("series").at(0).at("buckets").as_array().size(), 1U)
        << "the last day has that reading and no simulated one";
    EXPECT_EQ(latest.at("series").at(0).at("buckets").at(0).at("max").to_number<double>(), 99.25);
    const auto all = query("field=metrics.temperature_c&include_simulated=true");
    EXPECT_FALSE(all.at("series").at(0).at("buckets").as_array().empty()) << "the six simulated readings";
}

TEST_F(reading_series, refuses_invalid_queries) {
    query("", 422);
    query("field=", 422);
    query("field=a,,b", 422);
    query("field=a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q", 422);
    query("field=a&points=0", 422);
    query("field=a&points=2001", 422);
    query("field=a&since=2026-01-16T00:00:00Z&until=2026-01-15T00:00:00Z", 422);
    const auto without_values =
        query("field=nothing,s&since=0001-01-01T00:00:00Z&until=9999-12-31T00:00:00Z");
    EXPECT_TRUE(without_values.at("series").at(0).at("buckets").as_array().empty());
    EXPECT_TRUE(without_values.at("series").at(1).at("buckets").as_array().empty())
        << "text has no numeric value";
    EXPECT_EQ(as_new_user(server_, "other@example.com")
                  .get("/devices/" + device_.id + "/readings/series?field=a")
                  .status,
              403);
}

TEST_F(reading_series, follows_the_calendar_of_a_time_zone) {
    // When the clocks go back in Warsaw, one hour occurs twice, so that day has 25 values.
    std::string batch = "[";
    for (int hour = 0; hour < 72; ++hour) {
        char time[32];
        std::snprintf(time, sizeof time, "2025-10-%02dT%02d:30:00Z", 25 + hour / 24, hour % 24);
        batch += (hour == 0 ? "" : ",") + std::string{R"({"payload":{"h":)"} + std::to_string(hour) +
                 R"(},"device_timestamp":")" + time + "\"}";
    }
    ASSERT_EQ(sender_.send("POST", "/device/readings/batch", batch + "]").status, 200);
    const std::string range = "field=h&since=2025-10-24T22:00:00Z&until=2025-10-27T23:00:00Z";
    const auto days = query(range + "&tz=Europe/Warsaw&step=day");
    EXPECT_EQ(days.at("step_seconds").to_number<double>(), 86'400);
    EXPECT_EQ(json::serialize(days.at("calendar")),
              R"({"time_zone":"Europe/Warsaw","unit":"day","count":1,"bounds":["2025-10-24T22:00:00Z",)"
              R"("2025-10-25T22:00:00Z","2025-10-26T23:00:00Z","2025-10-27T23:00:00Z"]})");
    const auto& buckets = days.at("series").at(0).at("buckets").as_array();
    ASSERT_EQ(buckets.size(), 3U);
    EXPECT_EQ(buckets[0].at("count").as_int64(), 22);
    EXPECT_EQ(buckets[1].at("start").as_string(), "2025-10-25T22:00:00Z");
    EXPECT_EQ(buckets[1].at("count").as_int64(), 25);
    EXPECT_EQ(buckets[1].at("first").to_number<double>(), 22);
    EXPECT_EQ(buckets[1].at("last").to_number<double>(), 46);
    EXPECT_EQ(buckets[2].at("count").as_int64(), 24);

    const auto weeks = query(range + "&tz=Europe/Warsaw&step=week");
    ASSERT_EQ(weeks.at("series").at(0).at("buckets").as_array().size(), 2U) << "Monday is the 27th";
    EXPECT_EQ(weeks.at("series").at(0).at("buckets").at(1).at("count").as_int64(), 24);
    EXPECT_EQ(query(range + "&step=month").at("calendar").at("time_zone").as_string(), "UTC");

    const auto automatic = query(range + "&tz=Asia/Kolkata&points=4");
    EXPECT_EQ(automatic.at("calendar").at("unit").as_string(), "day");
    EXPECT_EQ(automatic.at("calendar").at("bounds").at(0).as_string(), "2025-10-24T18:30:00Z");
    EXPECT_TRUE(query("field=h&since=2025-10-25T00:00:00Z&until=2025-10-25T01:00:00Z&tz=Asia/Kolkata")
                    .at("calendar")
                    .is_null())
        << "steps shorter than an hour do not depend on the time zone";
    EXPECT_TRUE(query(range).at("calendar").is_null());

    for (const std::string zone :
         {"Europe/Atlantis", "europe/warsaw", "localtime", "../../../etc/passwd", ""})
        EXPECT_NE(json::serialize(query(range + "&tz=" + zone, 422)).find("query.tz"), std::string::npos)
            << zone;
    query(range + "&step=fortnight", 422);
    const auto too_many = query(range + "&step=hour&points=10", 422);
    EXPECT_NE(json::serialize(too_many).find("more than 10 steps"), std::string::npos);
    query("field=h&step=year&tz=Europe/Warsaw&points=1&since=0001-01-01T00:00:00Z&until=9999-12-31T23:59:59Z",
          422);
    query("field=h&tz=Europe/Warsaw&points=1&since=0001-01-01T00:00:00Z&until=9999-12-31T23:59:59.999999Z");
}

TEST_F(reading_series, accepts_any_range_of_the_calendar) {
    // Buckets are aligned to 1970, so a range across 1970 needs at least two.
    const auto across = query("field=m.t&since=1900-01-01T00:00:00Z&until=2100-01-01T00:00:00Z&points=1");
    EXPECT_EQ(across.at("step_seconds").to_number<double>(), 50'000.0 * 86'400);
    ASSERT_EQ(across.at("series").at(0).at("buckets").as_array().size(), 1U);
    EXPECT_EQ(across.at("series").at(0).at("buckets").at(0).at("count").as_int64(), 2820);
    for (const std::string range : {"since=0001-01-01T00:00:00Z&until=9999-12-31T23:59:59.999999Z",
                                    "since=0001-01-01T00:00:00Z&until=0001-01-01T00:00:00.000001Z",
                                    "since=9999-12-31T23:59:59.999998Z&until=9999-12-31T23:59:59.999999Z",
                                    "since=1969-12-31T23:59:59.999999Z&until=1970-01-01T00:00:00.000001Z"})
        for (const std::string points : {"1", "2", "7", "500", "2000"}) {
            const auto series = query("field=m.t&" + range + "&points=" + points);
            EXPECT_GT(series.at("step_seconds").to_number<double>(), 0) << range << ' ' << points;
            EXPECT_LE(series.at("series").at(0).at("buckets").as_array().size(), 2U)
                << range << ' ' << points;
        }
    query("field=m.t&until=0001-01-01T00:00:00Z", 422); // the calendar has no earlier day
    const auto first_day = query("field=m.t&until=0001-01-01T00:00:01Z");
    EXPECT_EQ(first_day.at("since").as_string(), "0001-01-01T00:00:00Z");
}

} // namespace
} // namespace breakwater::test
