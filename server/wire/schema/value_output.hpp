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

/// Whether the JSON of a value is a string that needs no escaping.
template <class T>
inline constexpr bool is_plain_text =
    named_enum<T> || is_constant<T> || std::same_as<T, timestamp> || std::same_as<T, uuid>;

/// `,"name":` as one constant, with the opening quote of plain text, so that a member needs only one append
/// before its value.
template <class Descriptor, bool Quote>
inline constexpr auto member_key = [] {
    std::array<char, member_name<Descriptor>.size() + (Quote ? 5 : 4)> key{};
    std::size_t position = 0;
    for (const std::string_view part : {std::string_view{",\""}, member_name<Descriptor>,
                                        Quote ? std::string_view{"\":\""} : std::string_view{"\":"}})
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

/// Without quotes.
template <class T>
    requires is_plain_text<T>
void append_plain_text(std::string& out, const T& value) {
    if constexpr (named_enum<T>)
        out += enum_names<T>::text(value);
    else if constexpr (is_constant<T>)
        out += text_of(value);
    else if constexpr (std::same_as<T, timestamp>)
        append_rfc3339(out, value);
    else
        value.append_to(out);
}

template <class T>
void append_object(std::string& out, const T& value) {
    const std::size_t begin = out.size();
    for_each_member<T>([&]<class Descriptor>(Descriptor) {
        const auto& member = value.*Descriptor::pointer;
        using type = std::remove_cvref_t<decltype(member)>;
        if constexpr (is_omittable<type>)
            if (!member.value)
                return;
        constexpr const auto& key = member_key<Descriptor, is_plain_text<type>>;
        out.append(key.data(), key.size());
        if constexpr (is_plain_text<type>) {
            append_plain_text(out, member);
            out.push_back('"');
        } else {
            append_value(out, member);
        }
    });
    if (out.size() == begin)
        out.push_back('{');
    else
        out[begin] = '{'; // replaces the comma of the first key
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
    } else {
        static_assert(is_plain_text<T>, "not a type that a response may have");
        out.push_back('"');
        append_plain_text(out, value);
        out.push_back('"');
    }
}

} // namespace breakwater::wire::schema
