#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/json_text.hpp"
#include "wire/schema/enum_names.hpp"
#include "wire/schema/fields.hpp"
#include "wire/schema/members.hpp"
#include "wire/schema/value_output.hpp"

#include <concepts>
#include <cstdint>
#include <fmt/format.h>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

// Private: writes a type as JSON Schema (draft 2020-12).

namespace breakwater::wire::schema {

/// The schemas of the types whose bounds are template arguments.
template <class T>
struct bounds {};

template <std::size_t Min, std::size_t Max>
struct bounds<text<Min, Max>> {
    static std::string schema() {
        return fmt::format(R"({{"type":"string","minLength":{},"maxLength":{}}})", Min, Max);
    }
};

template <std::size_t Min, std::size_t Max>
struct bounds<line<Min, Max>> {
    static std::string schema() {
        return fmt::format(
            R"({{"type":"string","minLength":{},"maxLength":{},"pattern":"^[^\\u0000-\\u001f\\u007f]*$"}})",
            Min, Max);
    }
};

template <std::int64_t Min, std::int64_t Max>
struct bounds<integer<Min, Max>> {
    static std::string schema() {
        return fmt::format(R"({{"type":"integer","format":"int64","minimum":{},"maximum":{}}})", Min, Max);
    }
};

template <class T>
concept bounded = requires { bounds<T>::schema(); };

[[nodiscard]] inline std::string reference_to(std::string_view component) {
    return fmt::format(R"({{"$ref":"#/components/schemas/{}"}})", component);
}

template <class... Elements>
[[nodiscard]] std::string one_of(json_array_view<Elements...>);

template <class T>
[[nodiscard]] std::string schema_of() {
    if constexpr (shared<T>) {
        return reference_to(shared_component<T>::name);
    } else if constexpr (described<T>) {
        return reference_to(about<T>::name);
    } else if constexpr (is_optional<T>) {
        return R"({"anyOf":[)" + schema_of<typename T::value_type>() + R"(,{"type":"null"}]})";
    } else if constexpr (is_omittable<T>) {
        return schema_of<typename decltype(T::value)::value_type>();
    } else if constexpr (is_constant<T>) {
        return fmt::format(R"({{"type":"string","const":"{}"}})", text_of(T{}));
    } else if constexpr (is_array_view<T>) {
        return R"({"type":"array","items":)" + one_of(T{}) + "}";
    } else if constexpr (is_vector<T>) {
        return R"({"type":"array","items":)" + schema_of<typename T::value_type>() + "}";
    } else if constexpr (is_array<T>) {
        return fmt::format(R"({{"type":"array","items":{},"minItems":{},"maxItems":{}}})",
                           schema_of<typename T::value_type>(), std::tuple_size_v<T>, std::tuple_size_v<T>);
    } else if constexpr (bounded<T>) {
        return bounds<T>::schema();
    } else if constexpr (named_enum<T>) {
        return R"({"type":"string","enum":[)" + enum_list<T>(",", "\"") + "]}";
    } else if constexpr (std::same_as<T, bool>) {
        return R"({"type":"boolean"})";
    } else if constexpr (std::same_as<T, double>) {
        return R"({"type":"number","format":"double"})";
    } else if constexpr (std::same_as<T, std::int64_t>) {
        return R"({"type":"integer","format":"int64"})";
    } else if constexpr (std::same_as<T, std::string> || std::same_as<T, std::string_view> ||
                         std::same_as<T, json_string_view>) {
        return R"({"type":"string"})";
    } else if constexpr (std::same_as<T, email_address>) {
        return fmt::format(R"({{"type":"string","format":"email","maxLength":{}}})", max_email_length);
    } else if constexpr (std::same_as<T, json_object> || std::same_as<T, json_object_view>) {
        return R"({"type":"object","additionalProperties":true})";
    } else if constexpr (std::same_as<T, json_scalar>) {
        return R"({"type":["string","number","boolean","null"]})";
    } else if constexpr (std::same_as<T, timestamp>) {
        return R"({"type":"string","format":"date-time"})";
    } else {
        static_assert(std::same_as<T, uuid>, "not a type that a described struct may have");
        return R"({"type":"string","format":"uuid"})";
    }
}

template <class... Elements>
std::string one_of(json_array_view<Elements...>) {
    std::string out;
    ((out += (out.empty() ? R"({"oneOf":[)" : ",") + schema_of<Elements>()), ...);
    return out + "]}";
}

/// Adds `,"key":json` to a schema, before its closing brace.
void add_keyword(std::string& schema, std::string_view key, std::string_view json);
void add_description(std::string& schema, std::string_view description);

/// Decides which members are required: in a response every member, in a request those that are not optional.
enum class direction : bool { request, response };

template <documented T>
[[nodiscard]] std::string object_schema(direction way) {
    std::string properties;
    std::string required;
    for_each_note<T>([&]<class Descriptor>(Descriptor, const field_note& note) {
        using type = std::remove_cvref_t<decltype(std::declval<T>().*Descriptor::pointer)>;
        std::string member = schema_of<type>();
        add_description(member, note.description);
        properties += fmt::format(R"({}"{}":{})", properties.empty() ? "" : ",", note.name, member);
        if (!is_omittable<type> && (way == direction::response || !is_optional<type>))
            required += fmt::format(R"({}"{}")", required.empty() ? "" : ",", note.name);
    });
    std::string out = fmt::format(R"({{"type":"object","title":"{}")", about<T>::name);
    out += R"(,"properties":{)" + properties + "}}";
    if (!required.empty())
        add_keyword(out, "required", "[" + required + "]");
    add_description(out, about<T>::description);
    add_keyword(out, "examples", fmt::format("[{}]", about<T>::example));
    return out;
}

} // namespace breakwater::wire::schema
