#include "http/openapi.hpp"

#include "unit/http/requirements.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>
#include <set>
#include <stdexcept>

namespace breakwater::http {
namespace {

namespace json = boost::json;

inline_handler immediate() {
    return {[](request&) { return response{}; }};
}

blocking_handler blocking() {
    return {work::query, [](request&) { return response{}; }};
}

std::vector<route> sample_table() {
    std::vector<route> table;
    table.push_back({method::get,
                     "/healthz",
                     test::open_to_all,
                     immediate(),
                     {.tag = "system", .summary = "Is it alive?", .response_schema = "Thing"}});
    table.push_back({method::get,
                     "/things",
                     test::for_people,
                     blocking(),
                     {.tag = "things",
                      .summary = "List",
                      .response_schema = "Thing[]",
                      .query = {{.name = "limit",
                                 .schema = R"({"type":"integer","minimum":1,"default":100})",
                                 .description = "How \"many\"."}},
                      .response_headers = {{.name = "X-Next-Cursor",
                                            .schema = R"({"type":"string"})",
                                            .description = "Where the next page starts."}}}});
    table.push_back({method::post,
                     "/things",
                     test::for_people,
                     blocking(),
                     {.tag = "things",
                      .summary = "Add",
                      .request_schema = "NewThing",
                      .success = 201,
                      .response_schema = "Thing",
                      .success_description = "Added.",
                      .errors = {429, 507}}});
    table.push_back({method::put,
                     "/things/{id}/parts/{part}",
                     test::for_administrators,
                     blocking(),
                     {.tag = "things",
                      .summary = "Change",
                      .description = "Changes it.",
                      .request_schema = "NewThing",
                      .response_schema = "Thing",
                      .path = {{.name = "id",
                                .schema = R"({"type":"string","format":"uuid"})",
                                .description = "Which one.",
                                .required = false}}}});
    table.push_back({method::delete_,
                     "/things/{id}",
                     test::for_administrators,
                     blocking(),
                     {.tag = "things", .summary = "Remove", .success = 204}});
    table.push_back({method::get,
                     "/things/{id}/export.csv",
                     test::for_devices,
                     blocking(),
                     {.tag = "things", .summary = "Export", .response_type = "text/csv"}});
    table.push_back({method::get,
                     "/hidden",
                     test::open_to_all,
                     immediate(),
                     {.tag = "hidden", .summary = "Hidden", .listed = false}});
    return table;
}

const std::vector<named_schema> components{
    {"NewThing", R"({"type":"object","title":"NewThing","properties":{"note":{"type":"string"}}})",
     R"({"note":"{[,:\"\\"})"},
    {"Problem", R"({"type":"object"})"},
    {"Thing", R"({"type":"object","properties":{}})", R"({"id":1})"}};

openapi_info sample_info() {
    return {.title = "Sample",
            .version = "1.2.3",
            .summary = "A sample.",
            .description = "With a\nline break.",
            .license = "Apache-2.0",
            .tags = {{"things", "All things."}, {"system", "The rest."}}};
}

std::string sample_text() {
    const router routes{sample_table()};
    return openapi_document(routes, sample_info(), components);
}

json::object sample() {
    return json::parse(sample_text()).as_object();
}

json::object operation(const char* path, const char* verb) {
    return sample().at("paths").at(path).at(verb).as_object();
}

std::set<std::string> statuses(const json::object& operation) {
    std::set<std::string> out;
    for (const auto& response : operation.at("responses").as_object())
        out.emplace(response.key());
    return out;
}

/// Calls `visit` with each `$ref` in `value`.
template <class Visit>
void for_each_reference(const json::value& value, const Visit& visit) {
    if (const json::array* list = value.if_array())
        for (const json::value& element : *list)
            for_each_reference(element, visit);
    if (const json::object* object = value.if_object())
        for (const auto& member : *object) {
            if (member.key() == "$ref")
                visit(std::string{member.value().as_string()});
            else
                for_each_reference(member.value(), visit);
        }
}

using strings = std::set<std::string>;

TEST(openapi, contains_the_info) {
    const json::object document = sample();
    EXPECT_EQ(document.at("openapi"), "3.1.0");
    EXPECT_EQ(
        document.at("info"),
        json::parse(R"({"title":"Sample","version":"1.2.3","summary":"A sample.","description":)"
                    R"("With a\nline break.","license":{"name":"Apache-2.0","identifier":"Apache-2.0"}})"));
    EXPECT_EQ(document.at("servers"), json::parse(R"([{"url":"/"}])"));
    EXPECT_EQ(document.at("tags").at(0).at("name"), "things");
    EXPECT_EQ(document.at("tags").at(1).at("description"), "The rest.");
}

TEST(openapi, gives_every_listed_row_a_unique_operation_id) {
    strings ids;
    const json::object document = sample();
    for (const auto& path : document.at("paths").as_object())
        for (const auto& verb : path.value().as_object())
            EXPECT_TRUE(ids.emplace(verb.value().at("operationId").as_string()).second);
    EXPECT_EQ(ids, (strings{"get_healthz", "get_things", "post_things", "put_things_id_parts_part",
                            "delete_things_id", "get_things_id_export_csv"}));
}

TEST(openapi, resolves_every_reference) {
    const json::value document = sample();
    std::size_t count = 0;
    for_each_reference(document, [&](const std::string& reference) {
        ++count;
        ASSERT_TRUE(reference.starts_with("#/"));
        EXPECT_NO_THROW((void)document.at_pointer(reference.substr(1))) << reference;
    });
    EXPECT_GT(count, 10U);
}

TEST(openapi, describes_the_required_credential) {
    EXPECT_EQ(operation("/healthz", "get").at("security"), json::parse("[]"));
    EXPECT_EQ(operation("/things", "get").at("security"), json::parse(R"([{"userBearer":[]}])"));
    EXPECT_EQ(operation("/things/{id}", "delete").at("security"), json::parse(R"([{"userBearer":[]}])"));
    EXPECT_EQ(operation("/things/{id}", "delete").at("description"), "Administrators only.");
    EXPECT_EQ(operation("/things/{id}/parts/{part}", "put").at("description"),
              "Changes it. Administrators only.");
    EXPECT_EQ(operation("/things/{id}/export.csv", "get").at("security"),
              json::parse(R"([{"deviceBearer":[]}])"));
    const json::object schemes = sample().at("components").at("securitySchemes").as_object();
    for (const char* name : {"userBearer", "deviceBearer"}) {
        EXPECT_EQ(schemes.at(name).at("type"), "http");
        EXPECT_EQ(schemes.at(name).at("scheme"), "bearer");
        EXPECT_EQ(schemes.at(name).at("bearerFormat"), "JWT");
    }
}

TEST(openapi, adds_the_errors_that_a_row_implies) {
    EXPECT_EQ(statuses(operation("/healthz", "get")), (strings{"200", "422", "default"}));
    EXPECT_EQ(statuses(operation("/things", "get")), (strings{"200", "401", "403", "422", "503", "default"}));
    EXPECT_EQ(statuses(operation("/things", "post")),
              (strings{"201", "401", "403", "413", "415", "422", "429", "503", "507", "default"}));
    EXPECT_EQ(statuses(operation("/things/{id}/parts/{part}", "put")),
              (strings{"200", "401", "403", "404", "413", "415", "422", "503", "default"}));
    EXPECT_EQ(statuses(operation("/things/{id}", "delete")),
              (strings{"204", "401", "403", "404", "422", "503", "default"}));
}

TEST(openapi, describes_every_error_as_a_problem_with_its_headers) {
    const json::object responses = sample().at("components").at("responses").as_object();
    for (const auto& error_response : responses) {
        EXPECT_FALSE(error_response.value().at("description").as_string().empty());
        EXPECT_EQ(
            error_response.value().at("content"),
            json::parse(R"({"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}})"))
            << error_response.key();
    }
    EXPECT_TRUE(responses.at("Unauthorized").at("headers").as_object().contains("WWW-Authenticate"));
    EXPECT_TRUE(responses.at("TooManyRequests").at("headers").as_object().contains("Retry-After"));
    EXPECT_TRUE(responses.at("ServiceUnavailable").at("headers").as_object().contains("Retry-After"));
    EXPECT_FALSE(responses.at("UnprocessableContent").as_object().contains("headers"));
}

TEST(openapi, describes_path_and_query_parameters) {
    const json::array path = operation("/things/{id}/parts/{part}", "put").at("parameters").as_array();
    ASSERT_EQ(path.size(), 2U);
    EXPECT_EQ(path[0], json::parse(R"({"name":"id","in":"path","description":"Which one.","required":true,)"
                                   R"("schema":{"type":"string","format":"uuid"}})"));
    EXPECT_EQ(path[1],
              json::parse(R"({"name":"part","in":"path","required":true,"schema":{"type":"string"}})"));
    EXPECT_EQ(operation("/things", "get").at("parameters"),
              json::parse(R"([{"name":"limit","in":"query","description":"How \"many\".",)"
                          R"("schema":{"type":"integer","minimum":1,"default":100}}])"));
    EXPECT_FALSE(operation("/healthz", "get").contains("parameters"));
}

TEST(openapi, describes_bodies_with_their_examples) {
    const json::object post = operation("/things", "post");
    EXPECT_EQ(post.at("requestBody"),
              json::parse(R"({"required":true,"content":{"application/json":{"schema":)"
                          R"({"$ref":"#/components/schemas/NewThing"},"example":{"note":"{[,:\"\\"}}}})"));
    EXPECT_EQ(post.at("responses").at("201").at("description"), "Added.");
    const json::value page = operation("/things", "get").at("responses").at("200");
    EXPECT_EQ(
        page.at("content").at("application/json"),
        json::parse(
            R"({"schema":{"type":"array","items":{"$ref":"#/components/schemas/Thing"}},"example":[{"id":1}]})"));
    EXPECT_EQ(
        page.at("headers"),
        json::parse(
            R"({"X-Next-Cursor":{"description":"Where the next page starts.","schema":{"type":"string"}}})"));
    EXPECT_FALSE(
        operation("/things/{id}", "delete").at("responses").at("204").as_object().contains("content"));
    EXPECT_EQ(operation("/things/{id}/export.csv", "get").at("responses").at("200").at("content"),
              json::parse(R"({"text/csv":{"schema":{"type":"string"}}})"));
}

TEST(openapi, is_indented_and_reproducible) {
    const std::string text = sample_text();
    EXPECT_EQ(text, sample_text());
    EXPECT_TRUE(
        text.starts_with("{\n  \"openapi\": \"3.1.0\",\n  \"info\": {\n    \"title\": \"Sample\",\n"));
    EXPECT_TRUE(text.ends_with("\n}\n"));
    EXPECT_NE(text.find("\"security\": []\n"), std::string::npos);
    EXPECT_NE(text.find("\"properties\": {}\n"), std::string::npos);
    EXPECT_NE(text.find(R"("note": "{[,:\"\\")"), std::string::npos);
}

TEST(openapi, refuses_a_table_with_an_unknown_component) {
    const router routes{sample_table()};
    const std::vector<named_schema> without_thing{components[0], components[1]};
    EXPECT_THROW((void)openapi_document(routes, sample_info(), without_thing), std::logic_error);
    const std::vector<named_schema> without_problem{components[0], components[2]};
    EXPECT_THROW((void)openapi_document(routes, sample_info(), without_problem), std::logic_error);
}

} // namespace
} // namespace breakwater::http
