#include "api/dto/alert_dto.hpp"
#include "api/routes.hpp"
#include "api/schema/schema.hpp"
#include "domain/webhook.hpp"

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

/// As much of JSON Schema (draft 2020-12) as the document uses to say what belongs together.
bool fits(const json::value& value, const json::value& schema) {
    if (const bool* all = schema.if_bool())
        return *all;
    for (const auto& member : schema.as_object()) {
        const json::value& says = member.value();
        const std::string_view key = member.key();
        bool good = true;
        if (key == "type" && says.is_array())
            good = std::ranges::any_of(says.as_array(), [&](const json::value& type) {
                return is_of_type(value, type.as_string());
            });
        else if (key == "type")
            good = is_of_type(value, says.as_string());
        else if (key == "const")
            good = value == says;
        else if (key == "enum")
            good = std::ranges::find(says.as_array(), value) != says.as_array().end();
        else if (key == "anyOf")
            good = std::ranges::any_of(says.as_array(),
                                       [&](const json::value& one) { return fits(value, one); });
        else if (key == "not")
            good = !fits(value, says);
        else if (key == "required" && value.is_object())
            good = std::ranges::all_of(says.as_array(), [&](const json::value& name) {
                return value.as_object().contains(name.as_string());
            });
        else if (key == "properties" && value.is_object())
            good = std::ranges::all_of(says.as_object(), [&](const auto& one) {
                const json::value* const at = value.as_object().if_contains(one.key());
                return at == nullptr || fits(*at, one.value());
            });
        else if (key == "pattern" && value.is_string())
            good =
                std::regex_search(std::string{value.as_string()}, std::regex{std::string{says.as_string()}});
        else if (key == "maximum" && value.is_int64())
            good = value.as_int64() <= says.as_int64();
        else if (key == "maxLength" && value.is_string())
            good = value.as_string().size() <= static_cast<std::size_t>(says.as_int64());
        else if (key == "if") {
            const char* const branch = fits(value, says) ? "then" : "else";
            const json::value* const next = schema.as_object().if_contains(branch);
            good = next == nullptr || fits(value, *next);
        }
        if (!good)
            return false;
    }
    return true;
}

const json::value& schema_of(std::string_view name) {
    static const json::value document = json::parse(openapi_document("1.2.3"));
    return document.at("components").at("schemas").at(name);
}

bool server_takes(const std::string& rule) {
    const auto request = schema::parse<dto::alert_rule_request>(rule);
    if (!request)
        return false;
    const auto meant = dto::to_domain(*request);
    return meant && check(*meant);
}

TEST(document_rules, say_what_each_kind_of_alert_rule_needs) {
    const json::value& schema = schema_of("AlertRuleRequest");
    int good = 0;
    const auto compare = [&](const std::string& members) {
        const std::string rule = R"({"name":"R","severity":"info",)" + members + "}";
        const bool taken = server_takes(rule);
        EXPECT_EQ(fits(json::parse(rule), schema), taken) << rule;
        good += taken ? 1 : 0;
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
    const std::string often = R"(,"count":3,"within_seconds":60)";
    const std::string device = R"(,"device_id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11")";
    for (const char* incident :
         {"device_flood", "refused_logins", "forged_tokens", "replayed_refresh_token", "password_spraying",
          "device_probing", "admin_probing", "wrong_device_secrets"})
        for (const std::string& more :
             {std::string{}, often, often + device, often + R"(,"category":"smart_lock")",
              often + R"(,"category":"smart_lock")" + device, often + R"(,"quarantine":true)",
              often + R"(,"quarantine":null,"category":null,"device_id":null)", std::string{R"(,"count":3)"},
              std::string{R"(,"count":1000,"within_seconds":60)"},
              std::string{R"(,"count":1001,"within_seconds":60)"}})
            compare(R"("kind":"security","incident":")" + std::string{incident} + '"' + more);
    compare(R"("kind":"security")" + often);
    EXPECT_GT(good, 20) << "not all were refused by both";
}

TEST(document_rules, say_where_a_webhook_may_lead) {
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
            EXPECT_EQ(fits(url, schema), parse_webhook_url(url).has_value()) << url;
        EXPECT_FALSE(fits(json::string("https://a/" + std::string(2000, 'x')), schema));
    }
}

TEST(document_rules, say_all_that_a_problem_has) {
    const json::value& schema = schema_of("Problem");
    const auto problem = [&](const char* text) { return fits(json::parse(text), schema); };
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
