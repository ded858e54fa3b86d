#include "alerts/incident_rules.hpp"

#include "base/ip_address.hpp"

#include <algorithm>
#include <iterator>

namespace breakwater::alerts {

namespace {

/// How finely a window slides: what is counted together leaves it together.
constexpr int parts_of_window = 60;

const security_condition& condition_of(const alert_rule& rule) {
    return std::get<security_condition>(rule.when);
}

/// What is counted together, of one kind.
std::string key_of(const incident& what) {
    return what.device ? what.device->to_string() : what.subject;
}

} // namespace

std::optional<incident> incident_of(const security_event& event) {
    if (event.simulated || event.status != event_status::denied)
        return std::nullopt;
    switch (event.type) {
    case event_type::login:
    case event_type::login_throttled:
        return incident{incident_kind::refused_logins, client_network(event.origin.source_address)};
    case event_type::refresh_reuse:
        // That it is sent again once its session is dead tells nothing new.
        if (event.actor != actor_type::user)
            return std::nullopt;
        return incident{incident_kind::replayed_refresh_token, "user " + event.actor_id};
    case event_type::jwt_invalid:
        return incident{incident_kind::forged_tokens, client_network(event.origin.source_address)};
    case event_type::reading_rate_limit:
    case event_type::reading_reject: {
        const auto device = event.actor == actor_type::device ? uuid::parse(event.actor_id) : std::nullopt;
        if (!device)
            return std::nullopt;
        return incident{incident_kind::device_flood, "readings", device};
    }
    default: return std::nullopt;
    }
}

void incident_rules::replace(const std::vector<alert_rule>& rules) {
    std::vector<watched> now;
    for (const alert_rule& each : rules) {
        if (!each.enabled || each.kind() != alert_kind::security)
            continue;
        const auto before = std::ranges::find(rules_, each.id, [](const watched& is) { return is.rule.id; });
        watched next{each, {}};
        if (before != rules_.end() && same_watch(before->rule, each))
            next.of_subject = std::move(before->of_subject);
        now.push_back(std::move(next));
    }
    rules_ = std::move(now);
}

bool incident_rules::take(const incident& what, std::int64_t count, std::optional<category> device_kind,
                          steady_point now, const tell& told) {
    bool counted = true;
    for (watched& each : rules_) {
        const alert_rule& rule = each.rule;
        if (condition_of(rule).incident != what.kind || (rule.device && rule.device != what.device) ||
            (rule.category && rule.category != device_kind))
            continue;
        std::string key = key_of(what);
        auto found = each.of_subject.find(key);
        if (found == each.of_subject.end()) {
            if (each.of_subject.size() >= most_subjects) {
                counted = false;
                continue;
            }
            found = each.of_subject.emplace(std::move(key), tally{.what = what, .recent = {}}).first;
        }
        tally& of = found->second;
        forget_old(of, condition_of(rule).within, now);
        if (of.recent.empty() || now - of.recent.back().first >= condition_of(rule).within / parts_of_window)
            of.recent.emplace_back(now, 0);
        of.recent.back().second += count;
        of.in_window += count;
        of.untold += count;
        tell_if_due(rule, of, now, told);
    }
    return counted;
}

void incident_rules::settle(rule_id rule, const incident& what) {
    for (watched& each : rules_)
        if (each.rule.id == rule)
            each.of_subject.erase(key_of(what));
}

void incident_rules::tick(steady_point now, const tell& told) {
    for (watched& each : rules_)
        for (auto entry = each.of_subject.begin(); entry != each.of_subject.end();) {
            tally& of = entry->second;
            if (of.told_at) // what was told goes on being told, however slowly it goes on
                tell_if_due(each.rule, of, now, told);
            forget_old(of, condition_of(each.rule).within, now);
            const bool over =
                of.recent.empty() && (!of.told_at || (of.untold == 0 && now - *of.told_at >= quiet));
            entry = over ? each.of_subject.erase(entry) : std::next(entry);
        }
}

void incident_rules::forget_old(tally& of, std::chrono::seconds within, steady_point now) {
    while (!of.recent.empty() && now - of.recent.front().first >= within) {
        of.in_window -= of.recent.front().second;
        of.recent.pop_front();
    }
}

void incident_rules::tell_if_due(const alert_rule& rule, tally& of, steady_point now, const tell& told) {
    const bool due =
        of.told_at ? of.untold > 0 && now - *of.told_at >= quiet : of.in_window >= condition_of(rule).count;
    if (!due)
        return;
    of.told_at = now;
    told({rule, of.what, std::exchange(of.untold, 0)});
}

} // namespace breakwater::alerts
