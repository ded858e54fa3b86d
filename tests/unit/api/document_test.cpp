#include "api/routes.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <vector>

namespace breakwater::api {
namespace {

namespace json = boost::json;

json::object document() {
    return json::parse(openapi_document("1.2.3")).as_object();
}

/// A row of the contract: the call, who may make it, and the status of its success.
struct row {
    const char* verb;
    const char* path;
    const char* security;
    const char* success;
};

constexpr const char* nobody = "[]";
constexpr const char* person = R"([{"userBearer":[]}])";
constexpr const char* device = R"([{"deviceBearer":[]}])";

const std::vector<row> contract{
    {"get", "/healthz", nobody, "200"},
    {"post", "/auth/register", nobody, "201"},
    {"post", "/auth/login", nobody, "200"},
    {"post", "/auth/refresh", nobody, "200"},
    {"post", "/auth/logout", person, "204"},
    {"get", "/devices/categories", nobody, "200"},
    {"post", "/devices", person, "201"},
    {"get", "/devices", person, "200"},
    {"get", "/devices/{id}", person, "200"},
    {"put", "/devices/{id}", person, "200"},
    {"delete", "/devices/{id}", person, "200"},
    {"post", "/devices/{id}/deactivate", person, "200"},
    {"post", "/devices/{id}/invalidate-tokens", person, "200"},
    {"post", "/devices/{id}/rotate-secret", person, "200"},
    {"get", "/devices/{id}/readings", person, "200"},
    {"get", "/devices/{id}/readings/meta", person, "200"},
    {"post", "/device/token", nobody, "200"},
    {"post", "/device/readings", device, "201"},
    {"get", "/admin/security-events", person, "200"},
    {"post", "/admin/security-events/simulate", person, "201"},
    {"get", "/admin/users", person, "200"},
    {"post", "/admin/users", person, "201"},
    {"put", "/admin/users/{id}", person, "200"},
    {"delete", "/admin/users/{id}", person, "204"},
};

TEST(document, tells_every_row_of_the_contract) {
    const json::object told = document();
    const json::object& paths = told.at("paths").as_object();
    for (const row& asked : contract) {
        SCOPED_TRACE(std::string{asked.verb} + " " + asked.path);
        ASSERT_TRUE(paths.contains(asked.path));
        const json::object& operations = paths.at(asked.path).as_object();
        ASSERT_TRUE(operations.contains(asked.verb));
        const json::object& operation = operations.at(asked.verb).as_object();
        EXPECT_EQ(operation.at("security"), json::parse(asked.security));
        EXPECT_TRUE(operation.at("responses").as_object().contains(asked.success));
        const bool administrators = std::string_view{asked.path}.starts_with("/admin");
        const json::value* description = operation.if_contains("description");
        EXPECT_EQ(description != nullptr &&
                      std::string_view{description->as_string()}.ends_with("Administrators only."),
                  administrators);
    }
}

TEST(document, has_operations_with_ids_tags_and_summaries) {
    const json::object told = document();
    std::set<std::string> tags;
    for (const json::value& tag : told.at("tags").as_array())
        tags.emplace(tag.at("name").as_string());
    std::set<std::string> ids;
    for (const auto& path : told.at("paths").as_object())
        for (const auto& verb : path.value().as_object()) {
            const json::object& operation = verb.value().as_object();
            SCOPED_TRACE(std::string{operation.at("operationId").as_string()});
            EXPECT_TRUE(ids.emplace(operation.at("operationId").as_string()).second);
            EXPECT_FALSE(operation.at("summary").as_string().empty());
            for (const json::value& tag : operation.at("tags").as_array())
                EXPECT_TRUE(tags.contains(std::string{tag.as_string()})) << tag.as_string();
        }
}

/// The names of all schemas that something in `in` refers to.
void collect_schemas(const json::value& in, std::set<std::string>& names) {
    constexpr std::string_view prefix = "#/components/schemas/";
    if (const json::array* list = in.if_array())
        for (const json::value& one : *list)
            collect_schemas(one, names);
    if (const json::object* object = in.if_object())
        for (const auto& member : *object) {
            if (member.key() != "$ref")
                collect_schemas(member.value(), names);
            else if (const std::string_view target = member.value().as_string(); target.starts_with(prefix))
                names.emplace(target.substr(prefix.size()));
        }
}

TEST(document, uses_every_schema_and_only_those_it_has) {
    const json::object told = document();
    std::set<std::string> used;
    collect_schemas(told, used);
    std::set<std::string> known;
    for (const auto& one : told.at("components").at("schemas").as_object())
        known.emplace(one.key());
    EXPECT_EQ(used, known);
}

TEST(document, tells_where_a_list_goes_on_and_what_an_unready_server_says) {
    const json::object told = document();
    const auto at = [&told](const char* path, const char* status) -> const json::object& {
        return told.at("paths").at(path).at("get").at("responses").at(status).as_object();
    };
    for (const char* list : {"/devices", "/devices/{id}/readings", "/admin/security-events"})
        for (const char* field : {"X-Next-Cursor", "Link"})
            EXPECT_TRUE(at(list, "200").at("headers").as_object().contains(field)) << list << field;
    EXPECT_TRUE(
        at("/devices/{id}/readings.csv", "200").at("headers").as_object().contains("Content-Disposition"));
    const json::object& unready = at("/readyz", "503");
    EXPECT_EQ(unready.at("content").at("application/json").at("schema").at("$ref").as_string(),
              "#/components/schemas/Readiness");
    EXPECT_TRUE(unready.at("content").as_object().contains("application/problem+json"))
        << "where the pool is full";
    EXPECT_TRUE(unready.at("headers").as_object().contains("Retry-After"));
}

} // namespace
} // namespace breakwater::api
