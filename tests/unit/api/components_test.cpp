#include "http/message.hpp"
#include "unit/wire/complaints.hpp"
#include "wire/admin_dto.hpp"
#include "wire/auth_dto.hpp"
#include "wire/device_dto.hpp"
#include "wire/reading_dto.hpp"
#include "wire/schema/components.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <gtest/gtest.h>
#include <map>

namespace breakwater::api {
namespace {

namespace json = boost::json;

std::map<std::string, named_schema> all() {
    std::map<std::string, named_schema> by_name;
    for (const named_schema& component : wire::schema::components())
        EXPECT_TRUE(by_name.emplace(component.name, component).second) << component.name;
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
    const auto components = wire::schema::components();
    EXPECT_TRUE(std::ranges::is_sorted(components, {}, &named_schema::name));
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

TEST(components, have_an_example_with_known_members_and_every_required_one) {
    for (const auto& [name, component] : all()) {
        const json::object described = json::parse(component.schema).as_object();
        const json::object example = json::parse(component.example).as_object();
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

TEST(components, have_examples_that_the_parser_accepts) {
    const auto components = all();
    EXPECT_TRUE(wire::schema::parse<wire::register_request>(components.at("RegisterRequest").example));
    EXPECT_TRUE(wire::schema::parse<wire::login_request>(components.at("LoginRequest").example));
    EXPECT_TRUE(
        wire::schema::parse<wire::refresh_token_request>(components.at("RefreshTokenRequest").example));
    EXPECT_TRUE(
        wire::schema::parse<wire::create_device_request>(components.at("CreateDeviceRequest").example));
    EXPECT_TRUE(
        wire::schema::parse<wire::update_device_request>(components.at("UpdateDeviceRequest").example));
    EXPECT_TRUE(wire::schema::parse<wire::device_token_request>(components.at("DeviceTokenRequest").example));
    EXPECT_TRUE(wire::schema::parse<wire::reading_request>(components.at("ReadingRequest").example));
    EXPECT_TRUE(wire::schema::parse<wire::create_user_request>(components.at("CreateUserRequest").example));
    EXPECT_TRUE(wire::schema::parse<wire::update_user_request>(components.at("UpdateUserRequest").example));
    EXPECT_TRUE(wire::schema::parse<wire::simulate_incident_request>(
        components.at("SimulateIncidentRequest").example));
}

TEST(components, describe_the_rules_that_the_parser_checks) {
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

TEST(components, require_non_optional_members_in_requests_and_all_in_responses) {
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
    // The session adds the request id, and an exceeded limit adds `limit`.
    json::object sent =
        json::parse(http::problem(422, "Wrong.", {{"body.email", "Must be an e-mail address."}}).body)
            .as_object();
    sent["request_id"] = "";
    sent["limit"] = "";
    EXPECT_EQ(sent.size(), described.at("properties").as_object().size());
    for (const auto& member : sent)
        EXPECT_TRUE(described.at("properties").as_object().contains(member.key())) << member.key();
    json::object plain = json::parse(http::problem(404, "Not found.").body).as_object();
    plain["request_id"] = "";
    EXPECT_EQ(plain.size(), described.at("required").as_array().size());
    for (const json::value& needed : described.at("required").as_array())
        EXPECT_TRUE(plain.contains(needed.as_string())) << needed.as_string();
}

TEST(components, never_describe_a_hash) {
    for (const auto& [name, component] : all())
        EXPECT_EQ(component.schema.find("_hash\""), std::string::npos) << name;
}

TEST(query_schema, has_names_bounds_and_defaults) {
    const auto readings = wire::schema::query_parameters<wire::reading_list_query>();
    ASSERT_EQ(readings.size(), 5U);
    EXPECT_EQ(readings[0].name, "limit");
    EXPECT_EQ(json::parse(readings[0].schema),
              json::parse(R"({"type":"integer","format":"int64","minimum":1,"maximum":500,"default":100})"));
    EXPECT_EQ(json::parse(readings[1].schema), json::parse(R"({"type":"string","format":"date-time"})"));
    EXPECT_EQ(readings[3].name, "include_simulated");
    EXPECT_EQ(json::parse(readings[3].schema), json::parse(R"({"type":"boolean","default":false})"));
    for (const auto& parameters : {readings, wire::schema::query_parameters<wire::reading_range_query>(),
                                   wire::schema::query_parameters<wire::device_list_query>(),
                                   wire::schema::query_parameters<wire::event_list_query>()})
        for (const parameter_schema& parameter : parameters) {
            EXPECT_FALSE(parameter.required) << parameter.name;
            EXPECT_FALSE(parameter.description.empty()) << parameter.name;
            EXPECT_TRUE(json::parse(parameter.schema).as_object().contains("type")) << parameter.name;
        }
    const auto events = wire::schema::query_parameters<wire::event_list_query>();
    EXPECT_EQ(events[5].name, "event_type");
    std::size_t count = 0;
    while (to_string(static_cast<event_type>(count)) != "unknown")
        ++count;
    EXPECT_EQ(json::parse(events[5].schema).at("enum").as_array().size(), count);
}

} // namespace
} // namespace breakwater::api
