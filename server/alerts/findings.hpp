#pragma once

#include "alerts/field_rules.hpp"
#include "alerts/incident_rules.hpp"
#include "alerts/silence_rules.hpp"
#include "domain/alert.hpp"

namespace breakwater::alerts {

// What the turns of rules come to, with a sentence for people.

[[nodiscard]] alert_finding finding_of(const field_turn& turn);
[[nodiscard]] alert_finding finding_of(const silence_turn& turn, timestamp now);
[[nodiscard]] alert_finding finding_of(const incident_turn& turn, timestamp now);

} // namespace breakwater::alerts
