#include "api/dto/admin_dto.hpp"
#include "api/dto/auth_dto.hpp"
#include "api/dto/device_dto.hpp"
#include "api/dto/reading_dto.hpp"
#include "unit/api/complaints.hpp"

#include <gtest/gtest.h>

namespace breakwater::api {
namespace {

using schema::parse;
using testing::complaints;
using testing::lines;
using testing::times;

std::string registration(const std::string& password) {
    return R"({"email":"ada@example.com","password":")" + password + R"("})";
}

TEST(body_parsing, takes_what_fits) {
    const auto parsed =
        parse<dto::register_request>(R"( { "password" : "pass\u00e9word", "email": " Ada@Example.com " } )");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->email.value, "ada@example.com");
    EXPECT_EQ(parsed->password.value, "passéword");
}

TEST(body_parsing, counts_a_password_in_code_points) {
    const lines too_short{"body.password: Must have at least 8 characters."};
    const lines too_long{"body.password: Must have at most 128 characters."};
    for (const std::string character : {"x", "é", "€", "😀", "\\u20ac", "\\ud83d\\ude00", "\\u0000"}) {
        const auto outcome = [&](std::size_t count) {
            return complaints(parse<dto::register_request>(registration(times(count, character))));
        };
        EXPECT_EQ(outcome(0), too_short);
        EXPECT_EQ(outcome(7), too_short) << character;
        EXPECT_EQ(outcome(8), lines{}) << character;
        EXPECT_EQ(outcome(128), lines{}) << character;
        EXPECT_EQ(outcome(129), too_long) << character;
    }
}

TEST(body_parsing, names_every_bad_field_at_once_and_repeats_no_value) {
    const auto parsed =
        parse<dto::create_user_request>(R"({"email":"nobody","password":"hunter2","role":"root"})");
    EXPECT_EQ(complaints(parsed), (lines{"body.email: Must be an e-mail address.",
                                         "body.password: Must have at least 8 characters.",
                                         "body.role: Must be one of: user, admin."}));
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().code, errc::invalid_input);
    EXPECT_EQ(parsed.error().detail, "3 fields are invalid: email, password, role.");
    for (const field_error& bad : parsed.error().fields)
        EXPECT_EQ(bad.msg.find("hunter2"), std::string::npos);
}

TEST(body_parsing, speaks_of_one_field_in_the_singular) {
    const auto parsed = parse<dto::refresh_token_request>("{}");
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().detail, "1 field is invalid: refresh_token.");
}

TEST(body_parsing, names_what_is_missing) {
    EXPECT_EQ(complaints(parse<dto::register_request>("{}")),
              (lines{"body.email: Field required.", "body.password: Field required."}));
    EXPECT_EQ(complaints(parse<dto::login_request>(R"({"email":"ada@example.com"})")),
              lines{"body.password: Field required."});
    EXPECT_EQ(complaints(parse<dto::create_device_request>("{}")),
              (lines{"body.name: Field required.", "body.category: Field required."}));
    EXPECT_EQ(complaints(parse<dto::device_token_request>("{}")),
              (lines{"body.device_id: Field required.", "body.device_secret: Field required."}));
    EXPECT_EQ(complaints(parse<dto::reading_request>("{}")), lines{"body.payload: Field required."});
    EXPECT_EQ(complaints(parse<dto::simulate_incident_request>("{}")),
              lines{"body.scenario: Field required."});
    EXPECT_EQ(complaints(parse<dto::create_user_request>(R"({"role":null})")),
              (lines{"body.email: Field required.", "body.password: Field required."}));
}

TEST(body_parsing, refuses_other_types_for_each_kind_of_field) {
    for (const std::string wrong : {"1", "1.5", "true", "null", "[]", "{}", "[\"a@example.com\"]"}) {
        const std::string body = R"({"email":)" + wrong + R"(,"password":)" + wrong + "}";
        EXPECT_EQ(complaints(parse<dto::login_request>(body)),
                  (lines{"body.email: Must be a string.", "body.password: Must be a string."}))
            << wrong;
    }
    for (const std::string wrong : {"1", "\"{}\"", "true", "null", "[]"})
        EXPECT_EQ(complaints(parse<dto::reading_request>(R"({"payload":)" + wrong + "}")),
                  lines{"body.payload: Must be a JSON object."})
            << wrong;
    EXPECT_EQ(complaints(parse<dto::create_device_request>(R"({"name":"Roof","category":3})")),
              lines{"body.category: Must be a string."});
}

TEST(body_parsing, ignores_members_it_does_not_know) {
    EXPECT_TRUE(parse<dto::refresh_token_request>(R"({"refresh_token":"t","extra":{"a":[1,2]},"":0})"));
}

TEST(body_parsing, refuses_a_body_that_is_not_an_object) {
    for (const std::string body : {"[]", "1", "\"text\"", "null", "true"}) {
        const auto parsed = parse<dto::login_request>(body);
        EXPECT_EQ(complaints(parsed), lines{"body: The body must be a JSON object."}) << body;
        EXPECT_EQ(parsed.error().code, errc::invalid_input);
    }
}

TEST(body_parsing, turns_malformed_json_into_one_complaint_about_the_body) {
    const std::string deep = R"({"refresh_token":"t","x":)" + times(32, "[") + times(32, "]") + "}";
    const std::string deep_enough = R"({"refresh_token":"t","x":)" + times(31, "[") + times(31, "]") + "}";
    EXPECT_TRUE(parse<dto::refresh_token_request>(deep_enough));
    for (const std::string& body :
         {std::string{}, std::string{"{"}, std::string{"{\"refresh_token\":\"t\"} x"}, std::string{"{'a':1}"},
          std::string{R"({"refresh_token":"a","refresh_token":"b"})"},
          std::string{R"({"refresh_token":"a","refresh\u005ftoken":"b"})"},
          std::string{"{\"refresh_token\":\"\xff\"}"}, std::string{R"({"refresh_token":"\ud800"})"},
          std::string{R"({"refresh_token":"t","n":1e999})"}, std::string{R"({"refresh_token":"t","n":NaN})"},
          deep}) {
        const auto parsed = parse<dto::refresh_token_request>(body);
        ASSERT_FALSE(parsed) << body;
        EXPECT_EQ(parsed.error().code, errc::invalid_input) << body;
        ASSERT_EQ(parsed.error().fields.size(), 1U) << body;
        EXPECT_EQ(parsed.error().fields.front().loc, "body") << body;
        EXPECT_EQ(parsed.error().fields.front().msg, parsed.error().detail);
    }
}

TEST(body_parsing, bounds_text_that_has_no_form) {
    const auto outcome = [](std::size_t length) {
        return complaints(
            parse<dto::refresh_token_request>(R"({"refresh_token":")" + times(length, "a") + "\"}"));
    };
    EXPECT_EQ(outcome(0), lines{});
    EXPECT_EQ(outcome(4096), lines{});
    EXPECT_EQ(outcome(4097), lines{"body.refresh_token: Must have at most 4096 characters."});
}

TEST(body_parsing, bounds_a_device_name_and_keeps_control_characters_out) {
    const auto outcome = [](const std::string& name) {
        return complaints(
            parse<dto::create_device_request>(R"({"category":"smart_lock","name":")" + name + "\"}"));
    };
    for (const std::string character : {"n", "ü", "🚪"}) {
        EXPECT_EQ(outcome(times(2, character)), lines{"body.name: Must have at least 3 characters."});
        EXPECT_EQ(outcome(times(3, character)), lines{});
        EXPECT_EQ(outcome(times(100, character)), lines{});
        EXPECT_EQ(outcome(times(101, character)), lines{"body.name: Must have at most 100 characters."});
    }
    for (const std::string control : {"\\u0000", "\\n", "\\r", "\\t", "\\u001f", "\\u007f", "\x7f"})
        EXPECT_EQ(outcome("Roof" + control), lines{"body.name: Must not contain control characters."})
            << control;
    EXPECT_EQ(outcome("Roof \\u0020\\u00a0"), lines{});
}

TEST(body_parsing, names_the_known_categories) {
    EXPECT_EQ(
        complaints(parse<dto::create_device_request>(R"({"name":"Roof","category":"toaster"})")),
        lines{"body.category: Must be one of: weather_station, indoor_thermometer, ip_camera, air_quality, "
              "smart_lock."});
    for (const category_info& known : categories()) {
        const auto parsed = parse<dto::create_device_request>(R"({"name":"Roof","category":")" +
                                                              std::string{known.slug} + "\"}");
        ASSERT_TRUE(parsed) << known.slug;
        EXPECT_EQ(parsed->category, known.id);
    }
    EXPECT_FALSE(parse<dto::create_device_request>(R"({"name":"Roof","category":"Smart_Lock"})"));
    EXPECT_FALSE(parse<dto::create_device_request>(R"({"name":"Roof","category":""})"));
}

TEST(body_parsing, takes_null_for_absent_in_an_update) {
    const auto device = parse<dto::update_device_request>(R"({"name":null,"category":null,"status":null})");
    ASSERT_TRUE(device);
    EXPECT_FALSE(device->name || device->category || device->status);
    const auto user = parse<dto::update_user_request>("{}");
    ASSERT_TRUE(user);
    EXPECT_FALSE(user->email || user->password || user->role);
}

TEST(body_parsing, checks_what_is_present_in_an_update) {
    const auto device =
        parse<dto::update_device_request>(R"({"name":"Roof","category":"ip_camera","status":"blocked"})");
    ASSERT_TRUE(device);
    EXPECT_EQ(device->name->value, "Roof");
    EXPECT_EQ(device->category, category::ip_camera);
    EXPECT_EQ(device->status, dto::api_device_status::blocked);
    EXPECT_EQ(
        complaints(parse<dto::update_device_request>(R"({"name":"R","category":"","status":"gone"})")),
        (lines{"body.name: Must have at least 3 characters.",
               "body.category: Must be one of: weather_station, indoor_thermometer, ip_camera, air_quality, "
               "smart_lock.",
               "body.status: Must be one of: active, blocked, deleted."}));
    EXPECT_EQ(
        complaints(parse<dto::update_user_request>(R"({"email":"x","password":"1234567","role":"ADMIN"})")),
        (lines{"body.email: Must be an e-mail address.", "body.password: Must have at least 8 characters.",
               "body.role: Must be one of: user, admin."}));
}

TEST(body_parsing, understands_deleted_so_that_the_use_case_can_refuse_it) {
    const auto parsed = parse<dto::update_device_request>(R"({"status":"deleted"})");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->status, dto::api_device_status::deleted);
}

TEST(body_parsing, reads_ids_of_devices) {
    const auto parsed = parse<dto::device_token_request>(
        R"({"device_id":"0B8F6F0E-6f0a-4c59-9d0b-3a1f2f6a7c11","device_secret":"s"})");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->device_id.to_string(), "0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11");
    EXPECT_EQ(complaints(parse<dto::device_token_request>(R"({"device_id":"7","device_secret":"s"})")),
              lines{"body.device_id: Must be a UUID."});
}

TEST(body_parsing, keeps_a_payload_as_it_was_spelled) {
    const auto parsed = parse<dto::reading_request>(
        R"({ "payload": { "t": 1.50, "big": 12345678901234567890, "s": "\u00e9" } })");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->payload.text, R"({"t":1.50,"big":12345678901234567890,"s":"\u00e9"})");
    EXPECT_FALSE(parsed->device_timestamp);
}

TEST(body_parsing, reads_the_device_clock_in_any_offset) {
    using namespace std::chrono_literals;
    const timestamp noon{std::chrono::sys_days{std::chrono::January / 15 / 2026} + 12h};
    for (const std::string text :
         {"\"2026-01-15T12:00:00Z\"", "\"2026-01-15T14:00:00+02:00\"", "\"2026-01-15T12:00:00\"",
          "\"2026-01-15 13:00+0100\"", "1768478400", "1768478400000", "\"1768478400\""}) {
        const auto parsed = parse<dto::reading_request>(R"({"payload":{},"device_timestamp":)" + text + "}");
        ASSERT_TRUE(parsed) << text;
        EXPECT_EQ(parsed->device_timestamp, noon) << text;
    }
    for (const std::string wrong :
         {"\"yesterday\"", "\"2026-13-01T00:00:00Z\"", "\"\"", "\"2026\"", "1e12", "true", "-99999999999"})
        EXPECT_EQ(
            complaints(parse<dto::reading_request>(R"({"payload":{},"device_timestamp":)" + wrong + "}")),
            lines{"body.device_timestamp: Must be an RFC 3339 date and time, as 2026-01-15T12:00:00Z."});
}

TEST(body_parsing, knows_the_incidents) {
    const auto parsed =
        parse<dto::simulate_incident_request>(R"({"scenario":"device_forbidden","note":"drill"})");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(to_event_type(parsed->scenario), event_type::device_forbidden);
    EXPECT_EQ(parsed->note->value, "drill");
    EXPECT_EQ(complaints(parse<dto::simulate_incident_request>(R"({"scenario":"login","note":")" +
                                                               times(501, "n") + "\"}")),
              (lines{"body.scenario: Must be one of: jwt_invalid, missing_authorization, device_forbidden.",
                     "body.note: Must have at most 500 characters."}));
    EXPECT_TRUE(parse<dto::simulate_incident_request>(R"({"scenario":"jwt_invalid","note":")" +
                                                      times(500, "n") + "\"}"));
}

} // namespace
} // namespace breakwater::api
