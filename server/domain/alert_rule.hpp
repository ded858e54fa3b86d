#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "domain/category.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace breakwater {

using rule_id = std::int64_t; ///< from 1 up

enum class alert_severity : std::uint8_t { info, warning, critical };

enum class field_test : std::uint8_t {
    above,
    below,
    outside,
    changes_to,
    changes_faster, ///< up or down, more a minute than the limit
};

/// What the audit log tells of that somebody should look at.
enum class incident_kind : std::uint8_t {
    refused_logins,         ///< from one address
    replayed_refresh_token, ///< of one account
    forged_tokens,          ///< from one address; not what has merely expired or was revoked
    device_flood,           ///< refused readings of one device
    password_spraying,      ///< distinct accounts with a wrong password, wherever it came from
    device_probing,         ///< distinct devices of others that one user tried to reach
    admin_probing,          ///< administrators' calls by one user
    wrong_device_secrets,   ///< from one address
};

/// Whether a rule counts distinct things: who tries the same one again gains nothing, and troubles nobody.
[[nodiscard]] constexpr bool counts_things(incident_kind value) noexcept {
    return value == incident_kind::password_spraying || value == incident_kind::device_probing;
}

/// In the order of the alternatives of `alert_condition`.
enum class alert_kind : std::uint8_t { field, silence, security };

[[nodiscard]] std::string_view to_string(alert_severity value) noexcept;
[[nodiscard]] std::string_view to_string(field_test value) noexcept;
[[nodiscard]] std::string_view to_string(incident_kind value) noexcept;
[[nodiscard]] std::string_view to_string(alert_kind value) noexcept;

/// What a field of a reading must say for an alert.
struct field_condition {
    std::string field{}; ///< its name, as domain/field_name.hpp has it
    field_test test = field_test::above;
    double low = 0;        ///< of `below` and `outside`
    double high = 0;       ///< of `above`, `outside` and, a minute, `changes_faster`
    std::string value{};   ///< of `changes_to`: a JSON string, number, true or false
    double hysteresis = 0; ///< how far back inside of the limit the field must be for the alert to be over
    std::chrono::seconds hold{0}; ///< for how long every reading must say so

    friend bool operator==(const field_condition&, const field_condition&) = default;
};

/// No reading of a device for so many times the interval in which it is to speak: the longest of its
/// category, or what its policy allows, where that is longer.
struct silence_condition {
    std::int64_t intervals = 3;

    friend bool operator==(const silence_condition&, const silence_condition&) = default;
};

/// So many incidents within a time.
struct security_condition {
    incident_kind incident = incident_kind::refused_logins;
    std::int64_t count = 1;
    std::chrono::seconds within{60};

    friend bool operator==(const security_condition&, const security_condition&) = default;
};

using alert_condition = std::variant<field_condition, silence_condition, security_condition>;

/// What is watched, and where: one device, all of a category, or (neither) the whole fleet.
struct alert_rule {
    rule_id id = 0;
    std::string name{};
    alert_severity severity = alert_severity::warning;
    bool enabled = true;
    std::optional<breakwater::category> category{};
    std::optional<device_id> device{};
    alert_condition when{};
    bool quarantine = false;        ///< whether it blocks the device; an administrator lets it in again
    bool owner_may_release = false; ///< or the device's owner
    timestamp created_at{};
    timestamp updated_at{};

    [[nodiscard]] alert_kind kind() const noexcept { return static_cast<alert_kind>(when.index()); }
};

inline constexpr std::size_t max_rule_name_length = 100;  ///< characters
inline constexpr std::size_t max_rule_field_length = 200; ///< bytes
inline constexpr std::size_t max_rule_value_length = 200; ///< bytes
inline constexpr double max_rule_hysteresis = 100;        ///< times the limit
inline constexpr std::chrono::hours max_rule_hold{24};
inline constexpr std::int64_t max_rule_intervals = 1000;
inline constexpr std::int64_t max_rule_incidents = 100'000;
inline constexpr std::int64_t max_rule_things = 1000; ///< where distinct things are counted
inline constexpr std::chrono::hours max_rule_window{24};
inline constexpr std::size_t max_alert_rules = 1000;

/// Whether both raise the same alerts, whatever they are called: what is known of one holds for the other.
[[nodiscard]] bool same_watch(const alert_rule& one, const alert_rule& other) noexcept;

/// `invalid_input` with a sentence that says what can't be meant.
[[nodiscard]] result<void> check(const alert_rule& rule);

} // namespace breakwater
