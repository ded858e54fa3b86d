#pragma once

#include "alerts/field_watch.hpp"
#include "base/ids.hpp"
#include "domain/alert_rule.hpp"
#include "domain/reading.hpp"

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace breakwater::alerts {

struct field_turn {
    const alert_rule& rule;
    device_id device;
    turn what;
    std::string_view value; ///< what the field said, as it stands in the payload
    timestamp at;
};

/// The rules on fields and what each knows of each device. A reading is asked only about the fields that
/// rules of its device, its category or the fleet name: rules that don't apply cost it nothing. Not for two
/// threads.
class field_rules {
public:
    /// Takes the place of the rules before. A rule that watches the same keeps what it knows. Rules that are
    /// disabled or not about fields are left out. REQUIRES: each passed `check`.
    void replace(const std::vector<alert_rule>& rules);
    /// Calls `tell` for each alert that the reading raised or ended; what it is given is for the call only.
    void take(const reading& arrived, category kind, const std::function<void(const field_turn&)>& tell);
    /// After a restart: the device's alert is still up.
    void restore(rule_id rule, const device_id& device);
    /// A person said that it is over: while it isn't, it is raised anew.
    void settle(rule_id rule, const device_id& device);
    /// The device may be of another category now: what isn't about it any more is over.
    void recheck(const device_id& device, category kind, const std::function<void(const field_turn&)>& tell);
    /// Of a deleted device, or one that begins anew.
    void forget(const device_id& device) { watches_.erase(device); }
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
    using rules_of_path = std::unordered_map<std::string, std::vector<std::shared_ptr<const alert_rule>>,
                                             text_hash, std::equal_to<>>;

    /// Those for a category, and those for all, which stand under each: a field takes one look-up.
    std::array<rules_of_path, category_count> categories_;
    std::unordered_map<device_id, rules_of_path> devices_;
    std::unordered_map<rule_id, std::shared_ptr<const alert_rule>> rules_;
    std::unordered_map<device_id, std::unordered_map<rule_id, field_watch>> watches_;
};

} // namespace breakwater::alerts
