#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;

class reading_upload : public testing::Test {
protected:
    server_process server_{{.variables = {{"MIN_SECONDS_BETWEEN_READINGS", "0"}}}};
    api_client admin_ = as_admin(server_);
    device_credentials device_ = create_device(admin_);
    api_client sender_ = as_device(server_, device_);

    http_response upload(std::string_view body) { return sender_.send("POST", "/device/readings", body); }
};

TEST_F(reading_upload, returns_the_stored_reading) {
    const auto response = upload(
        R"({ "payload": { "a": 1.50, "b": [ 1, 2 ] }, "device_timestamp": "2026-01-01T02:00:00+02:00" })");
    ASSERT_EQ(response.status, 201) << response.body;
    EXPECT_EQ(response.text("/device_id"), device_.id);
    EXPECT_EQ(response.text("/device_timestamp"), "2026-01-01T00:00:00Z");
    EXPECT_TRUE(response.text("/received_at").ends_with('Z'));
    EXPECT_EQ(response.number("/payload_size"), 20) << "the size of the compact form in bytes";
    EXPECT_NE(response.body.find(R"("payload":{"a":1.50,"b":[1,2]})"), std::string::npos)
        << "numbers keep their spelling: " << response.body;
    EXPECT_GT(response.number("/id"), 0);
    const auto listed = admin_.get("/devices/" + device_.id + "/readings").json().as_array();
    ASSERT_EQ(listed.size(), 1U);
    EXPECT_EQ(listed[0].at("id").as_int64(), response.number("/id"));
    EXPECT_EQ(admin_.get("/devices/" + device_.id).text("/last_reading_at"), response.text("/received_at"));
}

TEST_F(reading_upload, accepts_the_time_formats_of_devices) {
    for (const std::string time : {R"("2026-01-01T01:00:00+0100")", R"("2026-01-01 01:00+01")",
                                   R"("2026-01-01T00:00Z")", "1767225600", "1767225600000"}) {
        const auto response = upload(R"({"payload":{},"device_timestamp":)" + time + "}");
        ASSERT_EQ(response.status, 201) << time << response.body;
        EXPECT_EQ(response.text("/device_timestamp"), "2026-01-01T00:00:00Z") << time;
    }
    EXPECT_EQ(upload(R"({"payload":{},"device_timestamp":"01.01.2026"})").status, 422);
}

TEST_F(reading_upload, the_payload_limit_is_exact) {
    const auto body_of_size = [](std::size_t bytes) {
        return R"({"payload":{"x":")" + std::string(bytes - 8, 'y') + R"("}})";
    };
    EXPECT_EQ(upload(body_of_size(2048)).status, 201);
    EXPECT_EQ(upload(body_of_size(2049)).status, 413);
    EXPECT_EQ(count_events(admin_, "reading_reject", "denied"), 1);
}

TEST_F(reading_upload, invalid_json_and_schema_violations_are_422_and_never_5xx) {
    const std::string deep = R"({"payload":{"a":)" + std::string(40, '[') + std::string(40, ']') + "}}";
    for (const std::string& body : std::vector<std::string>{R"({"payload":{"a":1,"a":2}})",
                                                            R"({"payload":{},"payload":{}})",
                                                            R"({"payload":[1]})",
                                                            R"({"payload":"text"})",
                                                            R"({"payload":null})",
                                                            R"({})",
                                                            R"([])",
                                                            R"({"payload":{"a":NaN}})",
                                                            R"({"payload":{"a":1e999}})",
                                                            R"({"payload":{"a":-Infinity}})",
                                                            R"({"payload":{"a":01}})",
                                                            "{\"payload\":{\"a\":\"\xff\"}}",
                                                            "{\"payload\":{\"a\":\"\xc0\xaf\"}}",
                                                            R"({"payload":{"a":"\ud800"}})",
                                                            R"({"payload":{},})",
                                                            R"({"payload":{}} trailing)",
                                                            R"({"payload":{}, "device_timestamp":"soon"})",
                                                            R"({"payload":{}, "device_timestamp":5})",
                                                            std::string{"{\"payload\":{\"a\":\"\0\"}}", 21},
                                                            "",
                                                            "{",
                                                            deep}) {
        const auto response = upload(body);
        EXPECT_EQ(response.status, 422) << body << "\n" << response.body;
        EXPECT_EQ(response.field("Content-Type"), "application/problem+json");
        EXPECT_FALSE(response.text("/detail").empty());
    }
    EXPECT_TRUE(admin_.get("/devices/" + device_.id + "/readings").json().as_array().empty());
    EXPECT_EQ(upload(R"({"payload":{}})").status, 201) << "the connection and the server still work";
}

TEST_F(reading_upload, a_body_over_the_server_limit_is_413_and_another_media_type_415) {
    EXPECT_EQ(upload(std::string(2U << 20, ' ')).status, 413);
    EXPECT_EQ(sender_.send("POST", "/device/readings", "payload=1", {{"Content-Type", "text/plain"}}).status,
              415);
}

TEST_F(reading_upload, accepted_readings_are_counted_in_one_event_per_hour) { // correction 13
    for (int i = 0; i < 30; ++i)
        ASSERT_EQ(upload(R"({"payload":{}})").status, 201);
    EXPECT_EQ(count_events(admin_, "reading_accept"), 0);
    ASSERT_EQ(server_.stop(), 0);
    server_.start();
    api_client admin = as_admin(server_);
    const auto events = admin.get("/admin/security-events?event_type=reading_accept").json().as_array();
    ASSERT_EQ(events.size(), 1U) << "one row per device and hour (two if a new hour began during the test)";
    EXPECT_EQ(events[0].at("count").as_int64(), 30);
    EXPECT_EQ(events[0].at("actor_id").as_string(), device_.id);
}

TEST(reading_frequency, is_limited_and_the_refusal_says_when_to_retry) { // correction 12
    server_process server{{.variables = {{"MIN_SECONDS_BETWEEN_READINGS", "3600"}}}};
    api_client admin = as_admin(server);
    const device_credentials device = create_device(admin);
    api_client sender = as_device(server, device);
    EXPECT_EQ(sender.post("/device/readings", json::object{{"payload", sample_payload()}}).status, 201)
        << "the simulated readings from the device's creation do not count";
    const auto refused = sender.post("/device/readings", json::object{{"payload", sample_payload()}});
    EXPECT_EQ(refused.status, 429);
    EXPECT_GE(std::stoi(refused.field("Retry-After")), 3500);
    EXPECT_EQ(count_events(admin, "reading_rate_limit", "denied"), 1);
    api_client other_sender = as_device(server, create_device(admin));
    EXPECT_EQ(other_sender.post("/device/readings", json::object{{"payload", sample_payload()}}).status, 201);
}

TEST(reading_frequency, accepts_only_one_of_several_concurrent_uploads) {
    server_process server{{.variables = {{"MIN_SECONDS_BETWEEN_READINGS", "3600"}}}};
    api_client admin = as_admin(server);
    const std::string token = device_token(server, create_device(admin));
    std::atomic<int> accepted{0};
    std::vector<std::thread> racers;
    for (int i = 0; i < 8; ++i)
        racers.emplace_back([&] {
            api_client racer{server, token};
            if (racer.post("/device/readings", json::object{{"payload", sample_payload()}}).status == 201)
                ++accepted;
        });
    for (std::thread& racer : racers)
        racer.join();
    EXPECT_EQ(accepted, 1);
}

} // namespace
} // namespace breakwater::test
