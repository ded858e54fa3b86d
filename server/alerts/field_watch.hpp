#pragma once

#include "base/clock.hpp"
#include "base/json_text.hpp"
#include "domain/alert_rule.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace breakwater::alerts {

enum class turn : std::uint8_t { none, raised, cleared };

/// What one rule knows of one device: whether its alert is up, and since when the readings speak for it. Not
/// for two threads.
class field_watch {
public:
    /// What the field says now, as it stands in the payload, taken at `at`. What isn't later than what was
    /// heard before changes nothing; of a kind that the rule can't compare (a text with a limit), neither. A
    /// condition must hold in every reading for `hold` before the alert is raised, and is over at the first
    /// that is back by the hysteresis.
    [[nodiscard]] turn take(const field_condition& rule, json_kind kind, std::string_view value,
                            timestamp at);
    [[nodiscard]] bool raised() const noexcept { return raised_; }
    /// After a restart: the alert is still up.
    void restore() noexcept { raised_ = true; }

private:
    [[nodiscard]] std::optional<bool> judge(const field_condition& rule, json_kind kind,
                                            std::string_view value, timestamp at);

    bool raised_ = false;
    std::optional<timestamp> heard_{};
    std::optional<timestamp> true_since_{};
    std::optional<double> last_{}; ///< for the rate
};

} // namespace breakwater::alerts
