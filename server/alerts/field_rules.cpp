#include "alerts/field_rules.hpp"

#include <algorithm>
#include <utility>

namespace breakwater::alerts {

namespace {

/// Bytes of a value that are kept; a summary shows fewer.
constexpr std::size_t max_pending_value = 128;

/// When the reading was measured; a clock that is ahead never gives a time after the arrival.
timestamp time_of(const reading& reading) {
    return std::min(measured_at(reading), reading.received_at);
}

const field_condition& condition_of(const alert_rule& rule) {
    return std::get<field_condition>(rule.when);
}

} // namespace

void field_rules::rules_of_scope::add(const std::shared_ptr<const alert_rule>& rule,
                                      const std::string& field) {
    rules[field].push_back(rule);
    fields.add(field);
}

template <class Predicate>
void field_rules::drop_watches(const device_id& device, watches_of_device& watches, Predicate is_dropped) {
    for (auto entry = watches.begin(); entry != watches.end();) {
        if (!is_dropped(*entry)) {
            ++entry;
            continue;
        }
        unschedule(device, entry->first);
        entry = watches.erase(entry);
    }
}

void field_rules::replace(const std::vector<alert_rule>& rules) {
    std::unordered_map<rule_id, std::shared_ptr<const alert_rule>> new_rules;
    devices_.clear();
    categories_ = {};
    for (const alert_rule& stored : rules) {
        if (!stored.enabled || stored.kind() != alert_kind::field)
            continue;
        const auto rule = std::make_shared<const alert_rule>(stored);
        const std::string& field = condition_of(*rule).field;
        if (rule->device)
            devices_[*rule->device].add(rule, field);
        else if (rule->category)
            categories_[std::to_underlying(*rule->category)].add(rule, field);
        else
            for (rules_of_scope& category_rules : categories_)
                category_rules.add(rule, field);
        new_rules.emplace(rule->id, rule);
    }
    const auto is_stale = [&](const auto& entry) {
        const auto new_rule = new_rules.find(entry.first);
        return new_rule == new_rules.end() || !raises_same_alerts(*new_rule->second, *rules_.at(entry.first));
    };
    for (auto& [device, watches] : watches_)
        drop_watches(device, watches, is_stale);
    std::erase_if(watches_, [](const auto& entry) { return entry.second.empty(); });
    rules_ = std::move(new_rules);
}

void field_rules::restore(rule_id rule, const device_id& device, steady_point at) {
    if (rules_.contains(rule))
        watches_[device][rule].restore(at);
}

void field_rules::resolve(rule_id rule, const device_id& device) {
    unschedule(device, rule);
    if (const auto watches = watches_.find(device); watches != watches_.end())
        if (const auto watch = watches->second.find(rule); watch != watches->second.end())
            watch->second.rearm(false);
}

void field_rules::rearm(const device_id& device) {
    unschedule(device);
    if (const auto watches = watches_.find(device); watches != watches_.end())
        for (auto& [rule, watch] : watches->second)
            watch.rearm(true);
}

void field_rules::recheck(const device_id& device, category kind, timestamp now,
                          const transition_handler& on_transition) {
    const auto watches = watches_.find(device);
    if (watches == watches_.end())
        return;
    drop_watches(device, watches->second, [&](const auto& entry) {
        const alert_rule& rule = *rules_.at(entry.first);
        if (!rule.category || *rule.category == kind)
            return false;
        if (entry.second.raised() || entry.second.is_carried_over())
            on_transition(
                {.rule = rule, .device = device, .kind = transition::cleared, .value = {}, .at = now});
        return true;
    });
}

void field_rules::forget(const device_id& device) {
    unschedule(device);
    watches_.erase(device);
    lagging_.erase(device);
}

/// A device whose clock is hours or years behind would never raise an alert, because all its readings seem
/// late. Its clock runs as fast as the server's; stored readings that a device sends late arrive all at once.
timestamp::duration field_rules::clock_error_of(const device_id& device, timestamp newest,
                                                timestamp arrived) {
    using namespace std::chrono;
    constexpr seconds long_enough{5}; // between two uploads, to distinguish the two cases
    if (arrived - newest <= present_window) {
        if (!lagging_.empty())
            lagging_.erase(device);
        return {};
    }
    const auto [entry, is_new] = lagging_.try_emplace(device, lagging_device{newest, arrived});
    lagging_device& lag = entry->second;
    if (const auto passed = arrived - lag.arrived; passed >= long_enough || passed < seconds{0}) {
        const auto difference = (newest - lag.measured) - passed;
        lag = {.measured = newest,
               .arrived = arrived,
               .wrong_clock =
                   passed > seconds{0} && abs(difference) <= std::max<microseconds>(seconds{1}, passed / 10)};
    }
    return lag.wrong_clock ? arrived - newest : timestamp::duration::zero();
}

void field_rules::evaluate(std::span<const reading> upload, category kind, const moment& now,
                           const transition_handler& on_transition) {
    if (upload.empty())
        return;
    const device_id& device = upload.front().device_id;
    const rules_of_scope& category_rules = categories_[std::to_underlying(kind)];
    const auto device_rules = devices_.find(device);
    if (category_rules.rules.empty() && device_rules == devices_.end())
        return;
    timestamp newest = timestamp::min();
    for (const reading& item : upload)
        newest = std::max(newest, time_of(item));
    const auto error = clock_error_of(device, newest, upload.front().received_at);
    if (upload.size() == 1) {
        evaluate_reading(upload.front(), kind, error, now, false);
    } else {
        std::vector<std::pair<timestamp, const reading*>> in_order;
        in_order.reserve(upload.size());
        for (const reading& item : upload)
            in_order.emplace_back(time_of(item), &item);
        std::ranges::stable_sort(in_order, {}, &std::pair<timestamp, const reading*>::first);
        for (const auto& [measured, item] : in_order)
            evaluate_reading(*item, kind, error, now, false);
    }
    if (!outcomes_.empty())
        report_outcomes(device, on_transition);
}

void field_rules::replay(std::span<const reading> readings, category kind, const moment& now) {
    for (const reading& item : readings)
        if (item.received_at - time_of(item) <= present_window)
            evaluate_reading(item, kind, {}, now, true);
}

void field_rules::evaluate_reading(const reading& reading, category kind, timestamp::duration error,
                                   const moment& now, bool is_replayed) {
    const timestamp measured = time_of(reading) + error;
    const steady_point at = now.steady_of(measured);
    if (now.steady - at > late_window)
        return;
    const sample point{.device = reading.device_id,
                       .at = at,
                       .wall = measured,
                       .is_present = now.steady - at <= present_window,
                       .is_replayed = is_replayed};
    watches_of_device* watches = nullptr;
    const auto evaluate_scope = [&](const rules_of_scope& scope) {
        telemetry::for_each_field(reading.payload, scope.fields, [&](const telemetry::payload_field& field) {
            evaluate_field(scope, field, point, watches);
        });
    };
    evaluate_scope(categories_[std::to_underlying(kind)]);
    if (const auto device_rules = devices_.find(reading.device_id); device_rules != devices_.end())
        evaluate_scope(device_rules->second);
}

std::chrono::seconds field_rules::longest_hold() const {
    std::chrono::seconds longest{0};
    for (const auto& [id, rule] : rules_)
        longest = std::max(longest, condition_of(*rule).hold);
    return longest;
}

void field_rules::evaluate_field(const rules_of_scope& scope, const telemetry::payload_field& field,
                                 const sample& point, watches_of_device*& watches) {
    const auto position = scope.rules.find(field.name);
    if (position == scope.rules.end())
        return;
    if (watches == nullptr)
        watches = &watches_[point.device];
    for (const auto& rule : position->second) {
        field_watch& watch = (*watches)[rule->id];
        const bool is_newest = !watch.newest() || point.at >= *watch.newest();
        if (point.is_replayed) {
            if (is_newest) {
                watch.replay(condition_of(*rule), field.kind, field.value, point.at);
                if (condition_of(*rule).hold > std::chrono::seconds{0})
                    schedule(*rule, point.device, watch, field.value);
            }
        } else if (point.is_present && is_newest) {
            evaluate_present(*rule, field, point, watch);
        } else {
            evaluate_past(*rule, field, point, watch);
        }
    }
}

void field_rules::evaluate_present(const alert_rule& rule, const telemetry::payload_field& field,
                                   const sample& point, field_watch& watch) {
    const bool carried_over = watch.is_carried_over();
    const transition change = watch.evaluate(condition_of(rule), field.kind, field.value, point.at);
    if (condition_of(rule).hold > std::chrono::seconds{0})
        schedule(rule, point.device, watch, field.value);
    if (change == transition::none)
        return;
    const auto [entry, is_new] = outcomes_.try_emplace(rule.id);
    outcome& rule_outcome = entry->second;
    rule_outcome.rule = &rule;
    if (is_new) {
        rule_outcome.was_raised = change == transition::cleared && !carried_over;
        rule_outcome.was_carried_over = carried_over;
    }
    if (change == transition::raised)
        rule_outcome.open =
            episode{.value = std::string{field.value}, .from = point.wall, .until = point.wall};
    else if (rule_outcome.open)
        rule_outcome.close(rule_outcome.open, point.wall);
    else
        rule_outcome.cleared_at = point.wall;
}

void field_rules::evaluate_past(const alert_rule& rule, const telemetry::payload_field& field,
                                const sample& point, const field_watch& watch) {
    const auto [entry, is_new] = outcomes_.try_emplace(rule.id);
    outcome& rule_outcome = entry->second;
    rule_outcome.rule = &rule;
    if (is_new) {
        rule_outcome.was_raised = watch.raised();
        rule_outcome.was_carried_over = watch.is_carried_over();
    }
    const transition change =
        rule_outcome.past_watch.evaluate(condition_of(rule), field.kind, field.value, point.at);
    if (change == transition::raised)
        rule_outcome.past_open =
            episode{.value = std::string{field.value}, .from = point.wall, .until = point.wall};
    else if (change == transition::cleared)
        rule_outcome.close(rule_outcome.past_open, point.wall);
    else if (rule_outcome.past_open)
        rule_outcome.past_open->until = point.wall;
}

void field_rules::outcome::close(std::optional<episode>& which, timestamp until) {
    episode closed = std::move(*which);
    which.reset();
    closed.until = until;
    if (ended) {
        ended->until = std::max(ended->until, until);
        ++ended->times;
    } else {
        ended = std::move(closed);
    }
}

void field_rules::report_outcomes(const device_id& device, const transition_handler& on_transition) {
    for (auto& [id, rule_outcome] : outcomes_) {
        const field_watch& watch = watches_[device][id];
        const bool is_raised = watch.raised();
        if (rule_outcome.past_open)
            rule_outcome.close(rule_outcome.past_open, rule_outcome.past_open->until);
        field_transition transition{
            .rule = *rule_outcome.rule, .device = device, .kind = transition::none, .value = {}, .at = {}};
        if ((rule_outcome.was_raised || rule_outcome.was_carried_over) && !is_raised &&
            !watch.is_carried_over()) {
            transition.kind = transition::cleared;
            transition.at = rule_outcome.cleared_at;
            on_transition(transition);
        }
        if (rule_outcome.ended) {
            transition.kind = transition::late;
            transition.value = rule_outcome.ended->value;
            transition.at = rule_outcome.ended->from;
            transition.until = rule_outcome.ended->until;
            transition.times = rule_outcome.ended->times;
            on_transition(transition);
        }
        if (!rule_outcome.was_raised && is_raised && rule_outcome.open) {
            transition.kind = transition::raised;
            transition.value = rule_outcome.open->value;
            transition.at = rule_outcome.open->from;
            on_transition(transition);
        }
    }
    outcomes_.clear();
}

void field_rules::schedule(const alert_rule& rule, const device_id& device, const field_watch& watch,
                           std::string_view value) {
    const auto since = watch.holding_since();
    if (!since)
        return unschedule(device, rule.id);
    pending_alert& pending = pending_[device][rule.id];
    due_.erase({pending.due, {device, rule.id}});
    pending = {.value = std::string{value.substr(0, max_pending_value)},
               .due = *since + condition_of(rule).hold};
    due_.insert({pending.due, {device, rule.id}});
}

void field_rules::unschedule(const device_id& device, rule_id rule) {
    const auto device_entry = pending_.find(device);
    if (device_entry == pending_.end())
        return;
    const auto position = device_entry->second.find(rule);
    if (position == device_entry->second.end())
        return;
    due_.erase({position->second.due, {device, rule}});
    device_entry->second.erase(position);
    if (device_entry->second.empty())
        pending_.erase(device_entry);
}

void field_rules::unschedule(const device_id& device) {
    const auto position = pending_.find(device);
    if (position == pending_.end())
        return;
    for (const auto& [rule, pending] : position->second)
        due_.erase({pending.due, {device, rule}});
    pending_.erase(position);
}

void field_rules::advance(const moment& now, const transition_handler& on_transition) {
    while (!due_.empty() && due_.begin()->first <= now.steady) {
        const auto [due, alert_key] = *due_.begin();
        const auto& [device, id] = alert_key;
        const alert_rule& rule = *rules_.at(id);
        const std::string value = pending_.at(device).at(id).value;
        unschedule(device, id);
        if (watches_[device][id].advance(condition_of(rule), due) == transition::raised)
            on_transition({.rule = rule,
                           .device = device,
                           .kind = transition::raised,
                           .value = value,
                           .at = now.wall_of(due)});
    }
}

} // namespace breakwater::alerts
