#pragma once

#include "api/schema/fields.hpp"

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

// Private: what reflect.hpp is built from. Expensive to include.

namespace breakwater::api::schema {

/// What the documentation tells of a member.
struct field_note {
    std::string_view name;
    std::string_view description;
};

/// What the documentation tells of a described struct; specialised beside its description, with
///   name         of the component (`RegisterRequest`)
///   description  a sentence
///   example      JSON text
///   notes        a std::array of field_note: every member, in order
/// A query struct has only `notes`.
template <class T>
struct about;

template <class T>
concept described = requires { sizeof(about<T>); };

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
inline constexpr bool is_integer = false;
template <std::int64_t Min, std::int64_t Max>
inline constexpr bool is_integer<integer<Min, Max>> = true;

struct any_value {
    template <class T>
    operator T() const noexcept; // never defined: only asked whether it could be
};

/// How many members the struct has, described or not.
template <class T, class... Values>
consteval std::size_t member_count() {
    if constexpr (requires { T{Values{}..., any_value{}}; })
        return member_count<T, Values..., any_value>();
    else
        return sizeof...(Values);
}

/// A member that is declared but not described would be left out silently, and a note under a wrong name
/// would mislead.
template <class T>
consteval bool completely_described() {
    if (boost::mp11::mp_size<members_of<T>>::value != member_count<T>())
        return false;
    if (about<T>::notes.size() != member_count<T>())
        return false;
    std::size_t i = 0;
    bool same = true;
    boost::mp11::mp_for_each<members_of<T>>([&]<class Descriptor>(Descriptor) {
        same = same && about<T>::notes[i++].name == member_name<Descriptor>;
    });
    return same;
}

/// Calls `visit(descriptor, note)` for each member in order.
template <class T, class Visitor>
constexpr void for_each_member(Visitor&& visit) {
    static_assert(completely_described<T>(),
                  "BOOST_DESCRIBE_STRUCT and about<T>::notes must list every member, in order");
    std::size_t i = 0;
    boost::mp11::mp_for_each<members_of<T>>(
        [&](auto descriptor) { visit(descriptor, about<T>::notes[i++]); });
}

} // namespace breakwater::api::schema
