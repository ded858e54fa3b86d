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
    changes_faster, ///< up or down, per minute, by more than the limit
};

/// Incidents in the audit log that need attention.
enum class incident_kind : std::uint8_t {
    refused_logins,         ///< from one address
    replayed_refresh_token, ///< of one account
    forged_tokens,          ///< from one address; expired and revoked tokens do not count
    device_flood,           ///< refused readings of one device
    password_spraying,      ///< distinct accounts with a wrong password, from any address
    device_probing,         ///< distinct devices of other users that one user tried to access
    admin_probing,          ///< calls by one user that only administrators may make
    wrong_device_secrets,   ///< from one address
};

/// Whether a rule counts distinct accounts or devices: repeating the same one does not count again.
[[nodiscard]] constexpr bool counts_distinct_subjects(incident_kind value) noexcept {
    return value == incident_kind::password_spraying || value == incident_kind::device_probing;
}

/// Same order as the alternatives of `alert_condition`.
enum class alert_kind : std::uint8_t { field, silence, security };

[[nodiscard]] std::string_view to_string(alert_severity value) noexcept;
[[nodiscard]] std::string_view to_string(field_test value) noexcept;
[[nodiscard]] std::string_view to_string(incident_kind value) noexcept;
[[nodiscard]] std::string_view to_string(alert_kind value) noexcept;

/// Holds if a field of a reading meets a test.
struct field_condition {
    std::string field{}; ///< its name (domain/field_name.hpp)
    field_test test = field_test::above;
    double low = 0;               ///< for `below` and `outside`
    double high = 0;              ///< for `above`, `outside` and, per minute, `changes_faster`
    std::string value{};          ///< for `changes_to`: a JSON string, number, true or false
    double hysteresis = 0;        ///< how far back inside the limit the field must be to clear the condition
    std::chrono::seconds hold{0}; ///< how long every reading must meet the test

    friend bool operator==(const field_condition&, const field_condition&) = default;
};

/// Holds if a device sends no reading for `intervals` times its expected interval. That is the maximum
/// interval of its category, or the minimum interval of its policy if that is longer.
struct silence_condition {
    std::int64_t intervals = 3;

    friend bool operator==(const silence_condition&, const silence_condition&) = default;
};

/// Holds if `count` incidents occur within a time window.
struct security_condition {
    incident_kind incident = incident_kind::refused_logins;
    std::int64_t count = 1;
    std::chrono::seconds within{60};

    friend bool operator==(const security_condition&, const security_condition&) = default;
};

using alert_condition = std::variant<field_condition, silence_condition, security_condition>;

/// A condition and its scope: one device, all devices of a category, or (neither) the whole fleet.
struct alert_rule {
    rule_id id = 0;
    std::string name{};
    alert_severity severity = alert_severity::warning;
    bool enabled = true;
    std::optional<breakwater::category> category{};
    std::optional<device_id> device{};
    alert_condition when{};
    bool quarantine = false;        ///< blocks the device; an administrator may release it
    bool owner_may_release = false; ///< the device's owner may release it too
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
inline constexpr std::int64_t max_rule_distinct_count = 1000; ///< see `counts_distinct_subjects`
inline constexpr std::chrono::hours max_rule_window{24};
inline constexpr std::size_t max_alert_rules = 1000;

/// Whether both rules raise the same alerts, so that the evaluation state of one is valid for the other.
/// Ignores the name and the severity.
[[nodiscard]] bool raises_same_alerts(const alert_rule& one, const alert_rule& other) noexcept;

/// `invalid_input` with a sentence if the rule is not valid.
[[nodiscard]] result<void> check(const alert_rule& rule);

} // namespace breakwater
