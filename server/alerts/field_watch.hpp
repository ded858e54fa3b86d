#pragma once

#include "base/clock.hpp"
#include "base/json_text.hpp"
#include "domain/alert_rule.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace breakwater::alerts {

enum class turn : std::uint8_t {
    none,
    raised,
    cleared,
    late, ///< it held and was over before anybody heard of it
};

/// What one rule knows of one device: whether its alert is up, and since when the readings speak for it. Goes
/// by the steady clock, so that a wall clock that is set changes nothing. Not for two threads.
class field_watch {
public:
    /// What the field says, as it stands in the payload, measured at `at`. REQUIRES: `at` isn't before
    /// `newest()`. Values of a kind that the rule can't compare (a text with a limit) change nothing. A
    /// condition must hold in every reading for `hold` before the alert is raised, and is over at the first
    /// that is back by the hysteresis.
    [[nodiscard]] turn take(const field_condition& rule, json_kind kind, std::string_view value,
                            steady_point at);
    /// What the field said before the program began: raises and clears nothing.
    void recall(const field_condition& rule, json_kind kind, std::string_view value, steady_point at);
    /// Time passed: raises what has held for `hold` by `now`.
    [[nodiscard]] turn pass(const field_condition& rule, steady_point now) noexcept;
    [[nodiscard]] bool raised() const noexcept { return raised_; }
    /// When the value that decided was measured.
    [[nodiscard]] const std::optional<steady_point>& newest() const noexcept { return newest_; }
    /// Where the condition holds, but not for long enough yet: since when.
    [[nodiscard]] std::optional<steady_point> holding_since() const noexcept {
        return raised_ ? std::nullopt : true_since_;
    }
    /// Begins anew, but for what it heard: what still holds is raised once more. `stands`: its alert may
    /// still be up, and is cleared by the first reading that is back.
    void renew(bool stands) noexcept {
        stands_ = stands && (raised_ || stands_);
        raised_ = false;
        true_since_.reset();
    }
    [[nodiscard]] bool stands() const noexcept { return stands_; }
    /// After a restart: the alert is still up, by a value measured at `at`.
    void restore(steady_point at) noexcept {
        raised_ = true;
        newest_ = at;
    }

private:
    [[nodiscard]] std::optional<bool> judge(const field_condition& rule, json_kind kind,
                                            std::string_view value, steady_point at);

    bool raised_ = false;
    bool stands_ = false; ///< an alert from before it began anew
    std::optional<steady_point> newest_{};
    std::optional<steady_point> true_since_{};
    std::optional<double> last_{}; ///< for the rate
};

} // namespace breakwater::alerts
