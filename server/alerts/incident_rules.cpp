#include "alerts/incident_rules.hpp"

#include "base/ip_address.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <string_view>

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

std::uint64_t digest_of(std::string_view text) {
    return std::hash<std::string_view>{}(text) | 1U;
}

std::uint64_t network_of(const security_event& event) {
    return digest_of(client_network(event.origin.source_address));
}

/// Wherever it comes from: it is counted together.
incident spraying() {
    return {incident_kind::password_spraying, "all sign-ins"};
}

/// Things of one subject that are kept: twice what the rule waits for tells how much more it is.
std::size_t most_things_of(const security_condition& when) {
    return counts_things(when.incident) ? 2 * static_cast<std::size_t>(when.count)
                                        : incident_rules::most_told_things;
}

std::size_t most_subjects_of(const security_condition& when) {
    return std::min(incident_rules::most_subjects, incident_rules::most_things / most_things_of(when));
}

} // namespace

std::vector<found_incident> incidents_of(const security_event& event) {
    if (event.simulated || event.status != event_status::denied)
        return {};
    const std::string network = client_network(event.origin.source_address);
    const auto tried =
        event.tried == 0 ? std::nullopt : std::optional{affected_thing{event.tried, digest_of(network)}};
    switch (event.type) {
    case event_type::login:
    case event_type::login_throttled: {
        std::vector<found_incident> out{{{incident_kind::refused_logins, network}}};
        if (tried)
            out.push_back({spraying(), tried});
        return out;
    }
    case event_type::refresh_reuse:
        // That it is sent again once its session is dead tells nothing new.
        if (event.actor != actor_type::user)
            return {};
        return {{{incident_kind::replayed_refresh_token, "user " + event.actor_id}}};
    case event_type::jwt_invalid:
        // Of a genuine token it is on record whose it was: it has expired or was revoked, which befalls
        // honest fleets. Whoever shows a forged one stays nobody.
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
                 affected_thing{digest_of(event.detail), digest_of(network)}}};
    case event_type::admin_forbidden:
        if (event.actor != actor_type::user)
            return {};
        return {{{incident_kind::admin_probing, "user " + event.actor_id}}};
    case event_type::device_auth:
    case event_type::device_auth_throttled:
        if (!tried)
            return {};
        return {{{incident_kind::wrong_device_secrets, network}, tried}};
    default: return {};
    }
}

std::optional<found_incident> pardoned_by(const security_event& event) {
    if (event.type != event_type::login || event.status != event_status::success || event.tried == 0)
        return std::nullopt;
    return found_incident{spraying(), affected_thing{event.tried, network_of(event)}};
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

bool incident_rules::take(const incident& what, std::int64_t count, std::span<const affected_thing> of_things,
                          std::optional<category> device_kind, steady_point now, const tell& told) {
    bool counted = true;
    for (watched& each : rules_) {
        const alert_rule& rule = each.rule;
        const security_condition& when = condition_of(rule);
        if (when.incident != what.kind || (rule.device && rule.device != what.device) ||
            (rule.category && rule.category != device_kind))
            continue;
        std::string key = key_of(what);
        auto found = each.of_subject.find(key);
        if (found == each.of_subject.end()) {
            if (each.of_subject.size() >= most_subjects_of(when) && !make_room(each.of_subject)) {
                counted = false;
                continue;
            }
            found = each.of_subject.emplace(std::move(key), tally{.what = what, .recent = {}, .things = {}})
                        .first;
        }
        tally& of = found->second;
        forget_old(of, when.within, now);
        if (of.recent.empty() || now - of.recent.back().first >= when.within / parts_of_window)
            of.recent.emplace_back(now, 0);
        of.recent.back().second += count;
        of.in_window += count;
        of.untold += count;
        for (const affected_thing& thing : of_things)
            see(of, thing, most_things_of(when), now);
        tell_if_due(rule, of, now, told);
    }
    return counted;
}

/// Half of those that were never told go: those of which there is least.
bool incident_rules::make_room(tallies& in) {
    std::vector<tallies::iterator> quiet_ones;
    for (auto entry = in.begin(); entry != in.end(); ++entry)
        if (!entry->second.told_at)
            quiet_ones.push_back(entry);
    if (quiet_ones.empty())
        return false;
    const auto middle = quiet_ones.begin() + static_cast<std::ptrdiff_t>(quiet_ones.size() / 2);
    std::ranges::nth_element(quiet_ones, middle, {}, [](const tallies::iterator& entry) {
        return std::pair{entry->second.things.size(), entry->second.in_window};
    });
    for (auto gone = quiet_ones.begin(); gone <= middle; ++gone)
        in.erase(*gone);
    return true;
}

void incident_rules::see(tally& of, const affected_thing& what, std::size_t most, steady_point now) {
    const auto known =
        std::ranges::find(of.things, what.what, [](const seen_thing& each) { return each.is.what; });
    if (known != of.things.end()) {
        of.things.erase(known);
    } else if (of.things.size() >= most) {
        of.things.erase(of.things.begin());
        of.and_more = true;
    }
    of.things.push_back({what, now});
}

void incident_rules::pardon(const incident& what, const affected_thing& which) {
    for (watched& each : rules_) {
        if (condition_of(each.rule).incident != what.kind)
            continue;
        const auto found = each.of_subject.find(key_of(what));
        if (found != each.of_subject.end())
            std::erase_if(found->second.things, [&](const seen_thing& thing) { return thing.is == which; });
    }
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
            const bool all_told = of.untold == 0 || counts_things(of.what.kind);
            const bool over = of.recent.empty() && (!of.told_at || (all_told && now - *of.told_at >= quiet));
            entry = over ? each.of_subject.erase(entry) : std::next(entry);
        }
}

void incident_rules::forget_old(tally& of, std::chrono::seconds within, steady_point now) {
    while (!of.recent.empty() && now - of.recent.front().first >= within) {
        of.in_window -= of.recent.front().second;
        of.recent.pop_front();
    }
    const auto young =
        std::ranges::find_if(of.things, [&](const seen_thing& each) { return now - each.at < within; });
    if (young != of.things.begin()) {
        of.things.erase(of.things.begin(), young);
        of.and_more = false;
    }
    if (!of.told_at)
        of.untold = of.in_window;
}

void incident_rules::tell_if_due(const alert_rule& rule, tally& of, steady_point now, const tell& told) {
    const security_condition& when = condition_of(rule);
    const bool quiet_is_over = of.told_at && of.untold > 0 && now - *of.told_at >= quiet;
    // What goes on is told on, however slowly; but of distinct things only while they are many: somebody
    // mistypes a password at any time.
    const bool due = counts_things(when.incident) ? std::cmp_greater_equal(of.things.size(), when.count) &&
                                                        (!of.told_at || quiet_is_over)
                                                  : (of.told_at ? quiet_is_over : of.in_window >= when.count);
    if (!due)
        return;
    std::vector<std::uint64_t> places;
    std::ranges::transform(of.things, std::back_inserter(places),
                           [](const seen_thing& each) { return each.is.from; });
    std::ranges::sort(places);
    const auto repeated = std::ranges::unique(places);
    of.told_at = now;
    told({.rule = rule,
          .what = of.what,
          .count = std::exchange(of.untold, 0),
          .things = of.things.size(),
          .places = places.size() - repeated.size(),
          .and_more = of.and_more});
}

} // namespace breakwater::alerts
