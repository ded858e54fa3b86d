#include "support/e2e.hpp"

#include <zlib.h>

#include <algorithm>

namespace breakwater::test {
namespace {

namespace json = boost::json;

std::string gzipped(std::string_view text) {
    z_stream stream{};
    deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

/// `count` late readings, one a minute from 2026-01-15T00:00:00Z; the newest is last.
std::string late_readings(int count) {
    std::string out = "[";
    for (int i = 0; i < count; ++i)
        out += (i == 0 ? "" : ",") + std::string{R"({"payload":{"n":)"} + std::to_string(i) +
               R"(},"device_timestamp":"2026-01-15T)" + (i / 60 < 10 ? "0" : "") + std::to_string(i / 60) +
               ":" + (i % 60 < 10 ? "0" : "") + std::to_string(i % 60) + R"(:00Z"})";
    return out + "]";
}

constexpr std::string_view batch_path = "/device/readings/batch";

class reading_batch : public testing::Test {
protected:
    std::int64_t stored() {
        return admin_.get("/devices/" + device_.id + "/readings/meta").number("/total_readings");
    }

    server_process server_{{.variables = {{"BACKFILL_BURST", "600"}, {"BACKFILL_READINGS_PER_SECOND", "1"}}}};
    api_client admin_ = as_admin(server_);
    device_credentials device_ = create_device(admin_);
    api_client sender_ = as_device(server_, device_);
};

TEST_F(reading_batch, of_late_readings_is_stored_completely_and_in_order) {
    const auto response = sender_.send("POST", batch_path, late_readings(500));
    ASSERT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(response.number("/accepted"), 500);
    EXPECT_EQ(response.json().at("ids").as_array().size(), 500U);
    EXPECT_TRUE(response.json().at("refused").as_array().empty());
    EXPECT_EQ(stored(), 500);
    const auto newest = admin_.get("/devices/" + device_.id + "/readings?limit=2").json().as_array();
    EXPECT_EQ(newest[0].at("payload").at("n").as_int64(), 499);
    EXPECT_EQ(newest[0].at("device_timestamp").as_string(), "2026-01-15T08:19:00Z");
    EXPECT_EQ(newest[0].at("id"), response.json().at("ids").as_array().back());
    EXPECT_EQ(newest[1].at("payload").at("n").as_int64(), 498);
}

TEST_F(reading_batch, is_independent_of_the_rate_limit_for_live_readings) {
    ASSERT_EQ(sender_.send("POST", batch_path, late_readings(20)).number("/accepted"), 20);
    EXPECT_EQ(sender_.post("/device/readings", sample_payload()).status, 201);
    EXPECT_EQ(sender_.post("/device/readings", sample_payload()).status, 429);
    EXPECT_EQ(sender_.send("POST", batch_path, late_readings(20)).number("/accepted"), 20);
}

TEST_F(reading_batch, reports_the_error_of_each_refused_item) {
    const auto response = sender_.send(
        "POST", batch_path,
        R"([{"payload":{"n":1}}, {"payload":{"n":2}}, {"payload":3}, {"device_timestamp":"2026-01-15T00:00:00Z"},)"
        R"( {"payload":{"n":4},"device_timestamp":"yesterday"}, 5, {"payload":{"a":1,"a":2}}, {"payload":{"x":")" +
            std::string(3000, 'x') +
            R"("}}, {"payload":{"n":5},"device_timestamp":"2026-01-15T00:00:00Z"} ])");
    ASSERT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(response.number("/accepted"), 2);
    std::vector<std::pair<std::int64_t, std::int64_t>> refused;
    SCOPED_TRACE(response.body);
    const auto body = response.json();
    for (const auto& item : body.at("refused").as_array())
        refused.emplace_back(item.at("index").as_int64(), item.at("status").as_int64());
    EXPECT_EQ(refused, (std::vector<std::pair<std::int64_t, std::int64_t>>{
                           {1, 429}, {2, 422}, {3, 422}, {4, 422}, {5, 422}, {6, 422}, {7, 413}}));
    EXPECT_EQ(response.json().at("refused").at(1).at("detail").as_string(),
              "payload: Must be a JSON object.");
    EXPECT_GE(response.json().at("refused").at(0).at("retry_after").as_int64(), 1);
    EXPECT_EQ(stored(), 2);
    EXPECT_EQ(count_events(admin_, "reading_reject", "denied"), 1);
    EXPECT_EQ(count_events(admin_, "reading_rate_limit", "denied"), 1);
}

TEST_F(reading_batch, may_be_ndjson_and_compressed) {
    const std::string lines =
        "{\"payload\":{\"n\":1},\"device_timestamp\":\"2026-01-15T00:00:00Z\"}\n\r\n"
        "{\"payload\": {\"n\": 2},\"device_timestamp\":\"2026-01-15T00:01:00Z\"}\nnonsense\n";
    const http_fields ndjson{{"Content-Type", "application/x-ndjson"}};
    const auto plain = sender_.send("POST", batch_path, lines, ndjson);
    ASSERT_EQ(plain.status, 200) << plain.body;
    EXPECT_EQ(plain.number("/accepted"), 2);
    EXPECT_EQ(plain.json().at("refused").at(0).at("index").as_int64(), 2);
    http_fields encoded = ndjson;
    encoded.emplace_back("Content-Encoding", "gzip");
    EXPECT_EQ(sender_.send("POST", batch_path, gzipped(lines), encoded).number("/accepted"), 2);
    EXPECT_EQ(sender_.send("POST", batch_path, gzipped(lines).substr(0, 40), encoded).status, 422);
    EXPECT_EQ(sender_.send("POST", batch_path, lines, encoded).status, 422) << "the body is not gzip";
    EXPECT_EQ(sender_.send("POST", batch_path, gzipped(std::string(9U << 20, ' ')), encoded).status, 413);
    encoded.back().second = "br";
    EXPECT_EQ(sender_.send("POST", batch_path, lines, encoded).status, 415);
    EXPECT_EQ(sender_.send("POST", batch_path, lines, {{"Content-Type", "text/plain"}}).status, 415);
    EXPECT_EQ(
        sender_.send("POST", "/device/readings", gzipped(R"({"payload":{}})"), {{"Content-Encoding", "gzip"}})
            .status,
        415)
        << "a single reading may not be compressed";
    EXPECT_EQ(stored(), 4);
}

// RFC 8259: an array is one JSON text. If its syntax is invalid, none of its elements is accepted.
TEST_F(reading_batch, with_invalid_json_is_refused_completely) {
    const std::string good = R"({"payload":{"n":1},"device_timestamp":"2026-01-15T00:00:00Z"})";
    for (const std::string& body :
         {"[" + good + ",]", "[," + good + "]", "[" + good + ",," + good + "]", "[" + good + " " + good + "]",
          "[" + good + ",nul]", "[" + good + R"(,{"payload":{"n":01}}])", "[" + good + R"(,{payload:{}}])",
          "[" + good + ",\"\xff\"]", "[" + good + R"(,{"payload":{"a":1,"a":2}},])"}) {
        const auto response = sender_.send("POST", batch_path, body);
        EXPECT_EQ(response.status, 422) << body;
        EXPECT_NE(response.text("/detail").find("at byte"), std::string::npos) << response.body;
    }
    EXPECT_EQ(stored(), 0);
    EXPECT_EQ(count_events(admin_, "reading_reject", "denied"), 1) << "the nine refusals share one row";
    EXPECT_EQ(
        sender_.send("POST", batch_path, "[" + good + R"(,{"payload":{"a":1,"a":2}}])").number("/accepted"),
        1)
        << "an item that is valid JSON but not a valid reading is refused alone";
    EXPECT_EQ(stored(), 1);
}

TEST_F(reading_batch, accepts_any_spelling_of_media_type_and_content_coding) {
    const std::string lines = R"({"payload":{"n":1},"device_timestamp":"2026-01-15T00:00:00Z"})"
                              "\n"
                              R"({"payload":{"n":2},"device_timestamp":"2026-01-15T00:01:00Z"})";
    for (const char* type : {"Application/X-NDJSON", "application/x-ndjson; profile=\"a;b\"; charset=utf-8"})
        EXPECT_EQ(
            sender_
                .send("POST", batch_path, lines, {{"Content-Type", type}, {"Content-Encoding", "Identity"}})
                .number("/accepted"),
            2)
            << type;
    const std::string members =
        gzipped(lines.substr(0, 70)) + gzipped(lines.substr(70)); // RFC 1952 section 2.2
    EXPECT_EQ(sender_
                  .send("POST", batch_path, members,
                        {{"Content-Type", "application/x-ndjson"}, {"Content-Encoding", "x-GZIP"}})
                  .number("/accepted"),
              2);
    EXPECT_EQ(stored(), 6);
}

/// These batches have 400,000 field names: one pass over all payloads for each name would take minutes.
TEST(reading_batches, with_distinct_field_names_take_time_proportional_to_their_size) {
    server_process server{{.variables = {{"BACKFILL_BURST", "100000"}}}};
    api_client admin = as_admin(server);
    const device_credentials device = create_device(admin);
    api_client sender = as_device(server, device);
    for (int batch_number = 0; batch_number < 4; ++batch_number) {
        std::string body = "[";
        for (int n = 0; n < 1000; ++n) {
            body += n == 0 ? R"({"payload":{)" : R"(,{"payload":{)";
            for (int field = 0; field < 100; ++field)
                body += (field == 0 ? "\"n" : ",\"n") + std::to_string(batch_number * 1000 + n) + "_" +
                        std::to_string(field) + "\":" + std::to_string(field);
            body += R"(},"device_timestamp":"2026-01-15T12:00:00Z"})";
        }
        const auto response =
            sender.send("POST", batch_path, gzipped(body + "]"), {{"Content-Encoding", "gzip"}});
        ASSERT_EQ(response.status, 200) << response.body.substr(0, 300);
        EXPECT_EQ(response.json().at("accepted"), 1000);
    }
}

TEST_F(reading_batch, has_size_and_rate_limits) {
    EXPECT_EQ(sender_.send("POST", batch_path, "[]").status, 422);
    EXPECT_EQ(sender_.send("POST", batch_path, "{}").status, 422);
    EXPECT_EQ(sender_.send("POST", batch_path, "[{\"payload\":{}}").status, 422);
    EXPECT_EQ(sender_.send("POST", batch_path, "[{\"payload\":{}}]]").status, 422);
    std::string too_many = "[";
    for (int i = 0; i < 1001; ++i)
        too_many += (i == 0 ? "" : ",") + std::string{R"({"payload":{}})"};
    EXPECT_EQ(sender_.send("POST", batch_path, too_many + "]").status, 413);
    EXPECT_EQ(sender_.send("POST", batch_path, late_readings(590)).number("/accepted"), 590);
    const auto partly_accepted = sender_.send("POST", batch_path, late_readings(20));
    EXPECT_GE(partly_accepted.number("/accepted"), 10);
    EXPECT_LT(partly_accepted.number("/accepted"), 20);
    const auto over_limit = sender_.send("POST", batch_path, late_readings(500));
    EXPECT_TRUE(over_limit.status == 429 || over_limit.number("/accepted") < 10) << over_limit.body;
    EXPECT_EQ(admin_.post(batch_path, json::array{}).status, 401) << "a user's token";
}

TEST_F(reading_batch, of_a_blocked_device_is_refused_completely) {
    admin_.post("/devices/" + device_.id + "/deactivate");
    EXPECT_EQ(sender_.send("POST", batch_path, late_readings(3)).status, 403);
    EXPECT_EQ(stored(), 0);
}

TEST_F(reading_batch, sent_again_with_the_same_message_ids_is_stored_once) {
    const std::string body =
        R"([{"payload":{"n":1},"device_timestamp":"2026-01-15T00:00:00Z","message_id":"a"},)"
        R"({"payload":{"n":2},"device_timestamp":"2026-01-15T00:01:00Z","message_id":"b"},)"
        R"({"payload":{"n":3},"device_timestamp":"2026-01-15T00:01:00Z","message_id":"a"}])";
    const auto first = sender_.send("POST", batch_path, body);
    ASSERT_EQ(first.status, 200) << first.body;
    EXPECT_EQ(first.number("/accepted"), 2);
    EXPECT_EQ(first.number("/repeated"), 1);
    EXPECT_EQ(first.json().at("ids").at(0), first.json().at("ids").at(2));
    const auto second = sender_.send("POST", batch_path, body);
    EXPECT_EQ(second.number("/accepted"), 0);
    EXPECT_EQ(second.number("/repeated"), 3);
    EXPECT_EQ(second.json().at("ids"), first.json().at("ids"));
    ASSERT_EQ(server_.stop(), 0);
    server_.start();
    sender_ = api_client{server_, sender_.token()};
    admin_ = api_client{server_, admin_.token()};
    EXPECT_EQ(sender_.send("POST", batch_path, body).json().at("ids"), first.json().at("ids"));
    EXPECT_EQ(stored(), 2);

    const device_credentials other = create_device(admin_, "Another");
    EXPECT_EQ(as_device(server_, other).send("POST", batch_path, body).number("/accepted"), 2)
        << "message ids are unique per device";
}

TEST_F(reading_batch, a_single_reading_sent_again_gets_the_first_response) {
    server_process server{{.variables = {{"MIN_SECONDS_BETWEEN_READINGS", "0"}}}};
    api_client admin = as_admin(server);
    const device_credentials device = create_device(admin);
    api_client sender = as_device(server, device);
    const auto body =
        json::parse(R"({"payload":{"t":1.50},"device_timestamp":"2026-01-15T00:00:00Z","message_id":"x-1"})");
    const auto first = sender.post("/device/readings", body);
    ASSERT_EQ(first.status, 201) << first.body;
    const auto second =
        sender.post("/device/readings", json::parse(R"({"payload":{"t":99},"message_id":"x-1"})"));
    EXPECT_EQ(second.status, 201);
    EXPECT_EQ(second.body, first.body);
    EXPECT_EQ(sender.post("/device/readings", json::parse(R"({"payload":{},"message_id":""})")).status, 422);
    EXPECT_EQ(sender
                  .send("POST", "/device/readings",
                        R"({"payload":{},"message_id":")" + std::string(65, 'x') + "\"}")
                  .status,
              422);
}

class reading_limits : public reading_batch {
protected:
    void SetUp() override {
        ASSERT_EQ(admin_
                      .send("PUT", "/devices/" + device_.id + "/policy",
                            R"({"min_interval_ms":3600000,"backfill_readings_per_second":1,)"
                            R"("backfill_burst":20000})")
                      .status,
                  200);
    }
    void expect_limits_used_up() {
        api_client sender = as_device(server_, device_);
        EXPECT_EQ(sender.send("POST", "/device/readings", R"({"payload":{"n":2}})").status, 429);
        const std::int64_t remaining = api_client{server_, admin_.token()}
                                           .get("/devices/" + device_.id + "/policy")
                                           .number("/backfill_left");
        EXPECT_GE(remaining, 19'500);
        EXPECT_LT(remaining, 19'900) << "20,000 minus 500, plus one a second";
    }
};

TEST_F(reading_limits, outlast_a_restart) {
    ASSERT_EQ(sender_.send("POST", batch_path, late_readings(500)).status, 200);
    ASSERT_EQ(sender_.send("POST", "/device/readings", R"({"payload":{"n":1}})").status, 201);
    ASSERT_EQ(server_.stop(), 0);
    server_.start();
    expect_limits_used_up();
}

TEST_F(reading_limits, for_live_readings_outlast_a_crash_after_late_readings) {
    ASSERT_EQ(sender_.send("POST", "/device/readings", R"({"payload":{"n":1}})").status, 201);
    ASSERT_EQ(sender_.send("POST", batch_path, late_readings(500)).status, 200);
    server_.kill();
    server_.start();
    EXPECT_EQ(as_device(server_, device_).send("POST", "/device/readings", R"({"payload":{"n":2}})").status,
              429);
}

} // namespace
} // namespace breakwater::test
