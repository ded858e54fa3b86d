#pragma once

#include "api/schema/members.hpp"
#include "api/schema/schema.hpp"
#include "api/schema/value_input.hpp"
#include "api/schema/value_output.hpp"
#include "api/schema/value_schema.hpp"
#include "http/openapi.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Private: the definitions behind schema.hpp, for dto/*.cpp, which describe their structs and instantiate
// what they need:
//
//     BOOST_DESCRIBE_STRUCT(login_request, (), (email, password))              in the struct's namespace
//     template <> struct about<dto::login_request> { … };                      in this one
//     template result<dto::login_request> parse(std::string_view body);

namespace breakwater::api::schema {

using query_pairs = std::vector<std::pair<std::string, std::string>>;

/// `read_json`, its failure turned into `invalid_input` at `body`; refuses what isn't an object.
[[nodiscard]] result<json_document> read_body(std::string_view body);
/// Decoded pairs in order; `invalid_input` at `query` where they don't decode.
[[nodiscard]] result<query_pairs> read_pairs(std::string_view query);
/// The only pair of that name. Several are a complaint.
[[nodiscard]] const std::string* find_pair(const query_pairs& pairs, std::string_view name, complaint& wrong);
/// The failure that names them all; `bad` must not be empty.
[[nodiscard]] std::unexpected<error> refuse(std::string_view place, std::vector<field_error> bad);
void add_complaint(std::vector<field_error>& bad, std::string_view place, std::string_view name,
                   complaint wrong);

template <class T>
[[nodiscard]] complaint read_member(const json_document& from, std::string_view name, T& into) {
    const json_document::member* found = from.find(name);
    if constexpr (is_optional<T>) {
        if (found == nullptr || found->kind == json_kind::null)
            return {};
        return read_json_value(found->kind, from.value(*found), into.emplace());
    } else {
        if (found == nullptr)
            return "Field required.";
        return read_json_value(found->kind, from.value(*found), into);
    }
}

template <class T>
result<T> parse(std::string_view body) {
    result<json_document> document = read_body(body);
    if (!document)
        return pass(std::move(document));
    T into{};
    std::vector<field_error> bad;
    for_each_member<T>([&]<class Descriptor>(Descriptor, const field_note& note) {
        add_complaint(bad, "body", note.name, read_member(*document, note.name, into.*Descriptor::pointer));
    });
    if (!bad.empty())
        return refuse("body", std::move(bad));
    return into;
}

template <class T>
[[nodiscard]] complaint read_parameter(const std::string& from, T& into) {
    if constexpr (is_optional<T>)
        return read_text(from, into.emplace());
    else
        return read_text(from, into);
}

template <class T>
result<T> parse_query(std::string_view query) {
    result<query_pairs> pairs = read_pairs(query);
    if (!pairs)
        return pass(std::move(pairs));
    T into{};
    std::vector<field_error> bad;
    for_each_member<T>([&]<class Descriptor>(Descriptor, const field_note& note) {
        complaint wrong;
        if (const std::string* text = find_pair(*pairs, note.name, wrong))
            wrong = read_parameter(*text, into.*Descriptor::pointer);
        add_complaint(bad, "query", note.name, std::move(wrong));
    });
    if (!bad.empty())
        return refuse("query", std::move(bad));
    return into;
}

template <class T>
void write(std::string& out, const T& value) {
    append_value(out, value);
}

template <class T>
std::vector<http::parameter> query_parameters() {
    static const std::vector<std::string> schemas = [] {
        std::vector<std::string> made;
        const T defaults{};
        for_each_member<T>([&]<class Descriptor>(Descriptor, const field_note&) {
            const auto& value = defaults.*Descriptor::pointer;
            using type = std::remove_cvref_t<decltype(value)>;
            if constexpr (is_optional<type>) {
                made.push_back(schema_of<typename type::value_type>());
            } else {
                std::string json;
                append_value(json, value);
                add_keyword(made.emplace_back(schema_of<type>()), "default", json);
            }
        });
        return made;
    }();
    std::vector<http::parameter> out;
    for_each_member<T>([&](auto, const field_note& note) {
        out.push_back({.name = note.name, .schema = schemas[out.size()], .description = note.description});
    });
    return out;
}

template <described T>
[[nodiscard]] http::component component_of(direction way) {
    return {.name = std::string{about<T>::name},
            .schema = object_schema<T>(way),
            .example = std::string{about<T>::example}};
}

} // namespace breakwater::api::schema
