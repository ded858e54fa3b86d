#include "wire/asyncapi.hpp"

#include "support/json_schema.hpp"
#include "wire/live_messages.hpp"
#include "wire/webhook_messages.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace breakwater::wire {
namespace {

namespace json = boost::json;

class asyncapi_test : public testing::Test {
protected:
    std::string complaint(std::string_view name, const std::string& text) const {
        return schemas_.complaint(name, json::parse(text));
    }
    /// About a message with these events.
    std::string complaint_of_event(const std::string& text) const {
        const live_events_frame frame = frame_of_events("3f0c-1");
        return complaint("LiveEvents", std::string{frame.head()} + text + std::string{frame.tail()});
    }

    const json::value document_ = json::parse(asyncapi_document({.version = "1.2.3"}));
    const test::json_schemas schemas_{document_};
};

void collect_references(const json::value& value, std::vector<std::string>& out) {
    if (const auto* object = value.if_object()) {
        for (const auto& [name, member] : *object) {
            if (name == "$ref")
                out.emplace_back(member.as_string());
            collect_references(member, out);
        }
    } else if (const auto* array = value.if_array()) {
        for (const json::value& element : *array)
            collect_references(element, out);
    }
}

TEST_F(asyncapi_test, every_reference_leads_to_a_part_of_the_document) {
    std::vector<std::string> references;
    collect_references(document_, references);
    EXPECT_GT(references.size(), 40U);
    for (const std::string& reference : references) {
        boost::system::error_code failure;
        EXPECT_NE(document_.find_pointer(std::string_view{reference}.substr(1), failure), nullptr)
            << reference;
    }
}

TEST_F(asyncapi_test, every_example_fits_its_schema) {
    for (const auto& [name, message] : document_.at("components").at("messages").as_object())
        EXPECT_EQ(schemas_.complaint(name, message.at("examples").at(0).at("payload")), "");
    for (const auto& [name, schema] : document_.at("components").at("schemas").as_object())
        EXPECT_EQ(schemas_.complaint(name, schema.at("examples").at(0)), "");
}

TEST_F(asyncapi_test, describes_the_messages_that_the_server_writes) {
    using schema::to_json;
    EXPECT_EQ(complaint("LiveWelcome", to_json(live_welcome{.cursor = "3f0c-1"})), "");
    EXPECT_EQ(complaint("LiveSubscribed", to_json(live_subscribed{.id = {R"("a")"}})), "");
    EXPECT_EQ(complaint_of_event(""), "");
    EXPECT_EQ(complaint_of_event(to_json(to_live(reading{.payload = R"({"x":1})"}))), "");
    EXPECT_EQ(complaint_of_event(to_json(live_backfill{.count = 1})), "");
    EXPECT_EQ(complaint_of_event(to_json(to_live(device{}, device_change::created, {}))), "");
    EXPECT_EQ(complaint_of_event(to_json(live_device_removal{})), "");
    EXPECT_EQ(complaint_of_event(to_json(live_alert{.alert = to_dto(alert{})})), "");
    security_event event;
    EXPECT_EQ(complaint_of_event(to_json(to_live(event))), "");
    event.target = target_of(target_type::user, 7);
    EXPECT_EQ(complaint_of_event(to_json(to_live(event)) + "," + to_json(live_device_removal{})), "");
    EXPECT_EQ(complaint("AlertMessage", to_json(alert_message{.alert = to_dto(alert{})})), "");
    EXPECT_EQ(complaint("TestMessage", to_json(test_message{.webhook = {.name = "x"}})), "");
}

TEST_F(asyncapi_test, does_not_describe_other_messages) {
    EXPECT_NE(complaint("LiveWelcome", R"({"type":"welcome"})"), "");
    EXPECT_NE(complaint("LiveGap", R"({"type":"gap","cursor":"1","more":true})"), "");
    EXPECT_NE(complaint("LiveGap", R"({"type":"heartbeat","cursor":"1"})"), "");
    EXPECT_NE(complaint_of_event(R"({"type":"device","change":"stolen"})"), "");
}

TEST_F(asyncapi_test, the_address_follows_the_base_path) {
    EXPECT_EQ(document_.at("channels").at("live").at("address"), "/live");
    const json::value below = json::parse(asyncapi_document({.version = "1.2.3", .base_path = "/fleet"}));
    EXPECT_EQ(below.at("channels").at("live").at("address"), "/fleet/live");
    EXPECT_EQ(below.at("info").at("version"), "1.2.3");
}

} // namespace
} // namespace breakwater::wire
