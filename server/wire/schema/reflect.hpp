#pragma once

#include "base/json_schema.hpp"
#include "wire/schema/members.hpp"
#include "wire/schema/schema.hpp"
#include "wire/schema/value_input.hpp"
#include "wire/schema/value_output.hpp"
#include "wire/schema/value_schema.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Private: the definitions of the templates in schema.hpp. Each *_dto.cpp describes its structs and
// instantiates the templates that it needs:
//
//     BOOST_DESCRIBE_STRUCT(login_request, (), (email, password))              in the struct's namespace
//     template <> struct about<wire::login_request> { … };                      in this namespace
//     template result<wire::login_request> parse(std::string_view body);

namespace breakwater::wire::schema {

/// As `read_json`; `invalid_input` at `body` if the text is not JSON or not an object.
[[nodiscard]] result<json_document> read_body(std::string_view body);
/// The value of the only pair of that name, or null. A repeated name sets `message`.
[[nodiscard]] const std::string* find_pair(const query_pairs& pairs, std::string_view name,
                                           complaint& message);
/// An `invalid_input` error that names every field in `errors`. REQUIRES: `errors` is not empty.
[[nodiscard]] std::unexpected<error> invalid_fields(std::string_view place, std::vector<field_error> errors);
/// Appends an error for the field, unless `message` is empty.
void add_complaint(std::vector<field_error>& errors, std::string_view place, std::string_view name,
                   complaint message);

template <class T>
[[nodiscard]] complaint read_member(const json_document& document, std::string_view name, T& out) {
    const json_document::member* member = document.find(name);
    if constexpr (is_optional<T>) {
        if (member == nullptr || member->kind == json_kind::null)
            return {};
        return read_json_value(member->kind, document.value(*member), out.emplace());
    } else {
        if (member == nullptr)
            return "This field is required.";
        return read_json_value(member->kind, document.value(*member), out);
    }
}

template <class T>
result<T> parse(std::string_view body) {
    result<json_document> document = read_body(body);
    if (!document)
        return pass(std::move(document));
    T out{};
    std::vector<field_error> errors;
    for_each_note<T>([&]<class Descriptor>(Descriptor, const field_note& note) {
        add_complaint(errors, "body", note.name, read_member(*document, note.name, out.*Descriptor::pointer));
    });
    if (!errors.empty())
        return invalid_fields("body", std::move(errors));
    return out;
}

template <class T>
[[nodiscard]] complaint read_parameter(const std::string& input, T& out) {
    if constexpr (is_optional<T>)
        return read_text(input, out.emplace());
    else
        return read_text(input, out);
}

template <class T>
result<T> parse_query(const query_pairs& pairs) {
    T out{};
    std::vector<field_error> errors;
    for_each_note<T>([&]<class Descriptor>(Descriptor, const field_note& note) {
        complaint message;
        if (const std::string* input = find_pair(pairs, note.name, message))
            message = read_parameter(*input, out.*Descriptor::pointer);
        add_complaint(errors, "query", note.name, std::move(message));
    });
    if (!errors.empty())
        return invalid_fields("query", std::move(errors));
    return out;
}

template <class T>
void write(std::string& out, const T& value) {
    append_value(out, value);
}

template <class T>
std::vector<parameter_schema> query_parameters() {
    static const std::vector<std::string> schemas = [] {
        std::vector<std::string> texts;
        const T defaults{};
        for_each_note<T>([&]<class Descriptor>(Descriptor, const field_note&) {
            const auto& value = defaults.*Descriptor::pointer;
            using type = std::remove_cvref_t<decltype(value)>;
            if constexpr (is_optional<type>) {
                texts.push_back(schema_of<typename type::value_type>());
            } else {
                std::string json;
                append_value(json, value);
                add_keyword(texts.emplace_back(schema_of<type>()), "default", json);
            }
        });
        return texts;
    }();
    std::vector<parameter_schema> out;
    for_each_note<T>([&](auto, const field_note& note) {
        out.push_back({.name = note.name, .schema = schemas[out.size()], .description = note.description});
    });
    return out;
}

template <documented T>
[[nodiscard]] named_schema component_of(direction way) {
    return {.name = std::string{about<T>::name},
            .schema = object_schema<T>(way),
            .example = std::string{about<T>::example}};
}

} // namespace breakwater::wire::schema
