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

/// A row of the contract: the route, its credential and its status on success.
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

TEST(document, has_every_row_of_the_contract) {
    const json::object openapi = document();
    const json::object& paths = openapi.at("paths").as_object();
    for (const row& request : contract) {
        SCOPED_TRACE(std::string{request.verb} + " " + request.path);
        ASSERT_TRUE(paths.contains(request.path));
        const json::object& operations = paths.at(request.path).as_object();
        ASSERT_TRUE(operations.contains(request.verb));
        const json::object& operation = operations.at(request.verb).as_object();
        EXPECT_EQ(operation.at("security"), json::parse(request.security));
        EXPECT_TRUE(operation.at("responses").as_object().contains(request.success));
        const bool is_admin_route = std::string_view{request.path}.starts_with("/admin");
        const json::value* description = operation.if_contains("description");
        EXPECT_EQ(description != nullptr &&
                      std::string_view{description->as_string()}.ends_with("Administrators only."),
                  is_admin_route);
    }
}

TEST(document, has_operations_with_ids_tags_and_summaries) {
    const json::object openapi = document();
    std::set<std::string> tags;
    for (const json::value& tag : openapi.at("tags").as_array())
        tags.emplace(tag.at("name").as_string());
    std::set<std::string> ids;
    for (const auto& path : openapi.at("paths").as_object())
        for (const auto& verb : path.value().as_object()) {
            const json::object& operation = verb.value().as_object();
            SCOPED_TRACE(std::string{operation.at("operationId").as_string()});
            EXPECT_TRUE(ids.emplace(operation.at("operationId").as_string()).second);
            EXPECT_FALSE(operation.at("summary").as_string().empty());
            for (const json::value& tag : operation.at("tags").as_array())
                EXPECT_TRUE(tags.contains(std::string{tag.as_string()})) << tag.as_string();
        }
}

/// Collects the names of all schemas that `value` refers to.
void collect_schemas(const json::value& value, std::set<std::string>& names) {
    constexpr std::string_view prefix = "#/components/schemas/";
    if (const json::array* list = value.if_array())
        for (const json::value& element : *list)
            collect_schemas(element, names);
    if (const json::object* object = value.if_object())
        for (const auto& member : *object) {
            if (member.key() != "$ref")
                collect_schemas(member.value(), names);
            else if (const std::string_view target = member.value().as_string(); target.starts_with(prefix))
                names.emplace(target.substr(prefix.size()));
        }
}

TEST(document, uses_every_schema_and_no_unknown_one) {
    const json::object openapi = document();
    std::set<std::string> used;
    collect_schemas(openapi, used);
    std::set<std::string> defined;
    for (const auto& schema : openapi.at("components").at("schemas").as_object())
        defined.emplace(schema.key());
    EXPECT_EQ(used, defined);
}

TEST(document, describes_page_headers_and_the_response_of_an_unready_server) {
    const json::object openapi = document();
    const auto at = [&openapi](const char* path, const char* status) -> const json::object& {
        return openapi.at("paths").at(path).at("get").at("responses").at(status).as_object();
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
        << "when the queue of the thread pool is full";
    EXPECT_TRUE(unready.at("headers").as_object().contains("Retry-After"));
}

} // namespace
} // namespace breakwater::api
