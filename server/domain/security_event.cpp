#include "domain/security_event.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace breakwater {

namespace {

template <class Enum, std::size_t N>
using names = std::array<std::pair<Enum, std::string_view>, N>;

constexpr names<actor_type, 4> actor_names{{{actor_type::user, "user"},
                                            {actor_type::device, "device"},
                                            {actor_type::system, "system"},
                                            {actor_type::anonymous, "anonymous"}}};

constexpr names<event_status, 3> status_names{
    {{event_status::success, "success"}, {event_status::denied, "denied"}, {event_status::error, "error"}}};

constexpr names<target_type, 8> target_names{{{target_type::device, "device"},
                                              {target_type::user, "user"},
                                              {target_type::session, "session"},
                                              {target_type::alert, "alert"},
                                              {target_type::alert_rule, "alert_rule"},
                                              {target_type::webhook, "webhook"},
                                              {target_type::policy, "policy"},
                                              {target_type::invitation, "invitation"}}};

constexpr auto type_names = std::to_array<std::pair<event_type, std::string_view>>({
    {event_type::register_account, "register"},
    {event_type::login, "login"},
    {event_type::refresh, "refresh"},
    {event_type::logout, "logout"},
    {event_type::device_create, "device_create"},
    {event_type::device_update, "device_update"},
    {event_type::device_block, "device_block"},
    {event_type::device_delete, "device_delete"},
    {event_type::device_secret_rotate, "device_secret_rotate"},
    {event_type::device_token_invalidate, "device_token_invalidate"},
    {event_type::device_auth, "device_auth"},
    {event_type::reading_accept, "reading_accept"},
    {event_type::reading_reject, "reading_reject"},
    {event_type::reading_rate_limit, "reading_rate_limit"},
    {event_type::reading_seed, "reading_seed"},
    {event_type::user_create, "user_create"},
    {event_type::user_update, "user_update"},
    {event_type::user_delete, "user_delete"},
    {event_type::refresh_reuse, "refresh_reuse"},
    {event_type::login_throttled, "login_throttled"},
    {event_type::device_auth_throttled, "device_auth_throttled"},
    {event_type::register_throttled, "register_throttled"},
    {event_type::missing_authorization, "missing_authorization"},
    {event_type::jwt_invalid, "jwt_invalid"},
    {event_type::device_forbidden, "device_forbidden"},
    {event_type::admin_forbidden, "admin_forbidden"},
    {event_type::request_refused, "request_refused"},
    {event_type::log_retention, "log_retention"},
    {event_type::export_data, "export_data"},
    {event_type::policy_update, "policy_update"},
    {event_type::import_data, "import_data"},
    {event_type::alert_raise, "alert_raise"},
    {event_type::alert_acknowledge, "alert_acknowledge"},
    {event_type::alert_resolve, "alert_resolve"},
    {event_type::alert_rule_create, "alert_rule_create"},
    {event_type::alert_rule_update, "alert_rule_update"},
    {event_type::alert_rule_delete, "alert_rule_delete"},
    {event_type::webhook_create, "webhook_create"},
    {event_type::webhook_update, "webhook_update"},
    {event_type::webhook_delete, "webhook_delete"},
    {event_type::webhook_dead_letter, "webhook_dead_letter"},
    {event_type::call_rate_limit, "call_rate_limit"},
    {event_type::session_end, "session_end"},
    {event_type::invitation_create, "invitation_create"},
    {event_type::invitation_delete, "invitation_delete"},
    {event_type::clock_forward, "clock_forward"},
    {event_type::clock_back, "clock_back"},
    {event_type::retention_release, "retention_release"},
});

template <class Enum, std::size_t N>
std::string_view name_in(const names<Enum, N>& table, Enum value) noexcept {
    for (const auto& [entry, name] : table)
        if (entry == value)
            return name;
    return "unknown";
}

template <class Enum, std::size_t N>
std::optional<Enum> value_in(const names<Enum, N>& table, std::string_view text) noexcept {
    for (const auto& [entry, name] : table)
        if (name == text)
            return entry;
    return std::nullopt;
}

} // namespace

std::string_view to_string(actor_type value) noexcept {
    return name_in(actor_names, value);
}
std::string_view to_string(event_status value) noexcept {
    return name_in(status_names, value);
}
std::string_view to_string(event_type value) noexcept {
    return name_in(type_names, value);
}
std::string_view to_string(target_type value) noexcept {
    return name_in(target_names, value);
}
std::optional<actor_type> parse_actor_type(std::string_view text) noexcept {
    return value_in(actor_names, text);
}
std::optional<event_status> parse_event_status(std::string_view text) noexcept {
    return value_in(status_names, text);
}
std::optional<event_type> parse_event_type(std::string_view text) noexcept {
    return value_in(type_names, text);
}
std::optional<target_type> parse_target_type(std::string_view text) noexcept {
    return value_in(target_names, text);
}

void add_target(security_event& event, event_target target) {
    if (event.target == target || std::ranges::find(event.other_targets, target) != event.other_targets.end())
        return;
    if (!event.target)
        event.target = std::move(target);
    else if (event.other_targets.size() < max_other_targets)
        event.other_targets.push_back(std::move(target));
    else
        ++event.unlisted_targets;
}

} // namespace breakwater
