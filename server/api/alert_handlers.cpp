#include "api/alert_handlers.hpp"

#include "api/cursor.hpp"
#include "api/handler_support.hpp"
#include "wire/alert_dto.hpp"

namespace breakwater::api::alerts {

namespace {

using alert_transition = result<alert> (services::alert_service::*)(alert_id, std::string_view,
                                                                    const services::caller&);

result<std::int64_t> id_of(const http::request& request) {
    return wire::schema::parse_path<std::int64_t>("id", request.path_parameters[0]);
}

template <class Domain>
http::response respond_with(const http::request& request, const result<Domain>& value,
                            unsigned status = 200) {
    if (!value)
        return to_response(value.error(), request);
    return json(wire::to_dto(*value), status);
}

http::response apply_transition(alert_transition transition, const dependencies& deps,
                                const http::request& request) {
    const auto id = id_of(request);
    if (!id)
        return to_response(id.error(), request);
    const auto body = wire::schema::parse<wire::alert_note_request>(request.body);
    if (!body)
        return to_response(body.error(), request);
    return respond_with(request,
                        (deps.alerts.*transition)(*id, body->note ? std::string_view{body->note->value} : "",
                                                  caller_of(request)));
}

result<alert_rule> parse_rule(const http::request& request) {
    const auto body = wire::schema::parse<wire::alert_rule_request>(request.body);
    if (!body)
        return std::unexpected(body.error());
    return wire::to_domain(*body);
}

bool may_see(const dependencies& deps, const alert_rule& rule, const services::caller& caller) {
    if (rule.kind() == alert_kind::security && !caller.may(identity::action::see_incident_rules))
        return false;
    return !rule.device || deps.devices.may_see(*rule.device, caller);
}

std::optional<alert_state> state_of(const std::optional<wire::alert_state_filter>& filter) {
    if (!filter || *filter == wire::alert_state_filter::live)
        return std::nullopt;
    return static_cast<alert_state>(*filter);
}

} // namespace

http::response list(const dependencies& deps, const http::request& request) {
    const auto query = parse_query<wire::alert_list_query>(request.query);
    if (!query)
        return to_response(query.error(), request);
    const auto limit = static_cast<std::size_t>(query->limit.value);
    storage::alert_query filter{.state = state_of(query->state),
                                .live = query->state == wire::alert_state_filter::live,
                                .severity = query->severity,
                                .device = query->device_id,
                                .limit = limit + 1};
    if (query->rule_id)
        filter.rule = query->rule_id->value;
    if (query->cursor) {
        const auto position = alert_cursor(query->cursor->value);
        if (!position)
            return to_response(position.error(), request);
        filter.before = *position;
    }
    auto alerts = deps.alerts.list(filter, caller_of(request));
    if (!alerts)
        return to_response(alerts.error(), request);
    const bool has_more = alerts->size() > limit;
    if (has_more)
        alerts->pop_back();
    std::vector<wire::alert_response> rows;
    rows.reserve(alerts->size());
    for (const alert& entry : *alerts)
        rows.push_back(wire::to_dto(entry));
    http::response response = json(rows);
    if (has_more)
        add_next_cursor(response, request, alert_cursor_of(alerts->back().id));
    return response;
}

http::response summary(const dependencies& deps, const http::request& request) {
    return respond_with(request, deps.alerts.summary(caller_of(request)));
}

http::response get(const dependencies& deps, const http::request& request) {
    const auto id = id_of(request);
    if (!id)
        return to_response(id.error(), request);
    return respond_with(request, deps.alerts.get(*id, caller_of(request)));
}

http::response acknowledge(const dependencies& deps, const http::request& request) {
    return apply_transition(&services::alert_service::acknowledge, deps, request);
}

http::response resolve(const dependencies& deps, const http::request& request) {
    return apply_transition(&services::alert_service::resolve, deps, request);
}

http::response list_rules(const dependencies& deps, const http::request& request) {
    const auto rules = deps.alerts.rules();
    if (!rules)
        return to_response(rules.error(), request);
    std::vector<wire::alert_rule_response> rows;
    rows.reserve(rules->size());
    for (const alert_rule& rule : *rules)
        if (may_see(deps, rule, caller_of(request)))
            rows.push_back(wire::to_dto(rule));
    return json(rows);
}

http::response get_rule(const dependencies& deps, const http::request& request) {
    const auto id = id_of(request);
    if (!id)
        return to_response(id.error(), request);
    auto rule = deps.alerts.rule(*id);
    if (rule && !may_see(deps, *rule, caller_of(request)))
        rule = fail(errc::not_found, "Alert rule not found.");
    return respond_with(request, rule);
}

http::response create_rule(const dependencies& deps, const http::request& request) {
    auto rule = parse_rule(request);
    if (!rule)
        return to_response(rule.error(), request);
    return respond_with(request, deps.alerts.create_rule(std::move(*rule), caller_of(request)), 201);
}

http::response update_rule(const dependencies& deps, const http::request& request) {
    const auto id = id_of(request);
    if (!id)
        return to_response(id.error(), request);
    auto rule = parse_rule(request);
    if (!rule)
        return to_response(rule.error(), request);
    rule->id = *id;
    return respond_with(request, deps.alerts.update_rule(std::move(*rule), caller_of(request)));
}

http::response remove_rule(const dependencies& deps, const http::request& request) {
    const auto id = id_of(request);
    if (!id)
        return to_response(id.error(), request);
    if (const auto removed = deps.alerts.remove_rule(*id, caller_of(request)); !removed)
        return to_response(removed.error(), request);
    return no_content();
}

} // namespace breakwater::api::alerts
