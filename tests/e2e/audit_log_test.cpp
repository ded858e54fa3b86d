#include "support/e2e.hpp"

#include <set>

namespace breakwater::test {
namespace {

namespace json = boost::json;

class audit_log : public testing::Test {
protected:
    server_process server_;
    api_client admin_ = as_admin(server_);

    json::array events(const std::string& query) {
        return admin_.get("/admin/security-events" + query).json().as_array();
    }
};

TEST_F(audit_log, has_the_fields_of_the_contract_and_the_origin_of_the_call) {
    api_client ada = as_new_user(server_, "ada@example.com");
    const device_credentials device = create_device(admin_);
    const auto denied = ada.get("/devices/" + device.id, {{"X-Request-Id", "lecture-42"}});
    ASSERT_EQ(denied.status, 403);
    const auto denials = events("?event_type=device_forbidden");
    ASSERT_EQ(denials.size(), 1U);
    const json::object& event = denials[0].as_object();
    for (const std::string_view field :
         {"id", "created_at", "actor_type", "actor_id", "event_type", "status", "detail"})
        EXPECT_TRUE(event.contains(field)) << field;
    EXPECT_EQ(event.at("actor_type"), "user");
    EXPECT_EQ(event.at("status"), "denied");
    EXPECT_EQ(event.at("source_address"), "127.0.0.1");
    EXPECT_EQ(event.at("request_id"), "lecture-42");
    EXPECT_EQ(event.at("route"), "GET /devices/{id}");
    EXPECT_EQ(event.at("simulated"), false);
}

TEST_F(audit_log, is_newest_first_and_paged_without_gaps_or_repeats) {
    for (int i = 0; i < 7; ++i)
        ASSERT_EQ(
            admin_.post("/admin/security-events/simulate", json::object{{"scenario", "jwt_invalid"}}).status,
            201);
    std::set<std::int64_t> ids;
    std::int64_t previous_id = std::numeric_limits<std::int64_t>::max();
    std::string cursor;
    do {
        const auto page = admin_.get("/admin/security-events?event_type=jwt_invalid&limit=3" +
                                     (cursor.empty() ? "" : "&cursor=" + cursor));
        ASSERT_EQ(page.status, 200);
        const auto rows = page.json().as_array();
        for (const json::value& event : rows) {
            const std::int64_t id = event.at("id").as_int64();
            EXPECT_LT(id, previous_id);
            previous_id = id;
            ids.insert(id);
        }
        cursor = page.field("X-Next-Cursor");
    } while (!cursor.empty());
    EXPECT_EQ(ids.size(), 7U);
}

TEST_F(audit_log, can_be_filtered_by_each_field) {
    as_new_user(server_, "ada@example.com");
    api_client{server_}.get("/devices");
    EXPECT_EQ(events("?event_type=register").size(), 1U);
    EXPECT_EQ(events("?status=denied").size(), 1U);
    EXPECT_EQ(events("?actor_type=anonymous").size(), 1U);
    EXPECT_GE(events("?actor_type=user&actor_id=1").size(), 1U);
    EXPECT_EQ(events("?actor_type=user&actor_id=999").size(), 0U);
    EXPECT_EQ(events("?until=2001-01-01T00:00:00Z").size(), 0U);
    EXPECT_EQ(events("?since=2001-01-01T00:00:00%2B01:00").size(), events("").size());
    const std::string at{events("?event_type=register")[0].at("created_at").as_string()};
    EXPECT_EQ(events("?event_type=register&since=" + at + "&until=" + at).size(), 1U)
        << "both ends are inclusive";
}

TEST_F(audit_log, refuses_invalid_filters) {
    for (const std::string query :
         {"?limit=0", "?limit=501", "?limit=x", "?event_type=nonsense", "?status=maybe", "?since=yesterday",
          "?cursor=nonsense", "?limit=1&limit=2", "?actor_type=robot"})
        EXPECT_EQ(admin_.get("/admin/security-events" + query).status, 422) << query;
    EXPECT_EQ(admin_.get("/admin/security-events?limit=500").status, 200);
}

TEST_F(audit_log, marks_simulated_events) { // correction 10
    for (const std::string_view scenario : {"jwt_invalid", "missing_authorization", "device_forbidden"}) {
        const auto response = admin_.post("/admin/security-events/simulate",
                                          json::object{{"scenario", scenario}, {"note", "for the lecture"}});
        ASSERT_EQ(response.status, 201) << response.body;
        EXPECT_EQ(response.text("/event_type"), scenario);
        EXPECT_EQ(response.json().at("simulated"), true);
        EXPECT_NE(response.text("/detail").find("for the lecture"), std::string::npos);
    }
    EXPECT_EQ(admin_.post("/admin/security-events/simulate", json::object{{"scenario", "meteorite"}}).status,
              422);
}

} // namespace
} // namespace breakwater::test
