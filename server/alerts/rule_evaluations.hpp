#pragma once

#include "alerts/field_rules.hpp"
#include "alerts/incident_rules.hpp"
#include "alerts/silence_rules.hpp"
#include "domain/alert.hpp"

namespace breakwater::alerts {

// Converts the transitions of rules to evaluations for the alert service, with a summary for people.

[[nodiscard]] rule_evaluation evaluation_of(const field_transition& transition);
[[nodiscard]] rule_evaluation evaluation_of(const silence_transition& transition, timestamp now);
[[nodiscard]] rule_evaluation evaluation_of(const incident_transition& transition, timestamp now);

} // namespace breakwater::alerts
