#include "alerts/incident_rules.hpp"

#include "base/ip_address.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <string_view>

namespace breakwater::alerts {

namespace {

/// The parts of a sliding window: the incidents of one part leave it together.
constexpr int window_parts = 60;

const security_condition& condition_of(const alert_rule& rule) {
    return std::get<security_condition>(rule.when);
}

/// Incidents of one kind with the same key are counted together.
std::string key_of(const incident_key& incident) {
    return incident.device ? incident.device->to_string() : incident.subject;
}

std::uint64_t digest_of(std::string_view text) {
    return std::hash<std::string_view>{}(text) | 1U;
}

std::uint64_t network_of(const security_event& event) {
    return digest_of(client_network(event.origin.source_address));
}

/// One subject for all addresses, so that a distributed attack is counted together.
incident_key spraying_incident() {
    return {incident_kind::password_spraying, "all sign-ins"};
}

/// Targets that are kept for a subject: twice the count of the rule, so that the alert can report how far the
/// limit is exceeded.
std::size_t max_targets_of(const security_condition& when) {
    return counts_distinct_subjects(when.incident) ? 2 * static_cast<std::size_t>(when.count)
                                                   : incident_rules::max_reported_targets;
}

std::size_t max_subjects_of(const security_condition& when) {
    return std::min(incident_rules::max_subjects, incident_rules::max_targets / max_targets_of(when));
}

} // namespace

std::vector<detected_incident> incidents_of(const security_event& event) {
    if (event.simulated || event.status != event_status::denied)
        return {};
    const std::string network = client_network(event.origin.source_address);
    const auto target = event.attempted_identity == 0
                            ? std::nullopt
                            : std::optional{affected_target{event.attempted_identity, digest_of(network)}};
    switch (event.type) {
    case event_type::login:
    case event_type::login_throttled: {
        std::vector<detected_incident> out{{{incident_kind::refused_logins, network}}};
        if (target)
            out.push_back({spraying_incident(), target});
        return out;
    }
    case event_type::refresh_reuse:
        // Further replays after the session was revoked are no new incident.
        if (event.actor != actor_type::user)
            return {};
        return {{{incident_kind::replayed_refresh_token, "user " + event.actor_id}}};
    case event_type::jwt_invalid:
        // The event of a genuine token names its holder: it has expired or was revoked, which is usual in an
        // honest fleet. The event of a forged token is anonymous.
        if (event.actor != actor_type::anonymous)
            return {};
        return {{{incident_kind::forged_tokens, network}}};
    case event_type::reading_rate_limit:
    case event_type::reading_reject: {
        const auto device = event.actor == actor_type::device ? uuid::parse(event.actor_id) : std::nullopt;
        if (!device)
            return {};
        return {{{incident_kind::device_flood, "readings", device}}};
    }
    case event_type::device_forbidden:
        if (event.actor != actor_type::user)
            return {};
        return {{{incident_kind::device_probing, "user " + event.actor_id},
                 affected_target{digest_of(event.detail), digest_of(network)}}};
    case event_type::admin_forbidden:
        if (event.actor != actor_type::user)
            return {};
        return {{{incident_kind::admin_probing, "user " + event.actor_id}}};
    case event_type::device_auth:
    case event_type::device_auth_throttled:
        if (!target)
            return {};
        return {{{incident_kind::wrong_device_secrets, network}, target}};
    default: return {};
    }
}

std::optional<detected_incident> pardoned_by(const security_event& event) {
    if (event.type != event_type::login || event.status != event_status::success ||
        event.attempted_identity == 0)
        return std::nullopt;
    return detected_incident{spraying_incident(),
                             affected_target{event.attempted_identity, network_of(event)}};
}

void incident_rules::replace(const std::vector<alert_rule>& rules) {
    std::vector<rule_state> new_rules;
    for (const alert_rule& rule : rules) {
        if (!rule.enabled || rule.kind() != alert_kind::security)
            continue;
        const auto old_rule =
            std::ranges::find(rules_, rule.id, [](const rule_state& old) { return old.rule.id; });
        rule_state next{rule, {}};
        if (old_rule != rules_.end() && raises_same_alerts(old_rule->rule, rule))
            next.by_subject = std::move(old_rule->by_subject);
        new_rules.push_back(std::move(next));
    }
    rules_ = std::move(new_rules);
}

bool incident_rules::record(const incident_key& incident, std::int64_t count,
                            std::span<const affected_target> targets, std::optional<category> device_kind,
                            steady_point now, const transition_handler& on_transition) {
    bool counted = true;
    for (rule_state& state : rules_) {
        const alert_rule& rule = state.rule;
        const security_condition& when = condition_of(rule);
        if (when.incident != incident.kind || (rule.device && rule.device != incident.device) ||
            (rule.category && rule.category != device_kind))
            continue;
        std::string key = key_of(incident);
        auto position = state.by_subject.find(key);
        if (position == state.by_subject.end()) {
            if (state.by_subject.size() >= max_subjects_of(when) && !make_room(state.by_subject)) {
                counted = false;
                continue;
            }
            position =
                state.by_subject.emplace(std::move(key), tally{.key = incident, .recent = {}, .targets = {}})
                    .first;
        }
        tally& counts = position->second;
        forget_old(counts, when.within, now);
        if (counts.recent.empty() || now - counts.recent.back().first >= when.within / window_parts)
            counts.recent.emplace_back(now, 0);
        counts.recent.back().second += count;
        counts.in_window += count;
        counts.unreported += count;
        for (const affected_target& target : targets)
            record_target(counts, target, max_targets_of(when), now);
        notify_if_due(rule, counts, now, on_transition);
    }
    return counted;
}

/// Removes the half with the fewest targets and incidents of the subjects that were never reported.
bool incident_rules::make_room(tallies& subjects) {
    std::vector<tallies::iterator> unreported_subjects;
    for (auto entry = subjects.begin(); entry != subjects.end(); ++entry)
        if (!entry->second.reported_at)
            unreported_subjects.push_back(entry);
    if (unreported_subjects.empty())
        return false;
    const auto middle =
        unreported_subjects.begin() + static_cast<std::ptrdiff_t>(unreported_subjects.size() / 2);
    std::ranges::nth_element(unreported_subjects, middle, {}, [](const tallies::iterator& entry) {
        return std::pair{entry->second.targets.size(), entry->second.in_window};
    });
    for (auto removed = unreported_subjects.begin(); removed <= middle; ++removed)
        subjects.erase(*removed);
    return true;
}

void incident_rules::record_target(tally& counts, const affected_target& target, std::size_t limit,
                                   steady_point now) {
    const auto position =
        std::ranges::find(counts.targets, target.id, [](const seen_target& seen) { return seen.target.id; });
    if (position != counts.targets.end()) {
        counts.targets.erase(position);
    } else if (counts.targets.size() >= limit) {
        counts.targets.erase(counts.targets.begin());
        counts.truncated = true;
    }
    counts.targets.push_back({target, now});
}

void incident_rules::pardon(const incident_key& incident, const affected_target& target) {
    for (rule_state& state : rules_) {
        if (condition_of(state.rule).incident != incident.kind)
            continue;
        const auto position = state.by_subject.find(key_of(incident));
        if (position != state.by_subject.end())
            std::erase_if(position->second.targets,
                          [&](const seen_target& seen) { return seen.target == target; });
    }
}

void incident_rules::resolve(rule_id rule, const incident_key& incident) {
    for (rule_state& state : rules_)
        if (state.rule.id == rule)
            state.by_subject.erase(key_of(incident));
}

void incident_rules::tick(steady_point now, const transition_handler& on_transition) {
    for (rule_state& state : rules_)
        for (auto entry = state.by_subject.begin(); entry != state.by_subject.end();) {
            tally& counts = entry->second;
            // a reported incident that continues is reported again, however slow it is
            if (counts.reported_at)
                notify_if_due(state.rule, counts, now, on_transition);
            forget_old(counts, condition_of(state.rule).within, now);
            const bool is_reported = counts.unreported == 0 || counts_distinct_subjects(counts.key.kind);
            const bool is_over =
                counts.recent.empty() &&
                (!counts.reported_at || (is_reported && now - *counts.reported_at >= repeat_interval));
            entry = is_over ? state.by_subject.erase(entry) : std::next(entry);
        }
}

void incident_rules::forget_old(tally& counts, std::chrono::seconds within, steady_point now) {
    while (!counts.recent.empty() && now - counts.recent.front().first >= within) {
        counts.in_window -= counts.recent.front().second;
        counts.recent.pop_front();
    }
    const auto first_kept =
        std::ranges::find_if(counts.targets, [&](const seen_target& seen) { return now - seen.at < within; });
    if (first_kept != counts.targets.begin()) {
        counts.targets.erase(counts.targets.begin(), first_kept);
        counts.truncated = false;
    }
    if (!counts.reported_at)
        counts.unreported = counts.in_window;
}

void incident_rules::notify_if_due(const alert_rule& rule, tally& counts, steady_point now,
                                   const transition_handler& on_transition) {
    const security_condition& when = condition_of(rule);
    const bool may_repeat =
        counts.reported_at && counts.unreported > 0 && now - *counts.reported_at >= repeat_interval;
    // A reported incident that continues is reported again, however slow it is. Incidents with distinct
    // targets are reported again only while there are many: people mistype passwords at any time.
    const bool is_due =
        counts_distinct_subjects(when.incident)
            ? std::cmp_greater_equal(counts.targets.size(), when.count) && (!counts.reported_at || may_repeat)
            : (counts.reported_at ? may_repeat : counts.in_window >= when.count);
    if (!is_due)
        return;
    std::vector<std::uint64_t> networks;
    std::ranges::transform(counts.targets, std::back_inserter(networks),
                           [](const seen_target& seen) { return seen.target.network; });
    std::ranges::sort(networks);
    const auto repeated = std::ranges::unique(networks);
    counts.reported_at = now;
    on_transition({.rule = rule,
                   .key = counts.key,
                   .count = std::exchange(counts.unreported, 0),
                   .targets = counts.targets.size(),
                   .networks = networks.size() - repeated.size(),
                   .truncated = counts.truncated});
}

} // namespace breakwater::alerts
