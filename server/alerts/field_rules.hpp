#pragma once

#include "alerts/field_watch.hpp"
#include "alerts/moment.hpp"
#include "base/ids.hpp"
#include "domain/alert_rule.hpp"
#include "domain/reading.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace breakwater::telemetry {
struct payload_field;
}

namespace breakwater::alerts {

struct field_turn {
    const alert_rule& rule;
    device_id device;
    turn what;
    std::string_view value; ///< what the field said, as it stands in the payload; of `late`: first
    timestamp at;           ///< when that was measured; of `late`: from when on
    timestamp until{};      ///< of `late`: when it was measured to be over, or last to hold
    std::int64_t times = 1; ///< of `late`: how often it held
};

/// The rules on fields and what each knows of each device. A reading is asked only about the fields that
/// rules of its device, its category or the fleet name: rules that don't apply cost it nothing. Not for two
/// threads. Decision 19 says what a late reading does.
class field_rules {
public:
    using tell = std::function<void(const field_turn&)>;

    /// What was measured longer before it came doesn't say how things are now.
    static constexpr std::chrono::hours present_window{1};
    /// What was measured longer before is history: no rule looks at it.
    static constexpr std::chrono::hours late_window{24 * 7};

    /// Takes the place of the rules before. A rule that watches the same keeps what it knows. Rules that are
    /// disabled or not about fields are left out. REQUIRES: each passed `check`.
    void replace(const std::vector<alert_rule>& rules);
    /// What a device sent at once, in any order; it is judged in the order of measuring. For each rule the
    /// newest value of its field decides whether its alert is up. What older ones say, and what held and was
    /// over within `upload`, is told as one `late` turn. Calls `told` at most twice for each rule; what it is
    /// given is for the call only.
    void take(std::span<const reading> upload, category kind, const moment& now, const tell& told);
    /// What a device sent before the program began, oldest first: nothing is told, but it counts for what
    /// comes, and for `pass`.
    void recall(std::span<const reading> before, category kind, const moment& now);
    /// Of all rules; 0: none has one.
    [[nodiscard]] std::chrono::seconds longest_hold() const;
    /// Raises what has held for the time of its rule by now.
    void pass(const moment& now, const tell& told);
    /// After a restart: the device's alert is still up, by a value measured at `at`.
    void restore(rule_id rule, const device_id& device, steady_point at);
    /// A person said that it is over: while it isn't, it is raised anew.
    void settle(rule_id rule, const device_id& device);
    /// The device may be of another category now: what isn't about it any more is over.
    void recheck(const device_id& device, category kind, timestamp now, const tell& told);
    /// The device is let in again: what still holds is raised once more.
    void renew(const device_id& device);
    /// Of a deleted device.
    void forget(const device_id& device);
    [[nodiscard]] bool empty() const noexcept { return rules_.empty(); }
    /// How many devices something is known of.
    [[nodiscard]] std::size_t watched() const noexcept { return watches_.size(); }

private:
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>{}(text);
        }
    };
    using rules_of_field = std::unordered_map<std::string, std::vector<std::shared_ptr<const alert_rule>>,
                                              text_hash, std::equal_to<>>;
    /// A time in which a condition held.
    struct episode {
        std::string value;
        timestamp from;
        timestamp until;
        std::int64_t times = 1;
    };
    /// What an upload does to one rule's alert.
    struct outcome {
        const alert_rule* rule = nullptr;
        bool was_up = false; ///< before the upload
        bool stood = false;  ///< the alert, before its device was let in again
        field_watch past;    ///< of values that decide nothing any more
        std::optional<episode> past_open{};
        std::optional<episode> open{}; ///< began with this upload, and goes on
        std::optional<episode> over{}; ///< all that are over
        timestamp cleared_at{};

        /// `which` is over.
        void close(std::optional<episode>& which, timestamp until);
    };
    struct sample {
        device_id device;
        steady_point at;
        timestamp wall;
        bool in_time;          ///< within `present_window`
        bool recalled = false; ///< from before the program began
    };
    /// A device that sends what it says it measured long before.
    struct lagging {
        timestamp measured; ///< at `arrived`
        timestamp arrived;
        bool wrong_clock = false;
    };
    /// A condition that holds, but not for long enough yet.
    struct waiting {
        std::string value; ///< cut to what a sentence shows
        steady_point due;
    };
    using key = std::pair<device_id, rule_id>;

    /// By how much the device's clock is behind, as far as that is known. `newest`: of what it sent.
    [[nodiscard]] timestamp::duration clock_error_of(const device_id& device, timestamp newest,
                                                     timestamp arrived);

    /// Judges what stands in one reading, of a clock that is behind by `error`.
    void look_at(const reading& one, category kind, timestamp::duration error, const moment& now,
                 bool recalled);
    void judge(const rules_of_field& scope, const telemetry::payload_field& field, const sample& its);
    void judge_present(const alert_rule& rule, const telemetry::payload_field& field, const sample& its,
                       field_watch& watch);
    void judge_past(const alert_rule& rule, const telemetry::payload_field& field, const sample& its,
                    const field_watch& watch);
    void tell_outcomes(const device_id& device, const tell& told);
    /// Notes when time alone raises it, if it does.
    void wait_for(const alert_rule& rule, const device_id& device, const field_watch& watch,
                  std::string_view value);
    void stop_waiting(const device_id& device, rule_id rule);
    void stop_waiting(const device_id& device);

    /// Those for a category, and those for all, which stand under each: a field takes one look-up.
    std::array<rules_of_field, category_count> categories_;
    std::unordered_map<device_id, rules_of_field> devices_;
    std::unordered_map<rule_id, std::shared_ptr<const alert_rule>> rules_;
    std::unordered_map<device_id, std::unordered_map<rule_id, field_watch>> watches_;
    std::unordered_map<device_id, lagging> lagging_;
    std::unordered_map<rule_id, outcome> outcomes_; ///< of the upload that is looked at
    std::unordered_map<device_id, std::unordered_map<rule_id, waiting>> waiting_;
    std::set<std::pair<steady_point, key>> due_; ///< of `waiting_`
};

} // namespace breakwater::alerts
