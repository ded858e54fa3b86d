#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/alert_rule.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater {

using alert_id = std::int64_t; ///< from 1 up

/// Somebody has to look; somebody does; it is over.
enum class alert_state : std::uint8_t { open, acknowledged, resolved };

[[nodiscard]] std::string_view to_string(alert_state value) noexcept;

/// That a rule's condition holds, or held. While it isn't resolved there is one at a time of a rule, a device
/// and a subject.
struct alert {
    alert_id id = 0; ///< given by the store
    /// Nothing: the rule is gone. What it was called, and how it was told, stays.
    std::optional<rule_id> rule{};
    std::string rule_name{};
    alert_kind kind = alert_kind::field;
    alert_severity severity = alert_severity::warning;
    std::optional<device_id> device{}; ///< none: of the server itself, for administrators alone
    std::string device_name{};         ///< as it is now, or was last; set by the store
    bool device_gone = false;          ///< it was deleted: for administrators alone; set by the store
    user_id owner = 0;                 ///< of the device; set by the store
    std::string subject{};             ///< what it is about: a field, an address, an account
    std::string summary{};             ///< a sentence
    alert_state state = alert_state::open;
    std::int64_t count = 1; ///< how often it was raised, or how many incidents it stands for
    bool quarantined = false;
    /// It was over before anybody heard of it: the readings that tell of it came late. `raised_at` and
    /// `resolved_at` are when they were measured.
    bool late = false;
    bool simulated = false; ///< what raised it was made up; it never quarantines
    timestamp raised_at{};
    timestamp last_raised_at{};
    std::optional<timestamp> acknowledged_at{};
    std::string acknowledged_by{}; ///< an e-mail address
    std::optional<timestamp> resolved_at{};
    std::string resolved_by{}; ///< empty with `resolved_at`: it was over by itself
    std::string note{};        ///< of who acknowledged or resolved it
};

inline constexpr std::size_t max_alert_subject_length = 256; ///< bytes
inline constexpr std::size_t max_alert_note_length = 500;    ///< characters

enum class alert_change : std::uint8_t {
    raised,
    updated, ///< raised again, or acknowledged
    resolved,
};

[[nodiscard]] std::string_view to_string(alert_change value) noexcept;

/// The subject of the alert that stands for all that were too many at once.
inline constexpr std::string_view further_alerts = "further devices";

/// What the watching of a rule comes to: its condition holds now, or no longer.
struct alert_finding {
    rule_id rule = 0;
    /// The rule as it was watched: where it is another by now, nothing is raised. Not needed where it is
    /// over.
    std::optional<alert_rule> watched{};
    std::optional<device_id> device{};
    std::string subject{};
    bool over = false;
    std::string summary{};  ///< a sentence; empty where it is over
    std::int64_t count = 1; ///< incidents
    timestamp at{};
    /// Its condition held from `at` until then, and nobody heard of it in time.
    std::optional<timestamp> late_until{};
    bool put_off = false;   ///< it was found before, when there were too many
    bool simulated = false; ///< found in what the simulator says
};

/// Whether both are of the same rule, device and subject.
[[nodiscard]] inline bool same_alert(const alert_finding& one, const alert_finding& other) noexcept {
    return one.rule == other.rule && one.device == other.device && one.subject == other.subject;
}

} // namespace breakwater
