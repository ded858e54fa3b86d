#include "unit/wire/complaints.hpp"
#include "wire/admin_dto.hpp"
#include "wire/auth_dto.hpp"
#include "wire/device_dto.hpp"
#include "wire/reading_dto.hpp"

#include <gtest/gtest.h>

namespace breakwater::wire {
namespace {

using testing::complaints;
using testing::lines;
using testing::repeat;
using wire::schema::parse;

std::string registration(const std::string& password) {
    return R"({"email":"ada@example.com","password":")" + password + R"("})";
}

TEST(body_parsing, accepts_a_valid_body) {
    const auto parsed =
        parse<wire::register_request>(R"( { "password" : "pass\u00e9word", "email": " Ada@Example.com " } )");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->email.value, "ada@example.com");
    EXPECT_EQ(parsed->password.value, "passéword");
}

TEST(body_parsing, counts_a_password_in_code_points) {
    const lines too_short{"body.password: Must have at least 8 characters."};
    const lines too_long{"body.password: Must have at most 128 characters."};
    for (const std::string character : {"x", "é", "€", "😀", "\\u20ac", "\\ud83d\\ude00", "\\u0000"}) {
        const auto outcome = [&](std::size_t count) {
            return complaints(parse<wire::register_request>(registration(repeat(count, character))));
        };
        EXPECT_EQ(outcome(0), too_short);
        EXPECT_EQ(outcome(7), too_short) << character;
        EXPECT_EQ(outcome(8), lines{}) << character;
        EXPECT_EQ(outcome(128), lines{}) << character;
        EXPECT_EQ(outcome(129), too_long) << character;
    }
}

TEST(body_parsing, names_every_invalid_field_and_repeats_no_value) {
    const auto parsed =
        parse<wire::create_user_request>(R"({"email":"nobody","password":"hunter2","role":"root"})");
    EXPECT_EQ(complaints(parsed), (lines{"body.email: Must be an e-mail address.",
                                         "body.password: Must have at least 8 characters.",
                                         "body.role: Must be one of: user, admin."}));
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().code, errc::invalid_input);
    EXPECT_EQ(parsed.error().detail, "3 fields are invalid: email, password, role.");
    for (const field_error& field : parsed.error().fields)
        EXPECT_EQ(field.msg.find("hunter2"), std::string::npos);
}

TEST(body_parsing, uses_the_singular_for_one_invalid_field) {
    const auto parsed = parse<wire::refresh_token_request>("{}");
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().detail, "1 field is invalid: refresh_token.");
}

TEST(body_parsing, names_missing_fields) {
    EXPECT_EQ(complaints(parse<wire::register_request>("{}")),
              (lines{"body.email: This field is required.", "body.password: This field is required."}));
    EXPECT_EQ(complaints(parse<wire::login_request>(R"({"email":"ada@example.com"})")),
              lines{"body.password: This field is required."});
    EXPECT_EQ(complaints(parse<wire::create_device_request>("{}")),
              (lines{"body.name: This field is required.", "body.category: This field is required."}));
    EXPECT_EQ(
        complaints(parse<wire::device_token_request>("{}")),
        (lines{"body.device_id: This field is required.", "body.device_secret: This field is required."}));
    EXPECT_EQ(complaints(parse<wire::reading_request>("{}")), lines{"body.payload: This field is required."});
    EXPECT_EQ(complaints(parse<wire::simulate_incident_request>("{}")),
              lines{"body.scenario: This field is required."});
    EXPECT_EQ(complaints(parse<wire::create_user_request>(R"({"role":null})")),
              (lines{"body.email: This field is required.", "body.password: This field is required."}));
}

TEST(body_parsing, refuses_values_of_another_type) {
    for (const std::string wrong : {"1", "1.5", "true", "null", "[]", "{}", "[\"a@example.com\"]"}) {
        const std::string body = R"({"email":)" + wrong + R"(,"password":)" + wrong + "}";
        EXPECT_EQ(complaints(parse<wire::login_request>(body)),
                  (lines{"body.email: Must be a string.", "body.password: Must be a string."}))
            << wrong;
    }
    for (const std::string wrong : {"1", "\"{}\"", "true", "null", "[]"})
        EXPECT_EQ(complaints(parse<wire::reading_request>(R"({"payload":)" + wrong + "}")),
                  lines{"body.payload: Must be a JSON object."})
            << wrong;
    EXPECT_EQ(complaints(parse<wire::create_device_request>(R"({"name":"Roof","category":3})")),
              lines{"body.category: Must be a string."});
}

TEST(body_parsing, ignores_unknown_members) {
    EXPECT_TRUE(parse<wire::refresh_token_request>(R"({"refresh_token":"t","extra":{"a":[1,2]},"":0})"));
}

TEST(body_parsing, refuses_a_body_that_is_not_an_object) {
    for (const std::string body : {"[]", "1", "\"text\"", "null", "true"}) {
        const auto parsed = parse<wire::login_request>(body);
        EXPECT_EQ(complaints(parsed), lines{"body: The body must be a JSON object."}) << body;
        EXPECT_EQ(parsed.error().code, errc::invalid_input);
    }
}

TEST(body_parsing, reports_malformed_json_as_one_error_of_the_body) {
    const std::string deep = R"({"refresh_token":"t","x":)" + repeat(32, "[") + repeat(32, "]") + "}";
    const std::string deep_enough = R"({"refresh_token":"t","x":)" + repeat(31, "[") + repeat(31, "]") + "}";
    EXPECT_TRUE(parse<wire::refresh_token_request>(deep_enough));
    for (const std::string& body :
         {std::string{}, std::string{"{"}, std::string{"{\"refresh_token\":\"t\"} x"}, std::string{"{'a':1}"},
          std::string{R"({"refresh_token":"a","refresh_token":"b"})"},
          std::string{R"({"refresh_token":"a","refresh\u005ftoken":"b"})"},
          std::string{"{\"refresh_token\":\"\xff\"}"}, std::string{R"({"refresh_token":"\ud800"})"},
          std::string{R"({"refresh_token":"t","n":1e999})"}, std::string{R"({"refresh_token":"t","n":NaN})"},
          deep}) {
        const auto parsed = parse<wire::refresh_token_request>(body);
        ASSERT_FALSE(parsed) << body;
        EXPECT_EQ(parsed.error().code, errc::invalid_input) << body;
        ASSERT_EQ(parsed.error().fields.size(), 1U) << body;
        EXPECT_EQ(parsed.error().fields.front().loc, "body") << body;
        EXPECT_EQ(parsed.error().fields.front().msg, parsed.error().detail);
    }
}

TEST(body_parsing, bounds_text_of_any_format) {
    const auto outcome = [](std::size_t length) {
        return complaints(
            parse<wire::refresh_token_request>(R"({"refresh_token":")" + repeat(length, "a") + "\"}"));
    };
    EXPECT_EQ(outcome(0), lines{});
    EXPECT_EQ(outcome(4096), lines{});
    EXPECT_EQ(outcome(4097), lines{"body.refresh_token: Must have at most 4096 characters."});
}

TEST(body_parsing, bounds_a_device_name_and_refuses_control_characters) {
    const auto outcome = [](const std::string& name) {
        return complaints(
            parse<wire::create_device_request>(R"({"category":"smart_lock","name":")" + name + "\"}"));
    };
    for (const std::string character : {"n", "ü", "🚪"}) {
        EXPECT_EQ(outcome(repeat(2, character)), lines{"body.name: Must have at least 3 characters."});
        EXPECT_EQ(outcome(repeat(3, character)), lines{});
        EXPECT_EQ(outcome(repeat(100, character)), lines{});
        EXPECT_EQ(outcome(repeat(101, character)), lines{"body.name: Must have at most 100 characters."});
    }
    for (const std::string control : {"\\u0000", "\\n", "\\r", "\\t", "\\u001f", "\\u007f", "\x7f"})
        EXPECT_EQ(outcome("Roof" + control), lines{"body.name: Must not contain control characters."})
            << control;
    EXPECT_EQ(outcome("Roof \\u0020\\u00a0"), lines{});
}

TEST(body_parsing, names_the_known_categories) {
    EXPECT_EQ(
        complaints(parse<wire::create_device_request>(R"({"name":"Roof","category":"toaster"})")),
        lines{"body.category: Must be one of: weather_station, indoor_thermometer, ip_camera, air_quality, "
              "smart_lock."});
    for (const category_info& kind : categories()) {
        const auto parsed = parse<wire::create_device_request>(R"({"name":"Roof","category":")" +
                                                               std::string{kind.slug} + "\"}");
        ASSERT_TRUE(parsed) << kind.slug;
        EXPECT_EQ(parsed->category, kind.id);
    }
    EXPECT_FALSE(parse<wire::create_device_request>(R"({"name":"Roof","category":"Smart_Lock"})"));
    EXPECT_FALSE(parse<wire::create_device_request>(R"({"name":"Roof","category":""})"));
}

TEST(body_parsing, treats_null_as_absent_in_an_update) {
    const auto device = parse<wire::update_device_request>(R"({"name":null,"category":null,"status":null})");
    ASSERT_TRUE(device);
    EXPECT_FALSE(device->name || device->category || device->status);
    const auto user = parse<wire::update_user_request>("{}");
    ASSERT_TRUE(user);
    EXPECT_FALSE(user->email || user->password || user->role);
}

TEST(body_parsing, checks_the_present_members_of_an_update) {
    const auto device =
        parse<wire::update_device_request>(R"({"name":"Roof","category":"ip_camera","status":"blocked"})");
    ASSERT_TRUE(device);
    EXPECT_EQ(device->name->value, "Roof");
    EXPECT_EQ(device->category, category::ip_camera);
    EXPECT_EQ(device->status, wire::api_device_status::blocked);
    EXPECT_EQ(
        complaints(parse<wire::update_device_request>(R"({"name":"R","category":"","status":"gone"})")),
        (lines{"body.name: Must have at least 3 characters.",
               "body.category: Must be one of: weather_station, indoor_thermometer, ip_camera, air_quality, "
               "smart_lock.",
               "body.status: Must be one of: active, blocked, deleted."}));
    EXPECT_EQ(
        complaints(parse<wire::update_user_request>(R"({"email":"x","password":"1234567","role":"ADMIN"})")),
        (lines{"body.email: Must be an e-mail address.", "body.password: Must have at least 8 characters.",
               "body.role: Must be one of: user, admin."}));
}

TEST(body_parsing, accepts_the_status_deleted_so_that_the_handler_can_refuse_it) {
    const auto parsed = parse<wire::update_device_request>(R"({"status":"deleted"})");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->status, wire::api_device_status::deleted);
}

TEST(body_parsing, reads_device_ids) {
    const auto parsed = parse<wire::device_token_request>(
        R"({"device_id":"0B8F6F0E-6f0a-4c59-9d0b-3a1f2f6a7c11","device_secret":"s"})");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->device_id.to_string(), "0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11");
    EXPECT_EQ(complaints(parse<wire::device_token_request>(R"({"device_id":"7","device_secret":"s"})")),
              lines{"body.device_id: Must be a UUID."});
}

TEST(body_parsing, keeps_the_spelling_of_a_payload) {
    const auto parsed = parse<wire::reading_request>(
        R"({ "payload": { "t": 1.50, "big": 12345678901234567890, "s": "\u00e9" } })");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->payload.text, R"({"t":1.50,"big":12345678901234567890,"s":"\u00e9"})");
    EXPECT_FALSE(parsed->device_timestamp);
}

TEST(body_parsing, reads_device_timestamps_with_any_offset) {
    using namespace std::chrono_literals;
    const timestamp noon{std::chrono::sys_days{std::chrono::January / 15 / 2026} + 12h};
    for (const std::string text :
         {"\"2026-01-15T12:00:00Z\"", "\"2026-01-15T14:00:00+02:00\"", "\"2026-01-15T12:00:00\"",
          "\"2026-01-15 13:00+0100\"", "1768478400", "1768478400000", "\"1768478400\""}) {
        const auto parsed = parse<wire::reading_request>(R"({"payload":{},"device_timestamp":)" + text + "}");
        ASSERT_TRUE(parsed) << text;
        EXPECT_EQ(parsed->device_timestamp, noon) << text;
    }
    for (const std::string wrong :
         {"\"yesterday\"", "\"2026-13-01T00:00:00Z\"", "\"\"", "\"2026\"", "1e12", "true", "-99999999999"})
        EXPECT_EQ(
            complaints(parse<wire::reading_request>(R"({"payload":{},"device_timestamp":)" + wrong + "}")),
            lines{"body.device_timestamp: Must be an RFC 3339 date and time, such as 2026-01-15T12:00:00Z."});
}

TEST(body_parsing, reads_incident_scenarios) {
    const auto parsed =
        parse<wire::simulate_incident_request>(R"({"scenario":"device_forbidden","note":"drill"})");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(to_event_type(parsed->scenario), event_type::device_forbidden);
    EXPECT_EQ(parsed->note->value, "drill");
    EXPECT_EQ(complaints(parse<wire::simulate_incident_request>(R"({"scenario":"login","note":")" +
                                                                repeat(501, "n") + "\"}")),
              (lines{"body.scenario: Must be one of: jwt_invalid, missing_authorization, device_forbidden.",
                     "body.note: Must have at most 500 characters."}));
    EXPECT_TRUE(parse<wire::simulate_incident_request>(R"({"scenario":"jwt_invalid","note":")" +
                                                       repeat(500, "n") + "\"}"));
}

} // namespace
} // namespace breakwater::wire
