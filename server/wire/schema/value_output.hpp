#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/json_text.hpp"
#include "base/time.hpp"
#include "wire/schema/enum_names.hpp"
#include "wire/schema/fields.hpp"
#include "wire/schema/members.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

// Private: writes a value as JSON.

namespace breakwater::wire::schema {

inline void append_integer(std::string& out, std::int64_t value) {
    char digits[std::numeric_limits<std::int64_t>::digits10 + 2];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

/// The shortest text that parses to the same number. JSON cannot express infinity or NaN: they become null.
inline void append_double(std::string& out, double value) {
    if (!std::isfinite(value)) {
        out += "null";
        return;
    }
    char digits[32];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

/// `,"name":` as one constant, so that a member needs only one append before its value.
template <class Descriptor>
inline constexpr auto member_key = [] {
    std::array<char, member_name<Descriptor>.size() + 4> key{};
    std::size_t position = 0;
    for (const std::string_view part :
         {std::string_view{",\""}, member_name<Descriptor>, std::string_view{"\":"}})
        for (const char c : part)
            key[position++] = c;
    return key;
}();

template <fixed_text Text>
[[nodiscard]] constexpr std::string_view text_of(constant<Text>) noexcept {
    return Text.view();
}

template <class T>
void append_value(std::string& out, const T& value);

template <class Range>
void append_array(std::string& out, const Range& values) {
    out.push_back('[');
    bool first = true;
    for (const auto& value : values) {
        if (!first)
            out.push_back(',');
        first = false;
        append_value(out, value);
    }
    out.push_back(']');
}

template <class T>
void append_object(std::string& out, const T& value) {
    out.push_back('{');
    bool first = true;
    for_each_member<T>([&]<class Descriptor>(Descriptor) {
        const auto& member = value.*Descriptor::pointer;
        if constexpr (is_omittable<std::remove_cvref_t<decltype(member)>>)
            if (!member.value)
                return;
        const auto& key = member_key<Descriptor>;
        out.append(key.data() + (first ? 1 : 0), key.size() - (first ? 1 : 0));
        first = false;
        append_value(out, member);
    });
    out.push_back('}');
}

template <class T>
void append_value(std::string& out, const T& value) {
    if constexpr (shared<T>) {
        shared_component<T>::append(out, value);
    } else if constexpr (described<T>) {
        append_object(out, value);
    } else if constexpr (is_optional<T>) {
        if (value)
            append_value(out, *value);
        else
            out += "null";
    } else if constexpr (is_omittable<T>) {
        append_value(out, *value.value); // append_object leaves out an empty one
    } else if constexpr (is_constant<T>) {
        out.push_back('"');
        out += text_of(value);
        out.push_back('"');
    } else if constexpr (is_array_view<T>) {
        out.push_back('[');
        out += value.elements;
        out.push_back(']');
    } else if constexpr (std::same_as<T, json_string_view>) {
        out += value.token;
    } else if constexpr (is_vector<T> || is_array<T>) {
        append_array(out, value);
    } else if constexpr (std::same_as<T, bool>) {
        out += value ? "true" : "false";
    } else if constexpr (std::same_as<T, std::int64_t>) {
        append_integer(out, value);
    } else if constexpr (std::same_as<T, double>) {
        append_double(out, value);
    } else if constexpr (is_integer<T>) {
        append_integer(out, value.value);
    } else if constexpr (std::same_as<T, std::string> || std::same_as<T, std::string_view>) {
        append_json_string(out, value);
    } else if constexpr (std::same_as<T, json_object> || std::same_as<T, json_object_view> ||
                         std::same_as<T, json_scalar>) {
        out += value.text;
    } else if constexpr (named_enum<T>) {
        out.push_back('"');
        out += enum_names<T>::text(value); // identifiers, which need no escaping
        out.push_back('"');
    } else if constexpr (std::same_as<T, timestamp>) {
        out.push_back('"');
        append_rfc3339(out, value);
        out.push_back('"');
    } else {
        static_assert(std::same_as<T, uuid>, "not a type that a response may have");
        out.push_back('"');
        value.append_to(out);
        out.push_back('"');
    }
}

} // namespace breakwater::wire::schema
