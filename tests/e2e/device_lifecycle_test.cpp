#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;

class device_lifecycle : public testing::Test {
protected:
    server_process server_;
    api_client admin_ = as_admin(server_);
    api_client ada_ = as_new_user(server_, "ada@example.com");
    device_credentials device_ = create_device(ada_, "Harbour mast");
    std::string target_ = "/devices/" + device_.id;

    int upload(const std::string& token) {
        return api_client{server_, token}
            .post("/device/readings", json::object{{"payload", sample_payload()}})
            .status;
    }
    http_response token_for(const std::string& secret) {
        return api_client{server_}.post("/device/token",
                                        json::object{{"device_id", device_.id}, {"device_secret", secret}});
    }
};

TEST_F(device_lifecycle, creation_returns_a_256_bit_secret_once) {
    const auto created = ada_.post("/devices", json::object{{"name", "Door"}, {"category", "smart_lock"}});
    ASSERT_EQ(created.status, 201);
    EXPECT_EQ(created.text("/category"), "smart_lock");
    EXPECT_EQ(created.text("/device_secret").size(), 43U);
    EXPECT_EQ(created.json().as_object().size(), 3U);
    EXPECT_EQ(ada_.get("/devices/" + created.text("/device_id")).body.find("secret"), std::string::npos);
}

TEST_F(device_lifecycle, an_unknown_category_is_422_and_the_valid_ones_are_listed) { // correction 1
    const auto response = ada_.post("/devices", json::object{{"name", "Kettle"}, {"category", "kettle"}});
    EXPECT_EQ(response.status, 422);
    for (const std::string_view slug :
         {"weather_station", "indoor_thermometer", "ip_camera", "air_quality", "smart_lock"})
        EXPECT_NE(response.body.find(slug), std::string::npos) << slug;
    EXPECT_EQ(ada_.put(target_, json::object{{"category", "kettle"}}).status, 422);
}

TEST_F(device_lifecycle, a_name_has_3_to_100_characters) {
    const auto status_of = [&](std::size_t length) {
        return ada_
            .post("/devices", json::object{{"name", std::string(length, 'n')}, {"category", "ip_camera"}})
            .status;
    };
    EXPECT_EQ(status_of(2), 422);
    EXPECT_EQ(status_of(3), 201);
    EXPECT_EQ(status_of(100), 201);
    EXPECT_EQ(status_of(101), 422);
}

TEST_F(device_lifecycle, details_and_list_have_the_fields_of_the_contract) {
    const auto details = ada_.get(target_);
    ASSERT_EQ(details.status, 200);
    for (const std::string_view field :
         {"id", "name", "category", "status", "created_at", "updated_at", "last_reading_at"})
        EXPECT_TRUE(details.json().as_object().contains(field)) << field;
    const auto rows = ada_.get("/devices").json().as_array();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].at("id").as_string(), device_.id);
    EXPECT_EQ(rows[0].at("status").as_string(), "active");
}

TEST_F(device_lifecycle, other_users_are_refused_on_every_route_and_the_denials_are_logged) {
    api_client eve = as_new_user(server_, "eve@example.com");
    EXPECT_EQ(eve.get(target_).status, 403);
    EXPECT_EQ(eve.put(target_, json::object{{"name", "Mine now"}}).status, 403);
    EXPECT_EQ(eve.del(target_).status, 403);
    for (const std::string_view action : {"/deactivate", "/invalidate-tokens", "/rotate-secret"})
        EXPECT_EQ(eve.post(target_ + std::string{action}).status, 403) << action;
    for (const std::string_view view : {"/readings", "/readings/meta", "/readings.csv"})
        EXPECT_EQ(eve.get(target_ + std::string{view}).status, 403) << view;
    EXPECT_EQ(count_events(admin_, "device_forbidden", "denied"), 9);
    EXPECT_TRUE(eve.get("/devices").json().as_array().empty());
    EXPECT_EQ(admin_.get(target_).status, 200);
    EXPECT_EQ(admin_.get("/devices").json().as_array().size(), 1U);
}

TEST_F(device_lifecycle, every_way_of_blocking_revokes_the_tokens_permanently) { // correction 2
    const std::string first = device_token(server_, device_);
    ASSERT_EQ(upload(first), 201);
    const auto blocked = ada_.put(target_, json::object{{"status", "blocked"}});
    ASSERT_EQ(blocked.status, 200);
    EXPECT_EQ(blocked.text("/status"), "blocked");
    EXPECT_EQ(upload(first), 403);
    EXPECT_EQ(token_for(device_.secret).status, 403);
    ASSERT_EQ(ada_.put(target_, json::object{{"status", "active"}}).status, 200);
    EXPECT_EQ(upload(first), 401) << "a token from before the block stays invalid";

    const std::string second = device_token(server_, device_);
    const auto deactivated = ada_.post(target_ + "/deactivate");
    ASSERT_EQ(deactivated.status, 200);
    EXPECT_EQ(deactivated.text("/id"), device_.id);
    EXPECT_EQ(deactivated.text("/status"), "blocked");
    EXPECT_TRUE(deactivated.text("/deactivated_at").ends_with('Z'));
    EXPECT_EQ(upload(second), 403);
    ASSERT_EQ(ada_.put(target_, json::object{{"status", "active"}}).status, 200);
    EXPECT_EQ(upload(second), 401);
}

TEST_F(device_lifecycle, a_rotation_revokes_secret_and_tokens_and_keeps_the_status) { // correction 3
    const std::string token = device_token(server_, device_);
    ASSERT_EQ(ada_.post(target_ + "/deactivate").status, 200);
    const auto rotated = ada_.post(target_ + "/rotate-secret");
    ASSERT_EQ(rotated.status, 200);
    EXPECT_EQ(rotated.text("/device_id"), device_.id);
    EXPECT_EQ(ada_.get(target_).text("/status"), "blocked");
    EXPECT_EQ(token_for(device_.secret).status, 401);
    EXPECT_EQ(token_for(rotated.text("/device_secret")).status, 403)
        << "the secret is right, but the device is blocked";
    ASSERT_EQ(ada_.put(target_, json::object{{"status", "active"}}).status, 200);
    EXPECT_EQ(upload(token), 401);
    EXPECT_EQ(token_for(rotated.text("/device_secret")).status, 200);
}

TEST_F(device_lifecycle, invalidation_revokes_the_tokens_and_keeps_the_secret) {
    const std::string token = device_token(server_, device_);
    const auto response = ada_.post(target_ + "/invalidate-tokens");
    ASSERT_EQ(response.status, 200);
    EXPECT_EQ(response.text("/status"), "active");
    EXPECT_TRUE(response.json().as_object().contains("deactivated_at"));
    EXPECT_EQ(upload(token), 401);
    EXPECT_EQ(upload(device_token(server_, device_)), 201);
}

TEST_F(device_lifecycle, a_deleted_device_is_not_found_on_any_route) {
    const std::string token = device_token(server_, device_);
    const auto response = ada_.del(target_);
    ASSERT_EQ(response.status, 200);
    EXPECT_EQ(response.text("/status"), "deleted");
    EXPECT_EQ(response.text("/id"), device_.id);
    EXPECT_TRUE(response.text("/deactivated_at").ends_with('Z'));
    EXPECT_EQ(upload(token), 401);
    EXPECT_EQ(token_for(device_.secret).status, 401);
    EXPECT_EQ(ada_.get(target_).status, 404);
    EXPECT_EQ(ada_.put(target_, json::object{{"name", "Still here"}}).status, 404);
    EXPECT_EQ(ada_.del(target_).status, 404);
    for (const std::string_view action : {"/deactivate", "/invalidate-tokens", "/rotate-secret"})
        EXPECT_EQ(ada_.post(target_ + std::string{action}).status, 404) << action;
    for (const std::string_view view : {"/readings", "/readings/meta", "/readings.csv"})
        EXPECT_EQ(ada_.get(target_ + std::string{view}).status, 404) << view;
    EXPECT_TRUE(ada_.get("/devices").json().as_array().empty());
}

TEST_F(device_lifecycle, the_status_deleted_is_400_and_an_invalid_id_422) {
    EXPECT_EQ(ada_.put(target_, json::object{{"status", "deleted"}}).status, 400);
    EXPECT_EQ(ada_.put(target_, json::object{{"status", "asleep"}}).status, 422);
    EXPECT_EQ(ada_.get("/devices/not-a-uuid").status, 422);
    EXPECT_EQ(ada_.get("/devices/00000000-0000-4000-8000-000000000000").status, 404);
}

TEST_F(device_lifecycle, an_update_changes_only_the_given_members) {
    const auto renamed = ada_.put(target_, json::object{{"name", "Mast B"}});
    ASSERT_EQ(renamed.status, 200);
    EXPECT_EQ(renamed.text("/name"), "Mast B");
    EXPECT_EQ(renamed.text("/category"), "weather_station");
    EXPECT_EQ(ada_.put(target_, json::object{{"category", "air_quality"}}).text("/name"), "Mast B");
    EXPECT_EQ(ada_.put(target_, json::object{}).status, 200);
}

TEST_F(device_lifecycle, the_list_is_filtered_searched_and_paged) {
    for (int i = 0; i < 5; ++i)
        create_device(ada_, "Lock " + std::to_string(i), "smart_lock");
    EXPECT_EQ(ada_.get("/devices?category=smart_lock").json().as_array().size(), 5U);
    EXPECT_EQ(ada_.get("/devices?q=lock%203").json().as_array().size(), 1U);
    EXPECT_EQ(ada_.get("/devices?q=%25").json().as_array().size(), 0U)
        << "a percent sign is an ordinary character";
    ASSERT_EQ(ada_.post(target_ + "/deactivate").status, 200);
    EXPECT_EQ(ada_.get("/devices?status=blocked").json().as_array().size(), 1U);
    std::vector<std::string> ids;
    std::string cursor;
    do {
        const auto page = ada_.get("/devices?limit=4" + (cursor.empty() ? "" : "&cursor=" + cursor));
        const auto matches = page.json().as_array();
        for (const json::value& row : matches)
            ids.emplace_back(row.at("id").as_string());
        cursor = page.field("X-Next-Cursor");
    } while (!cursor.empty());
    EXPECT_EQ(ids.size(), 6U);
    std::ranges::sort(ids);
    EXPECT_EQ(std::ranges::unique(ids).size(), 0U);
}

TEST_F(device_lifecycle, categories_are_public_and_complete) {
    const auto rows = api_client{server_}.get("/devices/categories").json().as_array();
    ASSERT_EQ(rows.size(), 5U);
    for (const json::value& row : rows) {
        for (const std::string_view field : {"slug", "name", "description", "default_name"})
            EXPECT_FALSE(row.at(field).as_string().empty()) << field;
        EXPECT_LT(row.at("interval_seconds").at(0).as_int64(), row.at("interval_seconds").at(1).as_int64());
        EXPECT_TRUE(row.at("sample_payload").as_object().contains("timestamp"));
    }
}

} // namespace
} // namespace breakwater::test
