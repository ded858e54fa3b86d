#include "api/dto/admin_dto.hpp"
#include "api/dto/auth_dto.hpp"
#include "api/dto/device_dto.hpp"
#include "api/dto/reading_dto.hpp"
#include "api/schema/components.hpp"
#include "unit/api/complaints.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <gtest/gtest.h>
#include <map>

namespace breakwater::api {
namespace {

namespace json = boost::json;

std::map<std::string, http::component> all() {
    std::map<std::string, http::component> by_name;
    for (const http::component& one : schema::components())
        EXPECT_TRUE(by_name.emplace(one.name, one).second) << one.name;
    return by_name;
}

json::object schema_of(const std::string& name) {
    return json::parse(all().at(name).schema).as_object();
}

json::value property(const std::string& component, const std::string& name) {
    json::object described = schema_of(component).at("properties").at(name).as_object();
    EXPECT_FALSE(described.at("description").as_string().empty());
    described.erase("description");
    return described;
}

TEST(components, are_sorted_and_complete) {
    const auto made = schema::components();
    EXPECT_TRUE(std::ranges::is_sorted(made, {}, &http::component::name));
    for (const char* name : {"Category",
                             "CreateDeviceRequest",
                             "CreateUserRequest",
                             "Device",
                             "DeviceCredentials",
                             "DeviceDetail",
                             "DeviceStateChange",
                             "DeviceToken",
                             "DeviceTokenRequest",
                             "Health",
                             "LoginRequest",
                             "Problem",
                             "Reading",
                             "ReadingRequest",
                             "Readiness",
                             "ReadinessCheck",
                             "ReadingsMeta",
                             "RefreshTokenRequest",
                             "RegisterRequest",
                             "SecurityEvent",
                             "SimulateIncidentRequest",
                             "TokenPair",
                             "UpdateDeviceRequest",
                             "UpdateUserRequest",
                             "User"})
        EXPECT_TRUE(all().contains(name)) << name;
}

TEST(components, have_an_example_that_shows_only_known_members_and_every_required_one) {
    for (const auto& [name, one] : all()) {
        const json::object described = json::parse(one.schema).as_object();
        const json::object example = json::parse(one.example).as_object();
        EXPECT_EQ(described.at("type"), "object") << name;
        EXPECT_FALSE(described.at("description").as_string().empty()) << name;
        for (const auto& member : example)
            EXPECT_TRUE(described.at("properties").as_object().contains(member.key()))
                << name << " " << member.key();
        const json::array no_names;
        const json::value* required = described.if_contains("required");
        for (const json::value& needed : required != nullptr ? required->as_array() : no_names)
            EXPECT_TRUE(example.contains(needed.as_string())) << name << " " << needed.as_string();
    }
}

TEST(components, have_examples_that_the_parser_takes) {
    const auto known = all();
    EXPECT_TRUE(schema::parse<dto::register_request>(known.at("RegisterRequest").example));
    EXPECT_TRUE(schema::parse<dto::login_request>(known.at("LoginRequest").example));
    EXPECT_TRUE(schema::parse<dto::refresh_token_request>(known.at("RefreshTokenRequest").example));
    EXPECT_TRUE(schema::parse<dto::create_device_request>(known.at("CreateDeviceRequest").example));
    EXPECT_TRUE(schema::parse<dto::update_device_request>(known.at("UpdateDeviceRequest").example));
    EXPECT_TRUE(schema::parse<dto::device_token_request>(known.at("DeviceTokenRequest").example));
    EXPECT_TRUE(schema::parse<dto::reading_request>(known.at("ReadingRequest").example));
    EXPECT_TRUE(schema::parse<dto::create_user_request>(known.at("CreateUserRequest").example));
    EXPECT_TRUE(schema::parse<dto::update_user_request>(known.at("UpdateUserRequest").example));
    EXPECT_TRUE(schema::parse<dto::simulate_incident_request>(known.at("SimulateIncidentRequest").example));
}

TEST(components, tell_the_rules_that_the_parser_checks) {
    EXPECT_EQ(property("RegisterRequest", "password"),
              json::parse(R"({"type":"string","minLength":8,"maxLength":128})"));
    EXPECT_EQ(property("RegisterRequest", "email"),
              json::parse(R"({"type":"string","format":"email","maxLength":254})"));
    EXPECT_EQ(
        property("CreateDeviceRequest", "name"),
        json::parse(
            R"({"type":"string","minLength":3,"maxLength":100,"pattern":"^[^\\u0000-\\u001f\\u007f]*$"})"));
    EXPECT_EQ(
        property("CreateDeviceRequest", "category"),
        json::parse(
            R"({"type":"string","enum":["weather_station","indoor_thermometer","ip_camera","air_quality","smart_lock"]})"));
    EXPECT_EQ(property("UpdateDeviceRequest", "status"),
              json::parse(
                  R"({"anyOf":[{"type":"string","enum":["active","blocked","deleted"]},{"type":"null"}]})"));
    EXPECT_EQ(property("DeviceTokenRequest", "device_id"),
              json::parse(R"({"type":"string","format":"uuid"})"));
    EXPECT_EQ(property("ReadingRequest", "payload"),
              json::parse(R"({"type":"object","additionalProperties":true})"));
    EXPECT_EQ(property("Reading", "device_timestamp"),
              json::parse(R"({"anyOf":[{"type":"string","format":"date-time"},{"type":"null"}]})"));
    EXPECT_EQ(
        property("Category", "interval_seconds"),
        json::parse(
            R"({"type":"array","items":{"type":"integer","format":"int64"},"minItems":2,"maxItems":2})"));
    EXPECT_EQ(property("Readiness", "checks"),
              json::parse(R"({"type":"array","items":{"$ref":"#/components/schemas/ReadinessCheck"}})"));
    EXPECT_EQ(property("SecurityEvent", "simulated"), json::parse(R"({"type":"boolean"})"));
}

TEST(components, require_in_requests_what_is_not_optional_and_in_responses_everything) {
    EXPECT_EQ(schema_of("CreateUserRequest").at("required"), json::parse(R"(["email","password"])"));
    EXPECT_EQ(schema_of("ReadingRequest").at("required"), json::parse(R"(["payload"])"));
    EXPECT_FALSE(schema_of("UpdateUserRequest").contains("required"));
    EXPECT_EQ(schema_of("DeviceDetail").at("required").as_array().size(),
              schema_of("DeviceDetail").at("properties").as_object().size());
    EXPECT_EQ(schema_of("SecurityEvent").at("required").as_array().size(),
              schema_of("SecurityEvent").at("properties").as_object().size());
}

TEST(components, describe_the_problem_that_the_server_sends) {
    const json::object described = schema_of("Problem");
    // The session adds the number of the request, and a refusal for too much its limit.
    json::object sent =
        json::parse(http::problem(422, "Wrong.", {{"body.email", "Must be an e-mail address."}}).body)
            .as_object();
    sent["request_id"] = "";
    sent["limit"] = "";
    EXPECT_EQ(sent.size(), described.at("properties").as_object().size());
    for (const auto& member : sent)
        EXPECT_TRUE(described.at("properties").as_object().contains(member.key())) << member.key();
    json::object plain = json::parse(http::problem(404, "Gone.").body).as_object();
    plain["request_id"] = "";
    EXPECT_EQ(plain.size(), described.at("required").as_array().size());
    for (const json::value& needed : described.at("required").as_array())
        EXPECT_TRUE(plain.contains(needed.as_string())) << needed.as_string();
}

TEST(components, never_describe_a_hash) {
    for (const auto& [name, one] : all())
        EXPECT_EQ(one.schema.find("_hash\""), std::string::npos) << name;
}

TEST(query_schema, tells_names_bounds_and_defaults) {
    const auto readings = schema::query_parameters<dto::reading_list_query>();
    ASSERT_EQ(readings.size(), 5U);
    EXPECT_EQ(readings[0].name, "limit");
    EXPECT_EQ(json::parse(readings[0].schema),
              json::parse(R"({"type":"integer","format":"int64","minimum":1,"maximum":500,"default":100})"));
    EXPECT_EQ(json::parse(readings[1].schema), json::parse(R"({"type":"string","format":"date-time"})"));
    EXPECT_EQ(readings[3].name, "include_simulated");
    EXPECT_EQ(json::parse(readings[3].schema), json::parse(R"({"type":"boolean","default":false})"));
    for (const auto& some : {readings, schema::query_parameters<dto::reading_range_query>(),
                             schema::query_parameters<dto::device_list_query>(),
                             schema::query_parameters<dto::event_list_query>()})
        for (const http::parameter& one : some) {
            EXPECT_FALSE(one.required) << one.name;
            EXPECT_FALSE(one.description.empty()) << one.name;
            EXPECT_TRUE(json::parse(one.schema).as_object().contains("type")) << one.name;
        }
    const auto events = schema::query_parameters<dto::event_list_query>();
    EXPECT_EQ(events[5].name, "event_type");
    std::size_t known = 0;
    while (to_string(static_cast<event_type>(known)) != "unknown")
        ++known;
    EXPECT_EQ(json::parse(events[5].schema).at("enum").as_array().size(), known);
}

} // namespace
} // namespace breakwater::api
