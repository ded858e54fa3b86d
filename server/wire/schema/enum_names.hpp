#pragma once

#include "domain/alert.hpp"
#include "domain/category.hpp"
#include "domain/change.hpp"
#include "domain/device.hpp"
#include "domain/security_event.hpp"
#include "domain/user.hpp"
#include "domain/webhook.hpp"

#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater::wire::schema {

/// The names of an enum with the values 0 to `count` - 1. Specialise it to use an enum as a field type.
template <class Enum>
struct enum_names;

template <class T>
concept named_enum = requires(T value) {
    { enum_names<T>::text(value) } -> std::convertible_to<std::string_view>;
};

/// For an enum that has a `to_string`; `Last` is its last enumerator.
template <class Enum, Enum Last>
struct printed_enum {
    static constexpr std::size_t count = static_cast<std::size_t>(Last) + 1;
    static std::string_view text(Enum value) noexcept { return to_string(value); }
};

template <>
struct enum_names<role> : printed_enum<role, role::admin> {};

template <>
struct enum_names<category> {
    static constexpr std::size_t count = category_count;
    static std::string_view text(category value) noexcept { return info(value).slug; }
};

template <>
struct enum_names<device_status> : printed_enum<device_status, device_status::blocked> {};

template <>
struct enum_names<block_author> : printed_enum<block_author, block_author::administrator> {};

template <>
struct enum_names<actor_type> : printed_enum<actor_type, actor_type::anonymous> {};

template <>
struct enum_names<event_status> : printed_enum<event_status, event_status::error> {};

template <>
struct enum_names<event_type> : printed_enum<event_type, event_type::retention_release> {};

template <>
struct enum_names<target_type> : printed_enum<target_type, target_type::invitation> {};

template <>
struct enum_names<alert_severity> : printed_enum<alert_severity, alert_severity::critical> {};

template <>
struct enum_names<alert_kind> : printed_enum<alert_kind, alert_kind::security> {};

template <>
struct enum_names<alert_state> : printed_enum<alert_state, alert_state::resolved> {};

template <>
struct enum_names<alert_change> : printed_enum<alert_change, alert_change::resolved> {};

template <>
struct enum_names<device_change> {
    static constexpr std::size_t count = 2;
    static std::string_view text(device_change value) noexcept {
        return value == device_change::created ? "created" : "updated";
    }
};

template <>
struct enum_names<field_test> : printed_enum<field_test, field_test::changes_faster> {};

template <>
struct enum_names<incident_kind> : printed_enum<incident_kind, incident_kind::wrong_device_secrets> {};

template <>
struct enum_names<delivery_state> : printed_enum<delivery_state, delivery_state::dead> {};

template <named_enum Enum>
[[nodiscard]] std::optional<Enum> enum_value(std::string_view text) noexcept {
    for (std::size_t i = 0; i < enum_names<Enum>::count; ++i)
        if (enum_names<Enum>::text(static_cast<Enum>(i)) == text)
            return static_cast<Enum>(i);
    return std::nullopt;
}

/// All names, each between two `quote`s, separated by `separator`.
template <named_enum Enum>
[[nodiscard]] std::string enum_list(std::string_view separator, std::string_view quote = {}) {
    std::string out;
    for (std::size_t i = 0; i < enum_names<Enum>::count; ++i) {
        if (i != 0)
            out += separator;
        out += quote;
        out += enum_names<Enum>::text(static_cast<Enum>(i));
        out += quote;
    }
    return out;
}

} // namespace breakwater::wire::schema
