#include "alerts/silence_rules.hpp"

namespace breakwater::alerts {

void silence_rules::replace(const std::vector<alert_rule>& rules) {
    fleet_.clear();
    devices_.clear();
    for (rule_intervals& intervals : categories_)
        intervals.clear();
    std::unordered_map<rule_id, alert_rule> new_rules;
    for (const alert_rule& rule : rules) {
        if (!rule.enabled || rule.kind() != alert_kind::silence)
            continue;
        rule_intervals& scope = rule.device     ? devices_[*rule.device]
                                : rule.category ? categories_[std::to_underlying(*rule.category)]
                                                : fleet_;
        scope.emplace_back(rule.id, std::get<silence_condition>(rule.when).intervals);
        new_rules.emplace(rule.id, rule);
    }
    for (auto& [device, raised] : silent_)
        std::erase_if(raised, [&](const auto& entry) {
            const auto old_rule = rules_.find(entry.first);
            const auto new_rule = new_rules.find(entry.first);
            return new_rule == new_rules.end() ||
                   (old_rule != rules_.end() && !raises_same_alerts(old_rule->second, new_rule->second));
        });
    std::erase_if(silent_, [](const auto& entry) { return entry.second.empty(); });
    rules_ = std::move(new_rules);
}

void silence_rules::record_reading(const device_id& device, steady_point now,
                                   const transition_handler& on_transition) {
    last_seen_.insert_or_assign(device, now);
    const auto position = silent_.find(device);
    if (position == silent_.end())
        return;
    for (const auto& [rule, limit] : position->second)
        on_transition({.rule = rules_.at(rule), .device = device, .silent = false, .limit = {}});
    silent_.erase(position);
}

void silence_rules::restore(rule_id rule, const device_id& device) {
    if (rules_.contains(rule))
        silent_[device].emplace(rule, std::nullopt);
}

void silence_rules::resolve(rule_id rule, const device_id& device, steady_point now) {
    const auto position = silent_.find(device);
    if (position == silent_.end() || position->second.erase(rule) == 0)
        return;
    if (const auto last = last_seen_.find(device); last != last_seen_.end())
        last->second = now;
}

void silence_rules::recheck(const device_id& device, category kind, const transition_handler& on_transition) {
    const auto position = silent_.find(device);
    if (position == silent_.end())
        return;
    std::erase_if(position->second, [&](const auto& entry) {
        const alert_rule& rule = rules_.at(entry.first);
        if (!rule.category || *rule.category == kind)
            return false;
        on_transition({.rule = rule, .device = device, .silent = false, .limit = {}});
        return true;
    });
}

void silence_rules::restart_timers(steady_point now) {
    for (auto& [device, last] : last_seen_)
        last = now;
}

void silence_rules::forget(const device_id& device, const transition_handler& on_transition) {
    record_reading(device, {}, on_transition);
    last_seen_.erase(device);
}

void silence_rules::check(steady_point now,
                          const std::function<std::optional<schedule>(const device_id&)>& schedule_of,
                          const transition_handler& on_transition) {
    if (empty())
        return;
    for (const auto& [device, last] : last_seen_) {
        const auto expected = schedule_of(device);
        if (!expected)
            continue;
        const auto silence = now - last;
        check_scope(fleet_, device, expected->interval, silence, on_transition);
        check_scope(categories_[std::to_underlying(expected->kind)], device, expected->interval, silence,
                    on_transition);
        if (const auto device_rules = devices_.find(device); device_rules != devices_.end())
            check_scope(device_rules->second, device, expected->interval, silence, on_transition);
    }
}

void silence_rules::check_scope(const rule_intervals& scope, const device_id& device,
                                std::chrono::seconds interval, steady_point::duration silence,
                                const transition_handler& on_transition) {
    for (const auto& [rule, intervals] : scope) {
        const std::chrono::seconds limit = intervals * interval;
        std::optional<std::chrono::seconds>* const raised_limit = raised_limit_of(device, rule);
        if (raised_limit == nullptr) {
            if (silence <= limit)
                continue;
            silent_[device].emplace(rule, limit);
            on_transition({.rule = rules_.at(rule), .device = device, .silent = true, .limit = limit});
        } else if (!*raised_limit) {
            *raised_limit = limit;
        } else if (limit > **raised_limit && silence <= limit) {
            silent_[device].erase(rule);
            on_transition({.rule = rules_.at(rule), .device = device, .silent = false, .limit = limit});
        }
    }
}

std::optional<std::chrono::seconds>* silence_rules::raised_limit_of(const device_id& device, rule_id rule) {
    const auto rules = silent_.find(device);
    if (rules == silent_.end())
        return nullptr;
    const auto position = rules->second.find(rule);
    return position == rules->second.end() ? nullptr : &position->second;
}

} // namespace breakwater::alerts
