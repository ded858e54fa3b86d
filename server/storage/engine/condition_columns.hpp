#pragma once

#include "base/overloaded.hpp"
#include "domain/alert_rule.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace breakwater::storage::engine {

/// The values of the columns of an alert rule's condition; views into the rule.
struct condition_columns {
    std::optional<std::string_view> field{};
    std::optional<std::int64_t> test{};
    std::optional<double> low{};
    std::optional<double> high{};
    std::optional<std::string_view> value{};
    std::optional<double> hysteresis{};
    std::optional<std::int64_t> hold{};
    std::optional<std::int64_t> intervals{};
    std::optional<std::int64_t> incident{};
    std::optional<std::int64_t> count{};
    std::optional<std::int64_t> within{};
};

[[nodiscard]] inline condition_columns columns_of(const alert_condition& when) {
    return std::visit(
        overloaded{[](const field_condition& condition) {
                       return condition_columns{.field = condition.field,
                                                .test = static_cast<std::int64_t>(condition.test),
                                                .low = condition.low,
                                                .high = condition.high,
                                                .value = condition.value,
                                                .hysteresis = condition.hysteresis,
                                                .hold = condition.hold.count()};
                   },
                   [](const silence_condition& condition) {
                       return condition_columns{.intervals = condition.intervals};
                   },
                   [](const security_condition& condition) {
                       return condition_columns{.incident = static_cast<std::int64_t>(condition.incident),
                                                .count = condition.count,
                                                .within = condition.within.count()};
                   }},
        when);
}

} // namespace breakwater::storage::engine
