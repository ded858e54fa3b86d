#include "api/conversions.hpp"
#include "wire/admin_dto.hpp"
#include "wire/auth_dto.hpp"
#include "wire/device_dto.hpp"
#include "wire/health_dto.hpp"
#include "wire/reading_dto.hpp"

#include <chrono>
#include <gtest/gtest.h>
#include <limits>

namespace breakwater::api {
namespace {

using wire::schema::to_json;
using namespace std::chrono_literals;

const timestamp noon{std::chrono::sys_days{std::chrono::January / 15 / 2026} + 12h};
const uuid some_id = *uuid::parse("0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11");

services::caller person_with_id(user_id id, role role) {
    return {.principal = {.kind = identity::principal::kind::person, .user = id, .role = role}};
}

device some_device() {
    return {.id = some_id,
            .owner = 7,
            .name = "Roof \"north\"\n",
            .category = category::air_quality,
            .status = device_status::blocked,
            .token_version = 3,
            .created_at = noon,
            .updated_at = noon + 1s,
            .deactivated_at = noon + 2s};
}

TEST(response_writing, writes_the_names_and_order_of_the_contract) {
    EXPECT_EQ(to_json(wire::token_pair{.access_token = "a", .refresh_token = "r", .expires_in_minutes = 15}),
              R"({"access_token":"a","refresh_token":"r","token_type":"bearer","expires_in_minutes":15,)"
              R"("device_cookie":null})");
    EXPECT_EQ(to_json(wire::device_token_response{.access_token = "a", .expires_in_minutes = 5}),
              R"({"access_token":"a","token_type":"bearer","expires_in_minutes":5})");
    EXPECT_EQ(
        to_json(wire::device_credentials{some_id, "s3cret", category::smart_lock}),
        R"({"device_id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11","device_secret":"s3cret","category":"smart_lock"})");
    EXPECT_EQ(
        to_json(wire::device_state_change{some_id, wire::api_device_status::deleted, noon}),
        R"({"id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11","status":"deleted","deactivated_at":"2026-01-15T12:00:00Z"})");
    EXPECT_EQ(
        to_json(wire::readings_meta{2, noon + 1us, std::nullopt}),
        R"({"total_readings":2,"latest_received_at":"2026-01-15T12:00:00.000001Z","oldest_received_at":null})");
    EXPECT_EQ(
        to_json(wire::health_response{
            .application = "B", .time = noon, .environment = "local", .version = "1", .uptime_seconds = 2}),
        R"({"status":"ok","application":"B","time":"2026-01-15T12:00:00Z","environment":"local","version":"1",)"
        R"("uptime_seconds":2,"registration":"open","retention_held_until":null})");
    EXPECT_EQ(to_json(wire::readiness_response{.status = "unavailable",
                                               .checks = {{"database", true, ""}, {"disk", false, "Full."}}}),
              R"({"status":"unavailable","checks":[{"name":"database","ok":true,"detail":""},)"
              R"({"name":"disk","ok":false,"detail":"Full."}]})");
}

TEST(response_writing, shows_a_device_without_its_secrets) {
    EXPECT_EQ(
        to_json(std::vector{wire::to_summary(some_device(), 600s)}),
        R"([{"id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11","name":"Roof \"north\"\n","category":"air_quality",)"
        R"("status":"blocked","created_at":"2026-01-15T12:00:00Z","simulated":false,"never_heard":true,"expected_interval_seconds":600}])");
    EXPECT_EQ(
        to_json(to_detail(some_device(), std::nullopt, 600s, person_with_id(1, role::user))),
        R"({"id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11","name":"Roof \"north\"\n","category":"air_quality",)"
        R"("status":"blocked","created_at":"2026-01-15T12:00:00Z","updated_at":"2026-01-15T12:00:01Z",)"
        R"("last_reading_at":null,"simulated":false,"never_heard":true,"expected_interval_seconds":600,"first_reading_at":null,)"
        R"("blocked_by_kind":null,"blocked_by":null,"blocked_reason":null,"blocked_at":null,)"
        R"("blocked_alert_id":null,"may_release":null})");
    device blocked = some_device();
    blocked.block = device_block{.user = 7, .name = "root@example.com", .reason = "Odd.", .at = noon};
    EXPECT_NE(
        to_json(to_detail(blocked, std::nullopt, 600s, person_with_id(1, role::user)))
            .find(R"("blocked_by_kind":"administrator","blocked_by":"an administrator",)"
                  R"("blocked_reason":"Odd.","blocked_at":"2026-01-15T12:00:00Z","blocked_alert_id":null,)"
                  R"("may_release":false})"),
        std::string::npos)
        << "the owner does not see an administrator's address";
    EXPECT_NE(to_json(to_detail(blocked, std::nullopt, 600s, person_with_id(2, role::admin)))
                  .find(R"("blocked_by":"root@example.com",)"),
              std::string::npos);
}

TEST(response_writing, shows_a_user_without_its_hash) {
    const user account{.id = 7,
                       .email = "ada@example.com",
                       .role = role::admin,
                       .password_hash = "$2b$not-to-be-shown",
                       .session_version = 4,
                       .created_at = noon};
    EXPECT_EQ(to_json(std::vector{wire::to_dto(account)}),
              R"([{"id":7,"email":"ada@example.com","role":"admin","created_at":"2026-01-15T12:00:00Z",)"
              R"("disabled":false}])");
}

TEST(response_writing, writes_a_payload_unchanged_and_counts_its_bytes) {
    reading stored{.id = 9,
                   .device_id = some_id,
                   .device_timestamp = std::nullopt,
                   .received_at = noon,
                   .payload = R"({"t":1.50,"s":"é"})",
                   .simulated = false};
    EXPECT_EQ(to_json(wire::to_dto(std::move(stored))),
              R"({"id":9,"device_id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11","device_timestamp":null,)"
              R"("received_at":"2026-01-15T12:00:00Z","payload":{"t":1.50,"s":"é"},"payload_size":19})");
}

TEST(response_writing, shows_unknown_members_of_an_event_as_null) {
    security_event event{
        .id = 93,
        .created_at = noon,
        .actor = actor_type::anonymous,
        .actor_id = "",
        .type = event_type::register_account,
        .status = event_status::denied,
        .detail = "Taken.",
        .origin = {.source_address = "192.0.2.17", .request_id = "", .route = "POST /auth/register"},
        .simulated = true,
        .count = 3};
    EXPECT_EQ(to_json(wire::to_dto(event)),
              R"({"id":93,"created_at":"2026-01-15T12:00:00Z","actor_type":"anonymous","actor_id":null,)"
              R"("event_type":"register","status":"denied","detail":"Taken.","source_address":"192.0.2.17",)"
              R"("request_id":null,"route":"POST /auth/register","simulated":true,"count":3,)"
              R"("target_type":null,"target_id":null,"targets":[],"target_count":0})");
    event.target = event_target{target_type::alert, "7"};
    event.other_targets = {{target_type::policy, "ip_camera"}};
    event.unlisted_targets = 5;
    EXPECT_TRUE(to_json(wire::to_dto(event))
                    .ends_with(R"("target_type":"alert","target_id":"7","targets":[{"target_type":"alert",)"
                               R"("target_id":"7"},{"target_type":"policy","target_id":"ip_camera"}],)"
                               R"("target_count":7})"));
    event.actor_id = "7";
    EXPECT_NE(to_json(wire::to_dto(event)).find(R"("actor_id":"7")"), std::string::npos);
}

TEST(response_writing, shows_a_category) {
    const std::string json = to_json(std::vector{wire::to_dto(info(category::ip_camera))});
    EXPECT_TRUE(json.starts_with(R"([{"slug":"ip_camera","name":"IP camera","description":")"));
    EXPECT_NE(
        json.find(R"("default_name":"IP camera","interval_seconds":[10,25],"sample_payload":{"timestamp":)"),
        std::string::npos);
}

TEST(response_writing, writes_the_smallest_integer) {
    EXPECT_EQ(
        to_json(wire::readings_meta{std::numeric_limits<std::int64_t>::min(), std::nullopt, std::nullopt}),
        R"({"total_readings":-9223372036854775808,"latest_received_at":null,"oldest_received_at":null})");
    EXPECT_EQ(to_json(std::vector<wire::user_response>{}), "[]");
}

} // namespace
} // namespace breakwater::api
