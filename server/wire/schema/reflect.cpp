#include "wire/schema/reflect.hpp"

#include <algorithm>
#include <limits>

namespace breakwater::wire::schema {

namespace {

std::unexpected<error> invalid_body(std::string sentence) {
    std::vector<field_error> errors{{"body", sentence}};
    return std::unexpected(
        error{.code = errc::invalid_input, .detail = std::move(sentence), .fields = std::move(errors)});
}

} // namespace

result<json_document> read_body(std::string_view body) {
    result<json_document> document = read_json(body);
    if (!document)
        return invalid_body(std::move(document.error().detail));
    if (document->kind != json_kind::object)
        return invalid_body("The body must be a JSON object.");
    return document;
}

const std::string* find_pair(const query_pairs& pairs, std::string_view name, complaint& message) {
    const auto has_name = [name](const auto& pair) { return pair.first == name; };
    const auto first = std::ranges::find_if(pairs, has_name);
    if (first == pairs.end())
        return nullptr;
    if (std::find_if(first + 1, pairs.end(), has_name) != pairs.end()) {
        message = "Must be given once.";
        return nullptr;
    }
    return &first->second;
}

void add_complaint(std::vector<field_error>& errors, std::string_view place, std::string_view name,
                   complaint message) {
    if (!message.empty())
        errors.push_back({fmt::format("{}.{}", place, name), std::move(message)});
}

std::unexpected<error> invalid_fields(std::string_view place, std::vector<field_error> errors) {
    std::string names;
    for (const field_error& field : errors) {
        names += names.empty() ? "" : ", ";
        names += std::string_view{field.loc}.substr(place.size() + 1);
    }
    std::string detail = errors.size() == 1 ? fmt::format("1 field is invalid: {}.", names)
                                            : fmt::format("{} fields are invalid: {}.", errors.size(), names);
    return std::unexpected(
        error{.code = errc::invalid_input, .detail = std::move(detail), .fields = std::move(errors)});
}

void add_keyword(std::string& schema, std::string_view key, std::string_view json) {
    schema.pop_back();
    schema += fmt::format(R"(,"{}":{}}})", key, json);
}

void add_description(std::string& schema, std::string_view description) {
    std::string quoted;
    append_json_string(quoted, description);
    add_keyword(schema, "description", quoted);
}

template <>
result<uuid> parse_path<uuid>(std::string_view name, std::string_view segment) {
    uuid id;
    if (complaint message = read_text(segment, id); !message.empty())
        return invalid_fields("path", {{fmt::format("path.{}", name), std::move(message)}});
    return id;
}

template <>
result<std::int64_t> parse_path<std::int64_t>(std::string_view name, std::string_view segment) {
    std::int64_t number = 0;
    complaint message = read_integer(segment, 1, std::numeric_limits<std::int64_t>::max(), number);
    if (!message.empty())
        return invalid_fields("path", {{fmt::format("path.{}", name), std::move(message)}});
    return number;
}

parameter_schema uuid_path_parameter(std::string_view name, std::string_view description) {
    return {.name = name,
            .schema = R"({"type":"string","format":"uuid"})",
            .description = description,
            .required = true};
}

parameter_schema integer_path_parameter(std::string_view name, std::string_view description) {
    return {.name = name,
            .schema = R"({"type":"integer","format":"int64","minimum":1})",
            .description = description,
            .required = true};
}

} // namespace breakwater::wire::schema
