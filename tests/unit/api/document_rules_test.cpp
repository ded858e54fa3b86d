#include "api/routes.hpp"
#include "domain/webhook.hpp"
#include "wire/alert_dto.hpp"
#include "wire/schema/schema.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <string>

namespace breakwater::api {
namespace {

namespace json = boost::json;

bool is_of_type(const json::value& value, std::string_view type) {
    return type == "object"    ? value.is_object()
           : type == "array"   ? value.is_array()
           : type == "string"  ? value.is_string()
           : type == "boolean" ? value.is_bool()
           : type == "null"    ? value.is_null()
           : type == "integer" ? value.is_int64() || value.is_uint64()
                               : value.is_number();
}

/// Validates `value` with the part of JSON Schema (draft 2020-12) that the document uses for its rules.
bool is_valid(const json::value& value, const json::value& schema) {
    if (const bool* verdict = schema.if_bool())
        return *verdict;
    for (const auto& member : schema.as_object()) {
        const json::value& expected = member.value();
        const std::string_view key = member.key();
        bool valid = true;
        if (key == "type" && expected.is_array())
            valid = std::ranges::any_of(expected.as_array(), [&](const json::value& type) {
                return is_of_type(value, type.as_string());
            });
        else if (key == "type")
            valid = is_of_type(value, expected.as_string());
        else if (key == "const")
            valid = value == expected;
        else if (key == "enum")
            valid = std::ranges::find(expected.as_array(), value) != expected.as_array().end();
        else if (key == "anyOf")
            valid = std::ranges::any_of(expected.as_array(),
                                        [&](const json::value& option) { return is_valid(value, option); });
        else if (key == "not")
            valid = !is_valid(value, expected);
        else if (key == "required" && value.is_object())
            valid = std::ranges::all_of(expected.as_array(), [&](const json::value& name) {
                return value.as_object().contains(name.as_string());
            });
        else if (key == "properties" && value.is_object())
            valid = std::ranges::all_of(expected.as_object(), [&](const auto& property) {
                const json::value* const present = value.as_object().if_contains(property.key());
                return present == nullptr || is_valid(*present, property.value());
            });
        else if (key == "pattern" && value.is_string())
            valid = std::regex_search(std::string{value.as_string()},
                                      std::regex{std::string{expected.as_string()}});
        else if (key == "maximum" && value.is_int64())
            valid = value.as_int64() <= expected.as_int64();
        else if (key == "maxLength" && value.is_string())
            valid = value.as_string().size() <= static_cast<std::size_t>(expected.as_int64());
        else if (key == "if") {
            const char* const branch = is_valid(value, expected) ? "then" : "else";
            const json::value* const next = schema.as_object().if_contains(branch);
            valid = next == nullptr || is_valid(value, *next);
        }
        if (!valid)
            return false;
    }
    return true;
}

const json::value& schema_of(std::string_view name) {
    static const json::value document = json::parse(openapi_document("1.2.3"));
    return document.at("components").at("schemas").at(name);
}

bool server_accepts(const std::string& rule) {
    const auto request = wire::schema::parse<wire::alert_rule_request>(rule);
    if (!request)
        return false;
    const auto parsed = wire::to_domain(*request);
    return parsed && check(*parsed);
}

TEST(document_rules, match_what_the_server_requires_of_an_alert_rule) {
    const json::value& schema = schema_of("AlertRuleRequest");
    int accepted_count = 0;
    const auto compare = [&](const std::string& members) {
        const std::string rule = R"({"name":"R","severity":"info",)" + members + "}";
        const bool accepted = server_accepts(rule);
        EXPECT_EQ(is_valid(json::parse(rule), schema), accepted) << rule;
        accepted_count += accepted ? 1 : 0;
    };
    for (const std::string more :
         {"", R"(,"low":1)", R"(,"high":9)", R"(,"low":1,"high":9)", R"(,"value":"x")",
          R"(,"value":null,"low":null,"high":null)", R"(,"value":true)"})
        for (const char* test : {"above", "below", "outside", "changes_to", "changes_faster"}) {
            compare(R"("kind":"field","field":"a","test":")" + std::string{test} + '"' + more);
            compare(R"("kind":"field","field":null,"test":")" + std::string{test} + '"' + more);
        }
    compare(R"("kind":"field","field":"a")");
    compare(R"("kind":"field","test":"above","high":1)");
    for (const char* more :
         {"", R"(,"intervals":3)", R"(,"intervals":null)", R"(,"intervals":3,"quarantine":true)",
          R"(,"intervals":3,"quarantine":false)", R"(,"intervals":3,"category":"smart_lock")"})
        compare(R"("kind":"silence")" + std::string{more});
    const std::string rate = R"(,"count":3,"within_seconds":60)";
    const std::string device = R"(,"device_id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11")";
    for (const char* incident :
         {"device_flood", "refused_logins", "forged_tokens", "replayed_refresh_token", "password_spraying",
          "device_probing", "admin_probing", "wrong_device_secrets"})
        for (const std::string& more :
             {std::string{}, rate, rate + device, rate + R"(,"category":"smart_lock")",
              rate + R"(,"category":"smart_lock")" + device, rate + R"(,"quarantine":true)",
              rate + R"(,"quarantine":null,"category":null,"device_id":null)", std::string{R"(,"count":3)"},
              std::string{R"(,"count":1000,"within_seconds":60)"},
              std::string{R"(,"count":1001,"within_seconds":60)"}})
            compare(R"("kind":"security","incident":")" + std::string{incident} + '"' + more);
    compare(R"("kind":"security")" + rate);
    EXPECT_GT(accepted_count, 20) << "the comparison includes valid rules";
}

TEST(document_rules, match_the_urls_that_the_server_accepts_for_a_webhook) {
    for (const char* name : {"CreateWebhookRequest", "UpdateWebhookRequest"}) {
        const json::value& schema = schema_of(name).at("properties").at("url");
        EXPECT_EQ(schema.at("format"), "uri");
        for (const char* url : {"https://a.example/",
                                "https://a.example",
                                "HTTP://a_b.example:8443/x?y=z@w",
                                "https://[2001:db8::1]:1/",
                                "https://1.2.3.4?a",
                                "https://a/[]!$&'()*+,;=~%20:@",
                                "ftp://a/",
                                "https://",
                                "https:///x",
                                "a.example",
                                "https://u@a.example/",
                                "https://u:p@a/",
                                "https://a/#b",
                                "https://a/ b",
                                "https://a/\"",
                                "https://a/<",
                                "https://a\\b/",
                                "https://a/\xc3\xb3",
                                "https://a:/",
                                "https://a:x/",
                                "https://[::1/",
                                "https://a^b/",
                                "https://a/`",
                                "https://a/{b}",
                                "https://a/|",
                                " https://a/",
                                ""})
            EXPECT_EQ(is_valid(url, schema), parse_webhook_url(url).has_value()) << url;
        EXPECT_FALSE(is_valid(json::string("https://a/" + std::string(2000, 'x')), schema));
    }
}

TEST(document_rules, describe_the_members_of_a_problem) {
    const json::value& schema = schema_of("Problem");
    const auto problem = [&](const char* text) { return is_valid(json::parse(text), schema); };
    EXPECT_TRUE(problem(R"({"type":"about:blank","title":"T","status":429,"detail":"D","request_id":"a.B_9-",
                            "limit":{"name":"readings","quota":1,"left":0,"window_seconds":1,"retry_after":null}})"));
    EXPECT_FALSE(problem(R"({"type":"about:blank","title":"T","status":429,"detail":"D"})"));
    EXPECT_FALSE(
        problem(R"({"type":"about:blank","title":"T","status":429,"detail":"D","request_id":"a b"})"));
    EXPECT_FALSE(problem(
        R"({"type":"about:blank","title":"T","status":429,"detail":"D","request_id":"a","limit":{}})"));
}

} // namespace
} // namespace breakwater::api
