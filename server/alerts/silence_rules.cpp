#include "alerts/silence_rules.hpp"

namespace breakwater::alerts {

void silence_rules::replace(const std::vector<alert_rule>& rules) {
    fleet_.clear();
    devices_.clear();
    for (limits& each : categories_)
        each.clear();
    std::unordered_map<rule_id, alert_rule> now;
    for (const alert_rule& each : rules) {
        if (!each.enabled || each.kind() != alert_kind::silence)
            continue;
        limits& scope = each.device     ? devices_[*each.device]
                        : each.category ? categories_[std::to_underlying(*each.category)]
                                        : fleet_;
        scope.emplace_back(each.id, std::get<silence_condition>(each.when).intervals);
        now.emplace(each.id, each);
    }
    for (auto& [device, told] : silent_)
        std::erase_if(told, [&](const auto& each) {
            const auto before = rules_.find(each.first);
            const auto after = now.find(each.first);
            return after == now.end() ||
                   (before != rules_.end() && !same_watch(before->second, after->second));
        });
    std::erase_if(silent_, [](const auto& each) { return each.second.empty(); });
    rules_ = std::move(now);
}

void silence_rules::heard(const device_id& device, steady_point now, const tell& told) {
    heard_.insert_or_assign(device, now);
    const auto found = silent_.find(device);
    if (found == silent_.end())
        return;
    for (const auto& [rule, limit] : found->second)
        told({.rule = rules_.at(rule), .device = device, .silent = false, .limit = {}});
    silent_.erase(found);
}

void silence_rules::restore(rule_id rule, const device_id& device) {
    if (rules_.contains(rule))
        silent_[device].emplace(rule, std::nullopt);
}

void silence_rules::settle(rule_id rule, const device_id& device, steady_point now) {
    const auto found = silent_.find(device);
    if (found == silent_.end() || found->second.erase(rule) == 0)
        return;
    if (const auto last = heard_.find(device); last != heard_.end())
        last->second = now;
}

void silence_rules::recheck(const device_id& device, category kind, const tell& told) {
    const auto found = silent_.find(device);
    if (found == silent_.end())
        return;
    std::erase_if(found->second, [&](const auto& each) {
        const alert_rule& rule = rules_.at(each.first);
        if (!rule.category || *rule.category == kind)
            return false;
        told({.rule = rule, .device = device, .silent = false, .limit = {}});
        return true;
    });
}

void silence_rules::begin_anew(steady_point now) {
    for (auto& [device, last] : heard_)
        last = now;
}

void silence_rules::forget(const device_id& device, const tell& told) {
    heard(device, {}, told);
    heard_.erase(device);
}

void silence_rules::look(steady_point now,
                         const std::function<std::optional<rhythm>(const device_id&)>& rhythm_of,
                         const tell& told) {
    if (empty())
        return;
    for (const auto& [device, last] : heard_) {
        const auto expected = rhythm_of(device);
        if (!expected)
            continue;
        const auto silence = now - last;
        look_at(fleet_, device, expected->interval, silence, told);
        look_at(categories_[std::to_underlying(expected->kind)], device, expected->interval, silence, told);
        if (const auto own = devices_.find(device); own != devices_.end())
            look_at(own->second, device, expected->interval, silence, told);
    }
}

void silence_rules::look_at(const limits& scope, const device_id& device, std::chrono::seconds interval,
                            steady_point::duration silence, const tell& told) {
    for (const auto& [rule, intervals] : scope) {
        const std::chrono::seconds limit = intervals * interval;
        std::optional<std::chrono::seconds>* const told_limit = told_limit_of(device, rule);
        if (told_limit == nullptr) {
            if (silence <= limit)
                continue;
            silent_[device].emplace(rule, limit);
            told({.rule = rules_.at(rule), .device = device, .silent = true, .limit = limit});
        } else if (!*told_limit) {
            *told_limit = limit;
        } else if (limit > **told_limit && silence <= limit) {
            silent_[device].erase(rule);
            told({.rule = rules_.at(rule), .device = device, .silent = false, .limit = limit});
        }
    }
}

std::optional<std::chrono::seconds>* silence_rules::told_limit_of(const device_id& device, rule_id rule) {
    const auto rules = silent_.find(device);
    if (rules == silent_.end())
        return nullptr;
    const auto found = rules->second.find(rule);
    return found == rules->second.end() ? nullptr : &found->second;
}

} // namespace breakwater::alerts
