#pragma once

#include "base/clock.hpp"
#include "base/json_text.hpp"
#include "domain/alert_rule.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace breakwater::alerts {

enum class transition : std::uint8_t {
    none,
    raised,
    cleared,
    late, ///< the condition held, but no longer when the server received the readings
};

/// The state of one rule for one device: whether its alert is raised, and since when the condition holds.
/// Uses the steady clock, so that setting the wall clock changes nothing. Not thread-safe.
class field_watch {
public:
    /// Evaluates a value as it stands in the payload, measured at `at`. REQUIRES: `at` is not before
    /// `newest()`. Values that the condition cannot compare (text with a limit) change nothing. The condition
    /// must hold in every reading for `hold` before the alert is raised. The first value that has returned
    /// inside the limit by at least the hysteresis clears it.
    [[nodiscard]] transition evaluate(const field_condition& condition, json_kind kind,
                                      std::string_view value, steady_point at);
    /// Evaluates a value from before the start of the server: raises and clears nothing.
    void replay(const field_condition& condition, json_kind kind, std::string_view value, steady_point at);
    /// Raises the alert when the condition has held for `hold` at `now`.
    [[nodiscard]] transition advance(const field_condition& condition, steady_point now) noexcept;
    [[nodiscard]] bool raised() const noexcept { return raised_; }
    /// The time of the newest evaluated value.
    [[nodiscard]] const std::optional<steady_point>& newest() const noexcept { return newest_; }
    /// When the condition began to hold, if its alert is not raised yet; otherwise empty.
    [[nodiscard]] std::optional<steady_point> holding_since() const noexcept {
        return raised_ ? std::nullopt : true_since_;
    }
    /// Forgets that the condition holds, but not the newest value. If the next value meets the condition, the
    /// alert is raised again. With `carry_over`, a raised alert stays until a value no longer meets the
    /// condition.
    void rearm(bool carry_over) noexcept {
        carried_over_ = carry_over && (raised_ || carried_over_);
        raised_ = false;
        true_since_.reset();
    }
    [[nodiscard]] bool is_carried_over() const noexcept { return carried_over_; }
    /// After a restart: the alert is still raised, by a value measured at `at`.
    void restore(steady_point at) noexcept {
        raised_ = true;
        newest_ = at;
    }

private:
    [[nodiscard]] std::optional<bool> condition_holds(const field_condition& condition, json_kind kind,
                                                      std::string_view value, steady_point at);

    bool raised_ = false;
    bool carried_over_ = false; ///< an alert from before the last `rearm` is still raised
    std::optional<steady_point> newest_{};
    std::optional<steady_point> true_since_{};
    std::optional<double> last_value_{}; ///< for `changes_faster`
};

} // namespace breakwater::alerts
