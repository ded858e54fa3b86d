#include "http/openapi.hpp"

#include "base/json_builder.hpp"
#include "http/status.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <set>
#include <stdexcept>
#include <utility>
#include <variant>
#include <vector>

namespace breakwater::http {

namespace {

std::string lower_case(std::string_view text) {
    std::string out{text};
    std::ranges::transform(
        out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

bool is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// `GET /devices/{id}/rotate-secret` gives `get_devices_id_rotate_secret`.
std::string operation_id(const route& row) {
    std::string out = lower_case(to_string(row.method));
    bool gap = true;
    for (const char c : row.path) {
        if (!is_alphanumeric(c)) {
            gap = true;
            continue;
        }
        if (std::exchange(gap, false))
            out += '_';
        out += c;
    }
    return out;
}

/// The name of the response component for this status, such as `UnprocessableContent`.
std::string response_name(unsigned status) {
    std::string out;
    std::ranges::copy_if(reason_phrase(status), std::back_inserter(out), is_alphanumeric);
    return out;
}

std::vector<std::string_view> parameter_names(std::string_view path) {
    std::vector<std::string_view> names;
    for (std::size_t open = path.find('{'); open != std::string_view::npos; open = path.find('{', open + 1))
        names.push_back(path.substr(open + 1, path.find('}', open) - open - 1));
    return names;
}

std::string parameter_object(const parameter_schema& parameter, std::string_view location) {
    json_builder out = json_builder::object();
    out.add("name", json_string(parameter.name));
    out.add("in", json_string(location));
    if (!parameter.description.empty())
        out.add("description", json_string(parameter.description));
    if (parameter.required)
        out.add("required", "true");
    out.add("schema", parameter.schema);
    return std::move(out).finish();
}

std::string header_object(std::string_view description, std::string_view schema) {
    json_builder out = json_builder::object();
    out.add("description", json_string(description));
    out.add("schema", schema);
    return std::move(out).finish();
}

class document {
public:
    explicit document(std::span<const named_schema> components) : components_{components} {
        (void)find("Problem");
    }

    [[nodiscard]] std::string paths(const router& routes);
    /// Call it after `paths`: contains only the error responses that the paths use.
    [[nodiscard]] std::string components() const;

private:
    [[nodiscard]] const named_schema& find(std::string_view name) const;
    [[nodiscard]] std::string operation(const route& row);
    [[nodiscard]] std::string parameters(const route& row) const;
    [[nodiscard]] std::string media_type(std::string_view schema) const;
    [[nodiscard]] std::string media_types(std::string_view type, std::string_view schema) const;
    [[nodiscard]] std::string request_body(const documentation& docs) const;
    [[nodiscard]] std::string success(const documentation& docs) const;
    [[nodiscard]] std::string responses(const route& row);
    [[nodiscard]] std::string problem_response(std::string_view description, unsigned status,
                                               std::string_view also = {}) const;

    std::span<const named_schema> components_;
    std::set<unsigned> errors_used_;
};

const named_schema& document::find(std::string_view name) const {
    const auto position = std::ranges::find(components_, name, &named_schema::name);
    if (position == components_.end())
        throw std::logic_error{fmt::format("The OpenAPI component {} does not exist.", name)};
    return *position;
}

std::string document::parameters(const route& row) const {
    json_builder out = json_builder::array();
    for (const std::string_view name : parameter_names(row.path)) {
        const auto described = std::ranges::find(row.docs.path, name, &parameter_schema::name);
        parameter_schema complete =
            described == row.docs.path.end()
                ? parameter_schema{.name = name, .schema = R"({"type":"string"})", .description = {}}
                : *described;
        complete.required = true;
        out.add(parameter_object(complete, "path"));
    }
    for (const parameter_schema& query_parameter : row.docs.query)
        out.add(parameter_object(query_parameter, "query"));
    return std::move(out).finish();
}

/// `schema`: a component name, or `Name[]` for an array; empty for text that is not JSON.
std::string document::media_type(std::string_view schema) const {
    json_builder media = json_builder::object();
    if (schema.empty()) {
        media.add("schema", R"({"type":"string"})");
    } else {
        const bool is_array = schema.ends_with("[]");
        const named_schema& item = find(is_array ? schema.substr(0, schema.size() - 2) : schema);
        const std::string reference = fmt::format(R"({{"$ref":"#/components/schemas/{}"}})", item.name);
        media.add("schema",
                  is_array ? fmt::format(R"({{"type":"array","items":{}}})", reference) : reference);
        if (!item.example.empty())
            media.add("example", is_array ? fmt::format("[{}]", item.example) : item.example);
    }
    return std::move(media).finish();
}

std::string document::media_types(std::string_view type, std::string_view schema) const {
    json_builder out = json_builder::object();
    out.add(type, media_type(schema));
    return std::move(out).finish();
}

std::string document::request_body(const documentation& docs) const {
    json_builder out = json_builder::object();
    out.add("required", "true");
    json_builder content = json_builder::object();
    content.add("application/json", media_type(docs.request_schema));
    if (!docs.also_request_type.empty())
        content.add(docs.also_request_type, media_type({}));
    out.add("content", std::move(content).finish());
    return std::move(out).finish();
}

std::string document::success(const documentation& docs) const {
    json_builder out = json_builder::object();
    out.add("description", json_string(docs.success_description));
    if (!docs.response_headers.empty()) {
        json_builder headers = json_builder::object();
        for (const parameter_schema& header : docs.response_headers)
            headers.add(header.name, header_object(header.description, header.schema));
        out.add("headers", std::move(headers).finish());
    }
    if (!docs.response_schema.empty() || docs.response_type != "application/json")
        out.add("content", media_types(docs.response_type, docs.response_schema));
    return std::move(out).finish();
}

std::string document::problem_response(std::string_view description, unsigned status,
                                       std::string_view also) const {
    json_builder out = json_builder::object();
    out.add("description", json_string(description));
    json_builder headers = json_builder::object();
    if (status == 401)
        headers.add("WWW-Authenticate",
                    header_object("How to authenticate (RFC 6750).", R"({"type":"string"})"));
    if (status == 429 || status == 503)
        headers.add("Retry-After", header_object("Seconds to wait before the next attempt.",
                                                 R"({"type":"integer","minimum":1})"));
    if (std::string text = std::move(headers).finish(); text != "{}")
        out.add("headers", text);
    json_builder content = json_builder::object();
    content.add(problem_type, R"({"schema":{"$ref":"#/components/schemas/Problem"}})");
    if (!also.empty())
        content.add("application/json",
                    fmt::format(R"({{"schema":{{"$ref":"#/components/schemas/{}"}}}})", find(also).name));
    out.add("content", std::move(content).finish());
    return std::move(out).finish();
}

std::string document::responses(const route& row) {
    std::set<unsigned> errors{row.docs.errors.begin(), row.docs.errors.end()};
    const bool has_body = !row.docs.request_schema.empty();
    if (!row.requirement.scheme.empty())
        errors.insert({401, 403});
    if (row.path.contains('{'))
        errors.insert(404);
    if (has_body)
        errors.insert({413, 415});
    errors.insert(422); // every route refuses unknown query parameters
    if (!std::holds_alternative<inline_handler>(row.run))
        errors.insert(503);
    const auto error_schema = [&row](unsigned status) {
        const auto position =
            std::ranges::find(row.docs.error_schemas, status, &std::pair<unsigned, std::string_view>::first);
        return position == row.docs.error_schemas.end() ? std::string_view{} : position->second;
    };
    for (const unsigned status : errors)
        if (error_schema(status).empty())
            errors_used_.insert(status);

    json_builder out = json_builder::object();
    out.add(fmt::format("{}", row.docs.success), success(row.docs));
    for (const unsigned status : errors)
        out.add(fmt::format("{}", status),
                error_schema(status).empty()
                    ? fmt::format(R"({{"$ref":"#/components/responses/{}"}})", response_name(status))
                    : problem_response(reason_phrase(status), status, error_schema(status)));
    out.add("default", R"({"$ref":"#/components/responses/Failure"})");
    return std::move(out).finish();
}

std::string document::operation(const route& row) {
    json_builder out = json_builder::object();
    out.add("operationId", json_string(operation_id(row)));
    if (!row.docs.tag.empty())
        out.add("tags", fmt::format("[{}]", json_string(row.docs.tag)));
    out.add("summary", json_string(row.docs.summary));
    std::string description{row.docs.description};
    if (!row.requirement.note.empty())
        description += fmt::format("{}{}", description.empty() ? "" : " ", row.requirement.note);
    if (!description.empty())
        out.add("description", json_string(description));
    if (const std::string list = parameters(row); list != "[]")
        out.add("parameters", list);
    if (!row.docs.request_schema.empty())
        out.add("requestBody", request_body(row.docs));
    out.add("responses", responses(row));
    out.add("security", row.requirement.scheme.empty()
                            ? "[]"
                            : fmt::format("[{{{}:[]}}]", json_string(row.requirement.scheme)));
    return std::move(out).finish();
}

std::string document::paths(const router& routes) {
    std::vector<std::pair<std::string_view, json_builder>>
        by_path; // in the order of their first row in the table
    for (const route& row : routes.table()) {
        if (!row.docs.listed)
            continue;
        auto position = std::ranges::find(by_path, row.path, [](const auto& entry) { return entry.first; });
        if (position == by_path.end())
            position = by_path.emplace(position, row.path, json_builder::object());
        position->second.add(lower_case(to_string(row.method)), operation(row));
    }
    json_builder out = json_builder::object();
    for (auto& [path, operations] : by_path)
        out.add(path, std::move(operations).finish());
    return std::move(out).finish();
}

std::string document::components() const {
    json_builder schemas = json_builder::object();
    for (const named_schema& component : components_)
        schemas.add(component.name, component.schema);
    json_builder responses = json_builder::object();
    for (const unsigned status : errors_used_)
        responses.add(response_name(status), problem_response(reason_phrase(status), status));
    responses.add("Failure", problem_response("Any other failure", 0));

    json_builder out = json_builder::object();
    out.add("schemas", std::move(schemas).finish());
    out.add("responses", std::move(responses).finish());
    out.add("securitySchemes", R"({"userBearer":{"type":"http","scheme":"bearer","bearerFormat":"JWT",)"
                               R"("description":"A person's access token, from POST /auth/login."},)"
                               R"("deviceBearer":{"type":"http","scheme":"bearer","bearerFormat":"JWT",)"
                               R"("description":"A device's token, from POST /device/token."}})");
    return std::move(out).finish();
}

std::string info_object(const openapi_info& info) {
    json_builder out = json_builder::object();
    out.add("title", json_string(info.title));
    if (!info.summary.empty())
        out.add("summary", json_string(info.summary));
    if (!info.description.empty())
        out.add("description", json_string(info.description));
    out.add("license", fmt::format(R"({{"name":{0},"identifier":{0}}})", json_string(info.license)));
    out.add("version", json_string(info.version));
    return std::move(out).finish();
}

std::string tag_array(const std::vector<openapi_tag>& tags) {
    json_builder out = json_builder::array();
    for (const openapi_tag& tag : tags)
        out.add(fmt::format(R"({{"name":{},"description":{}}})", json_string(tag.name),
                            json_string(tag.description)));
    return std::move(out).finish();
}

} // namespace

std::string openapi_document(const router& routes, const openapi_info& info,
                             std::span<const named_schema> components) {
    document document{components};
    json_builder out = json_builder::object();
    out.add("openapi", R"("3.1.0")");
    out.add("info", info_object(info));
    out.add("servers",
            fmt::format(R"([{{"url":{}}}])", json_string(info.base_path.empty() ? "/" : info.base_path)));
    out.add("tags", tag_array(info.tags));
    out.add("paths", document.paths(routes));
    out.add("components", document.components());
    return indented_json(std::move(out).finish());
}

} // namespace breakwater::http
