#include "alerts/field_rules.hpp"

#include "telemetry/payload_fields.hpp"

#include <algorithm>
#include <utility>

namespace breakwater::alerts {

namespace {

/// `metrics.temperature_c` as a payload's walk spells it: `"metrics""temperature_c"`.
std::string path_of(std::string_view field) {
    std::string out;
    for (;;) {
        const auto dot = field.find('.');
        append_json_string(out, field.substr(0, dot));
        if (dot == std::string_view::npos)
            return out;
        field.remove_prefix(dot + 1);
    }
}

const field_condition& condition_of(const alert_rule& rule) {
    return std::get<field_condition>(rule.when);
}

} // namespace

void field_rules::replace(const std::vector<alert_rule>& rules) {
    std::unordered_map<rule_id, std::shared_ptr<const alert_rule>> now;
    devices_.clear();
    for (rules_of_path& each : categories_)
        each.clear();
    for (const alert_rule& each : rules) {
        if (!each.enabled || each.kind() != alert_kind::field)
            continue;
        const auto rule = std::make_shared<const alert_rule>(each);
        const std::string path = path_of(condition_of(*rule).field);
        if (rule->device)
            devices_[*rule->device][path].push_back(rule);
        else if (rule->category)
            categories_[std::to_underlying(*rule->category)][path].push_back(rule);
        else
            for (rules_of_path& each_category : categories_)
                each_category[path].push_back(rule);
        now.emplace(rule->id, rule);
    }
    const auto is_stale = [&](const auto& known) {
        const auto found = now.find(known.first);
        return found == now.end() || !same_watch(*found->second, *rules_.at(known.first));
    };
    for (auto& [device, known] : watches_)
        std::erase_if(known, is_stale);
    std::erase_if(watches_, [](const auto& each) { return each.second.empty(); });
    rules_ = std::move(now);
}

void field_rules::restore(rule_id rule, const device_id& device) {
    if (rules_.contains(rule))
        watches_[device][rule].restore();
}

void field_rules::settle(rule_id rule, const device_id& device) {
    if (const auto found = watches_.find(device); found != watches_.end())
        found->second.erase(rule);
}

void field_rules::recheck(const device_id& device, category kind,
                          const std::function<void(const field_turn&)>& tell) {
    const auto found = watches_.find(device);
    if (found == watches_.end())
        return;
    std::erase_if(found->second, [&](const auto& known) {
        const alert_rule& rule = *rules_.at(known.first);
        if (!rule.category || *rule.category == kind)
            return false;
        if (known.second.raised())
            tell({rule, device, turn::cleared, {}, {}});
        return true;
    });
}

void field_rules::take(const reading& arrived, category kind,
                       const std::function<void(const field_turn&)>& tell) {
    const rules_of_path& of_category = categories_[std::to_underlying(kind)];
    const auto own = devices_.find(arrived.device_id);
    if (of_category.empty() && own == devices_.end())
        return;
    // By the server's clock: the device's may be wrong, or made to look so.
    const timestamp at = arrived.received_at;
    const auto judge = [&](const rules_of_path& scope, const telemetry::payload_field& field) {
        const auto found = scope.find(field.path);
        if (found == scope.end())
            return;
        for (const auto& rule : found->second) {
            const turn what =
                watches_[arrived.device_id][rule->id].take(condition_of(*rule), field.kind, field.value, at);
            if (what != turn::none)
                tell({*rule, arrived.device_id, what, field.value, at});
        }
    };
    telemetry::for_each_field(arrived.payload, [&](const telemetry::payload_field& field) {
        judge(of_category, field);
        if (own != devices_.end())
            judge(own->second, field);
    });
}

} // namespace breakwater::alerts
