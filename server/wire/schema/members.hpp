#pragma once

#include "wire/schema/fields.hpp"
#include "wire/schema/schema.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>
#include <boost/mp11/list.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <vector>

// Private: the reflection behind reflect.hpp. Expensive to include.

namespace breakwater::wire::schema {

/// The description of a member in the OpenAPI document.
struct field_note {
    std::string_view name;
    std::string_view description;
};

/// The documentation of a described struct. Specialise it next to BOOST_DESCRIBE_STRUCT, with
///   name         of the component (`RegisterRequest`)
///   description  a sentence
///   example      JSON text
///   notes        a std::array of field_note: every member, in order
/// A query struct has only `notes`.
template <class T>
struct about;

template <class T>
concept described = boost::describe::has_describe_members<T>::value;

/// Described, and part of a document. A struct of which no document speaks needs no `about`.
template <class T>
concept documented = described<T> && requires { sizeof(about<T>); };

template <class T>
concept shared = requires { shared_component<T>::name; };

template <class T>
using members_of = boost::describe::describe_members<T, boost::describe::mod_public>;

template <class Descriptor>
inline constexpr std::string_view member_name{Descriptor::name};

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

template <class T>
inline constexpr bool is_array = false;
template <class T, std::size_t N>
inline constexpr bool is_array<std::array<T, N>> = true;

template <class T>
inline constexpr bool is_omittable = false;
template <class T>
inline constexpr bool is_omittable<omittable<T>> = true;

template <class T>
inline constexpr bool is_constant = false;
template <fixed_text Text>
inline constexpr bool is_constant<constant<Text>> = true;

template <class T>
inline constexpr bool is_array_view = false;
template <class... Elements>
inline constexpr bool is_array_view<json_array_view<Elements...>> = true;

template <class T>
inline constexpr bool is_integer = false;
template <std::int64_t Min, std::int64_t Max>
inline constexpr bool is_integer<integer<Min, Max>> = true;

struct any_value {
    template <class T>
    operator T() const noexcept; // not defined: only unevaluated expressions use it
};

/// The number of members of the struct, described or not.
template <class T, class... Values>
consteval std::size_t member_count() {
    if constexpr (requires { T{Values{}..., any_value{}}; })
        return member_count<T, Values..., any_value>();
    else
        return sizeof...(Values);
}

/// Whether the description and the notes, if there are any, list every member, in order. Otherwise the API
/// would silently leave out a member, or document it under another name.
template <class T>
consteval bool completely_described() {
    if (boost::mp11::mp_size<members_of<T>>::value != member_count<T>())
        return false;
    bool complete = true;
    if constexpr (documented<T>) {
        if (about<T>::notes.size() != member_count<T>())
            return false;
        std::size_t i = 0;
        boost::mp11::mp_for_each<members_of<T>>([&]<class Descriptor>(Descriptor) {
            complete = complete && about<T>::notes[i++].name == member_name<Descriptor>;
        });
    }
    return complete;
}

/// Calls `visit(descriptor)` for each member, in order.
template <class T, class Visitor>
constexpr void for_each_member(Visitor&& visit) {
    static_assert(completely_described<T>(),
                  "BOOST_DESCRIBE_STRUCT and about<T>::notes must list every member, in order");
    boost::mp11::mp_for_each<members_of<T>>(visit);
}

/// Calls `visit(descriptor, note)` for each member, in order.
template <documented T, class Visitor>
constexpr void for_each_note(Visitor&& visit) {
    std::size_t i = 0;
    for_each_member<T>([&](auto descriptor) { visit(descriptor, about<T>::notes[i++]); });
}

} // namespace breakwater::wire::schema
