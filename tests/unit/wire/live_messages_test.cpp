#include "wire/live_messages.hpp"

#include "wire/webhook_messages.hpp"

#include <gtest/gtest.h>

namespace breakwater::wire {
namespace {

using schema::to_json;
using namespace std::chrono_literals;

const timestamp noon{std::chrono::sys_days{std::chrono::January / 15 / 2026} + 12h};
const uuid some_id = *uuid::parse("0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11");

TEST(live_messages, write_the_replies) {
    EXPECT_EQ(
        to_json(live_welcome{.cursor = "3f0c-41", .user_id = 7, .administrator = true, .expires_at = noon}),
        R"({"type":"welcome","cursor":"3f0c-41","user_id":7,"administrator":true,)"
        R"("expires_at":"2026-01-15T12:00:00Z"})");
    EXPECT_EQ(to_json(live_renewed{.expires_at = noon + 250ms}),
              R"({"type":"renewed","expires_at":"2026-01-15T12:00:00.250000Z"})");
    EXPECT_EQ(to_json(live_subscribed{.id = {R"("\u0061\/")"}}), R"({"type":"subscribed","id":"\u0061\/"})")
        << "the client's own spelling";
    EXPECT_EQ(to_json(live_unsubscribed{.id = {R"("a")"}}), R"({"type":"unsubscribed","id":"a"})");
    EXPECT_EQ(to_json(live_error{.detail = "Not \"that\".\n"}),
              R"({"type":"error","detail":"Not \"that\".\n"})");
    EXPECT_EQ(to_json(live_gap{.cursor = "3f0c-41"}), R"({"type":"gap","cursor":"3f0c-41"})");
    EXPECT_EQ(to_json(live_heartbeat{.cursor = "3f0c-41"}), R"({"type":"heartbeat","cursor":"3f0c-41"})");
}

TEST(live_messages, keep_the_text_of_a_payload) {
    reading item{.id = 4711,
                 .device_id = some_id,
                 .received_at = noon,
                 .payload = R"({"n":1.50e+2,"s":"\u00e9"})",
                 .simulated = true};
    EXPECT_EQ(to_json(to_live(item)),
              R"({"type":"reading","reading":{"id":4711,"device_id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11",)"
              R"("device_timestamp":null,"received_at":"2026-01-15T12:00:00Z","simulated":true,)"
              R"("payload":{"n":1.50e+2,"s":"\u00e9"},"payload_size":26}})");
    item.device_timestamp = noon - 1s;
    EXPECT_NE(to_json(to_live(item)).find(R"("device_timestamp":"2026-01-15T11:59:59Z")"), std::string::npos);
}

TEST(live_messages, write_the_events_of_devices) {
    EXPECT_EQ(
        to_json(live_backfill{.device_id = some_id,
                              .count = 500,
                              .oldest = noon - 2h,
                              .newest = noon - 1h,
                              .received_at = noon}),
        R"({"type":"backfill","device_id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11","count":500,)"
        R"("oldest":"2026-01-15T10:00:00Z","newest":"2026-01-15T11:00:00Z","received_at":"2026-01-15T12:00:00Z"})");
    const device saved{
        .id = some_id, .name = "Roof \"north\"", .category = category::ip_camera, .updated_at = noon};
    EXPECT_EQ(to_json(to_live(saved, device_change::created, 45s)),
              R"({"type":"device","change":"created","device_id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11",)"
              R"("name":"Roof \"north\"","category":"ip_camera","status":"active","simulated":false,)"
              R"("never_heard":true,"expected_interval_seconds":45,"updated_at":"2026-01-15T12:00:00Z"})");
    EXPECT_NE(to_json(to_live(saved, device_change::updated, 45s)).find(R"("change":"updated")"),
              std::string::npos);
    EXPECT_EQ(to_json(live_device_removal{.device_id = some_id}),
              R"({"type":"device","change":"deleted","device_id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11"})");
}

TEST(live_messages, write_an_alert_as_the_api_does) {
    const alert raised{.id = 12, .rule_name = "Too hot", .raised_at = noon};
    EXPECT_EQ(to_json(live_alert{.change = alert_change::resolved, .alert = to_dto(raised)}),
              R"({"type":"alert","change":"resolved","alert":)" + to_json(to_dto(raised)) + "}");
    EXPECT_EQ(
        to_json(alert_message{.change = alert_change::raised, .sent_at = noon, .alert = to_dto(raised)}),
        R"({"type":"alert","change":"raised","sent_at":"2026-01-15T12:00:00Z","alert":)" +
            to_json(to_dto(raised)) + "}");
    EXPECT_EQ(to_json(test_message{.sent_at = noon, .webhook = {.id = 1, .name = "On \"call\""}}),
              R"({"type":"test","sent_at":"2026-01-15T12:00:00Z","webhook":{"id":1,"name":"On \"call\""}})");
}

TEST(live_messages, write_a_security_event_with_empty_texts) {
    security_event event{.id = 93, .created_at = noon, .type = event_type::jwt_invalid, .detail = "Bad."};
    EXPECT_EQ(
        to_json(to_live(event)),
        R"({"type":"security_event","id":93,"created_at":"2026-01-15T12:00:00Z","actor_type":"anonymous",)"
        R"("actor_id":"","event_type":"jwt_invalid","status":"success","detail":"Bad.",)"
        R"("source_address":"","request_id":"","route":"","simulated":false,"count":1,)"
        R"("target_type":null,"target_id":null,"targets":[],"target_count":0})");
    event.actor = actor_type::user;
    event.actor_id = "7";
    event.origin = {"192.0.2.17", "5f0c", "POST /auth/login"};
    event.target = target_of(target_type::user, 7);
    event.other_targets = {target_of(target_type::device, some_id)};
    event.count = 3;
    event.simulated = true;
    EXPECT_EQ(
        to_json(to_live(event)),
        R"({"type":"security_event","id":93,"created_at":"2026-01-15T12:00:00Z","actor_type":"user",)"
        R"("actor_id":"7","event_type":"jwt_invalid","status":"success","detail":"Bad.",)"
        R"("source_address":"192.0.2.17","request_id":"5f0c","route":"POST /auth/login",)"
        R"("simulated":true,"count":3,"target_type":"user","target_id":"7",)"
        R"("targets":[{"target_type":"user","target_id":"7"},)"
        R"({"target_type":"device","target_id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11"}],"target_count":2})");
}

TEST(live_messages, frame_the_texts_of_events) {
    const live_events_frame frame = frame_of_events("3f0c-[]-42");
    EXPECT_EQ(frame.head(), R"({"type":"events","events":[)");
    EXPECT_EQ(frame.tail(), R"(],"cursor":"3f0c-[]-42"})");
}

} // namespace
} // namespace breakwater::wire
