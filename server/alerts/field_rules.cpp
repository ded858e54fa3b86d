#include "alerts/field_rules.hpp"

#include "telemetry/payload_fields.hpp"

#include <algorithm>
#include <utility>

namespace breakwater::alerts {

namespace {

/// Of a value that is kept for a sentence; a sentence shows fewer.
constexpr std::size_t longest_waiting_value = 128;

/// When it was measured; a clock that is a little ahead measures nothing in times to come.
timestamp time_of(const reading& what) {
    return std::min(measured_at(what), what.received_at);
}

const field_condition& condition_of(const alert_rule& rule) {
    return std::get<field_condition>(rule.when);
}

} // namespace

void field_rules::replace(const std::vector<alert_rule>& rules) {
    std::unordered_map<rule_id, std::shared_ptr<const alert_rule>> now;
    devices_.clear();
    for (rules_of_field& each : categories_)
        each.clear();
    for (const alert_rule& each : rules) {
        if (!each.enabled || each.kind() != alert_kind::field)
            continue;
        const auto rule = std::make_shared<const alert_rule>(each);
        const std::string& field = condition_of(*rule).field;
        if (rule->device)
            devices_[*rule->device][field].push_back(rule);
        else if (rule->category)
            categories_[std::to_underlying(*rule->category)][field].push_back(rule);
        else
            for (rules_of_field& each_category : categories_)
                each_category[field].push_back(rule);
        now.emplace(rule->id, rule);
    }
    const auto is_stale = [&](const auto& known) {
        const auto found = now.find(known.first);
        return found == now.end() || !same_watch(*found->second, *rules_.at(known.first));
    };
    for (auto& [device, known] : watches_)
        for (auto each = known.begin(); each != known.end();) {
            if (!is_stale(*each)) {
                ++each;
                continue;
            }
            stop_waiting(device, each->first);
            each = known.erase(each);
        }
    std::erase_if(watches_, [](const auto& each) { return each.second.empty(); });
    rules_ = std::move(now);
}

void field_rules::restore(rule_id rule, const device_id& device, steady_point at) {
    if (rules_.contains(rule))
        watches_[device][rule].restore(at);
}

void field_rules::settle(rule_id rule, const device_id& device) {
    stop_waiting(device, rule);
    if (const auto found = watches_.find(device); found != watches_.end())
        if (const auto watch = found->second.find(rule); watch != found->second.end())
            watch->second.renew(false);
}

void field_rules::renew(const device_id& device) {
    stop_waiting(device);
    if (const auto found = watches_.find(device); found != watches_.end())
        for (auto& [rule, watch] : found->second)
            watch.renew(true);
}

void field_rules::recheck(const device_id& device, category kind, timestamp now, const tell& told) {
    const auto found = watches_.find(device);
    if (found == watches_.end())
        return;
    std::erase_if(found->second, [&](const auto& known) {
        const alert_rule& rule = *rules_.at(known.first);
        if (!rule.category || *rule.category == kind)
            return false;
        stop_waiting(device, rule.id);
        if (known.second.raised() || known.second.stands())
            told({.rule = rule, .device = device, .what = turn::cleared, .value = {}, .at = now});
        return true;
    });
}

void field_rules::forget(const device_id& device) {
    stop_waiting(device);
    watches_.erase(device);
    lagging_.erase(device);
}

/// A device whose clock is hours or years behind would never raise anything: all that it says seems late. But
/// its clock goes on as fast as the server's, where what was kept for a while comes all at once.
timestamp::duration field_rules::clock_error_of(const device_id& device, timestamp newest,
                                                timestamp arrived) {
    using namespace std::chrono;
    constexpr seconds long_enough{5}; // between two uploads, to tell the one from the other
    if (arrived - newest <= present_window) {
        if (!lagging_.empty())
            lagging_.erase(device);
        return {};
    }
    const auto [entry, fresh] = lagging_.try_emplace(device, lagging{newest, arrived});
    lagging& its = entry->second;
    if (const auto passed = arrived - its.arrived; passed >= long_enough || passed < seconds{0}) {
        const auto difference = (newest - its.measured) - passed;
        its = {.measured = newest,
               .arrived = arrived,
               .wrong_clock =
                   passed > seconds{0} && abs(difference) <= std::max<microseconds>(seconds{1}, passed / 10)};
    }
    return its.wrong_clock ? arrived - newest : timestamp::duration::zero();
}

void field_rules::take(std::span<const reading> upload, category kind, const moment& now, const tell& told) {
    if (upload.empty())
        return;
    const device_id& device = upload.front().device_id;
    const rules_of_field& of_category = categories_[std::to_underlying(kind)];
    const auto own = devices_.find(device);
    if (of_category.empty() && own == devices_.end())
        return;
    timestamp newest = timestamp::min();
    for (const reading& each : upload)
        newest = std::max(newest, time_of(each));
    const auto error = clock_error_of(device, newest, upload.front().received_at);
    if (upload.size() == 1) {
        look_at(upload.front(), kind, error, now, false);
    } else {
        std::vector<std::pair<timestamp, const reading*>> in_order;
        in_order.reserve(upload.size());
        for (const reading& each : upload)
            in_order.emplace_back(time_of(each), &each);
        std::ranges::stable_sort(in_order, {}, &std::pair<timestamp, const reading*>::first);
        for (const auto& [measured, each] : in_order)
            look_at(*each, kind, error, now, false);
    }
    if (!outcomes_.empty())
        tell_outcomes(device, told);
}

void field_rules::recall(std::span<const reading> before, category kind, const moment& now) {
    for (const reading& each : before)
        if (each.received_at - time_of(each) <= present_window)
            look_at(each, kind, {}, now, true);
}

void field_rules::look_at(const reading& one, category kind, timestamp::duration error, const moment& now,
                          bool recalled) {
    const timestamp measured = time_of(one) + error;
    const steady_point at = now.steady_of(measured);
    if (now.steady - at > late_window)
        return;
    const sample its{.device = one.device_id,
                     .at = at,
                     .wall = measured,
                     .in_time = now.steady - at <= present_window,
                     .recalled = recalled};
    const rules_of_field& of_category = categories_[std::to_underlying(kind)];
    const auto own = devices_.find(one.device_id);
    telemetry::for_each_field(one.payload, [&](const telemetry::payload_field& field) {
        judge(of_category, field, its);
        if (own != devices_.end())
            judge(own->second, field, its);
    });
}

std::chrono::seconds field_rules::longest_hold() const {
    std::chrono::seconds longest{0};
    for (const auto& [id, rule] : rules_)
        longest = std::max(longest, condition_of(*rule).hold);
    return longest;
}

void field_rules::judge(const rules_of_field& scope, const telemetry::payload_field& field,
                        const sample& its) {
    const auto found = scope.find(field.name);
    if (found == scope.end())
        return;
    for (const auto& rule : found->second) {
        field_watch& watch = watches_[its.device][rule->id];
        const bool is_newest = !watch.newest() || its.at >= *watch.newest();
        if (its.recalled) {
            if (is_newest) {
                watch.recall(condition_of(*rule), field.kind, field.value, its.at);
                if (condition_of(*rule).hold > std::chrono::seconds{0})
                    wait_for(*rule, its.device, watch, field.value);
            }
        } else if (its.in_time && is_newest) {
            judge_present(*rule, field, its, watch);
        } else {
            judge_past(*rule, field, its, watch);
        }
    }
}

void field_rules::judge_present(const alert_rule& rule, const telemetry::payload_field& field,
                                const sample& its, field_watch& watch) {
    const bool stood = watch.stands();
    const turn what = watch.take(condition_of(rule), field.kind, field.value, its.at);
    if (condition_of(rule).hold > std::chrono::seconds{0})
        wait_for(rule, its.device, watch, field.value);
    if (what == turn::none)
        return;
    const auto [entry, fresh] = outcomes_.try_emplace(rule.id);
    outcome& its_outcome = entry->second;
    its_outcome.rule = &rule;
    if (fresh) {
        its_outcome.was_up = what == turn::cleared && !stood;
        its_outcome.stood = stood;
    }
    if (what == turn::raised)
        its_outcome.open = episode{.value = std::string{field.value}, .from = its.wall, .until = its.wall};
    else if (its_outcome.open)
        its_outcome.close(its_outcome.open, its.wall);
    else
        its_outcome.cleared_at = its.wall;
}

void field_rules::judge_past(const alert_rule& rule, const telemetry::payload_field& field, const sample& its,
                             const field_watch& watch) {
    const auto [entry, fresh] = outcomes_.try_emplace(rule.id);
    outcome& its_outcome = entry->second;
    its_outcome.rule = &rule;
    if (fresh) {
        its_outcome.was_up = watch.raised();
        its_outcome.stood = watch.stands();
    }
    const turn what = its_outcome.past.take(condition_of(rule), field.kind, field.value, its.at);
    if (what == turn::raised)
        its_outcome.past_open =
            episode{.value = std::string{field.value}, .from = its.wall, .until = its.wall};
    else if (what == turn::cleared)
        its_outcome.close(its_outcome.past_open, its.wall);
    else if (its_outcome.past_open)
        its_outcome.past_open->until = its.wall;
}

void field_rules::outcome::close(std::optional<episode>& which, timestamp until) {
    episode ended = std::move(*which);
    which.reset();
    ended.until = until;
    if (over) {
        over->until = std::max(over->until, until);
        ++over->times;
    } else {
        over = std::move(ended);
    }
}

void field_rules::tell_outcomes(const device_id& device, const tell& told) {
    for (auto& [id, its] : outcomes_) {
        const bool is_up = watches_[device][id].raised();
        if (its.past_open)
            its.close(its.past_open, its.past_open->until);
        field_turn told_turn{.rule = *its.rule, .device = device, .what = turn::none, .value = {}, .at = {}};
        if ((its.was_up || its.stood) && !is_up && !watches_[device][id].stands()) {
            told_turn.what = turn::cleared;
            told_turn.at = its.cleared_at;
            told(told_turn);
        }
        if (its.over) {
            told_turn.what = turn::late;
            told_turn.value = its.over->value;
            told_turn.at = its.over->from;
            told_turn.until = its.over->until;
            told_turn.times = its.over->times;
            told(told_turn);
        }
        if (!its.was_up && is_up && its.open) {
            told_turn.what = turn::raised;
            told_turn.value = its.open->value;
            told_turn.at = its.open->from;
            told(told_turn);
        }
    }
    outcomes_.clear();
}

void field_rules::wait_for(const alert_rule& rule, const device_id& device, const field_watch& watch,
                           std::string_view value) {
    const auto since = watch.holding_since();
    if (!since)
        return stop_waiting(device, rule.id);
    waiting& its = waiting_[device][rule.id];
    due_.erase({its.due, {device, rule.id}});
    its = {.value = std::string{value.substr(0, longest_waiting_value)},
           .due = *since + condition_of(rule).hold};
    due_.insert({its.due, {device, rule.id}});
}

void field_rules::stop_waiting(const device_id& device, rule_id rule) {
    const auto of_device = waiting_.find(device);
    if (of_device == waiting_.end())
        return;
    const auto found = of_device->second.find(rule);
    if (found == of_device->second.end())
        return;
    due_.erase({found->second.due, {device, rule}});
    of_device->second.erase(found);
    if (of_device->second.empty())
        waiting_.erase(of_device);
}

void field_rules::stop_waiting(const device_id& device) {
    const auto found = waiting_.find(device);
    if (found == waiting_.end())
        return;
    for (const auto& [rule, its] : found->second)
        due_.erase({its.due, {device, rule}});
    waiting_.erase(found);
}

void field_rules::pass(const moment& now, const tell& told) {
    while (!due_.empty() && due_.begin()->first <= now.steady) {
        const auto [due, of] = *due_.begin();
        const auto& [device, id] = of;
        const alert_rule& rule = *rules_.at(id);
        const std::string value = waiting_.at(device).at(id).value;
        stop_waiting(device, id);
        if (watches_[device][id].pass(condition_of(rule), due) == turn::raised)
            told({.rule = rule,
                  .device = device,
                  .what = turn::raised,
                  .value = value,
                  .at = now.wall_of(due)});
    }
}

} // namespace breakwater::alerts
