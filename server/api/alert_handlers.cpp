#include "api/alert_handlers.hpp"

#include "api/cursor.hpp"
#include "api/dto/alert_dto.hpp"
#include "api/handler_support.hpp"

namespace breakwater::api::alerts {

namespace {

using settle = result<alert> (services::alert_service::*)(alert_id, std::string_view,
                                                          const services::caller&);

result<std::int64_t> id_of(const http::request& asked) {
    return schema::parse_path<std::int64_t>("id", asked.path_parameters[0]);
}

template <class Domain>
http::response answer_with(const http::request& asked, const result<Domain>& found, unsigned status = 200) {
    if (!found)
        return to_response(found.error(), asked);
    return json(dto::to_dto(*found), status);
}

http::response settled_by(settle how, const api_parts& with, const http::request& asked) {
    const auto id = id_of(asked);
    if (!id)
        return to_response(id.error(), asked);
    const auto body = schema::parse<dto::alert_note_request>(asked.body);
    if (!body)
        return to_response(body.error(), asked);
    return answer_with(asked, (with.alerts.*how)(*id, body->note ? std::string_view{body->note->value} : "",
                                                 caller_of(asked)));
}

result<alert_rule> rule_in(const http::request& asked) {
    const auto body = schema::parse<dto::alert_rule_request>(asked.body);
    if (!body)
        return std::unexpected(body.error());
    return dto::to_domain(*body);
}

/// Where attackers have to stay below is for administrators; a rule for one device is for those who may see
/// that.
bool may_know(const api_parts& with, const alert_rule& rule, const services::caller& who) {
    if (rule.kind() == alert_kind::security && !who.administrator)
        return false;
    return !rule.device || with.devices.may_see(*rule.device, who);
}

std::optional<alert_state> state_of(const std::optional<dto::alert_state_filter>& filter) {
    if (!filter || *filter == dto::alert_state_filter::live)
        return std::nullopt;
    return static_cast<alert_state>(*filter);
}

} // namespace

http::response list(const api_parts& with, const http::request& asked) {
    const auto query = schema::parse_query<dto::alert_list_query>(asked.query);
    if (!query)
        return to_response(query.error(), asked);
    const auto limit = static_cast<std::size_t>(query->limit.value);
    storage::alert_query wanted{.state = state_of(query->state),
                                .live = query->state == dto::alert_state_filter::live,
                                .severity = query->severity,
                                .device = query->device_id,
                                .limit = limit + 1};
    if (query->rule_id)
        wanted.rule = query->rule_id->value;
    if (query->cursor) {
        const auto place = alert_cursor(query->cursor->value);
        if (!place)
            return to_response(place.error(), asked);
        wanted.before = *place;
    }
    auto found = with.alerts.list(wanted, caller_of(asked));
    if (!found)
        return to_response(found.error(), asked);
    const bool more = found->size() > limit;
    if (more)
        found->pop_back();
    std::vector<dto::alert_response> rows;
    rows.reserve(found->size());
    for (const alert& row : *found)
        rows.push_back(dto::to_dto(row));
    http::response answer = json(rows);
    if (more)
        add_next_cursor(answer, asked, alert_cursor_of(found->back().id));
    return answer;
}

http::response summary(const api_parts& with, const http::request& asked) {
    return answer_with(asked, with.alerts.summary(caller_of(asked)));
}

http::response get(const api_parts& with, const http::request& asked) {
    const auto id = id_of(asked);
    if (!id)
        return to_response(id.error(), asked);
    return answer_with(asked, with.alerts.get(*id, caller_of(asked)));
}

http::response acknowledge(const api_parts& with, const http::request& asked) {
    return settled_by(&services::alert_service::acknowledge, with, asked);
}

http::response resolve(const api_parts& with, const http::request& asked) {
    return settled_by(&services::alert_service::resolve, with, asked);
}

http::response list_rules(const api_parts& with, const http::request& asked) {
    const auto found = with.alerts.rules();
    if (!found)
        return to_response(found.error(), asked);
    std::vector<dto::alert_rule_response> rows;
    rows.reserve(found->size());
    for (const alert_rule& row : *found)
        if (may_know(with, row, caller_of(asked)))
            rows.push_back(dto::to_dto(row));
    return json(rows);
}

http::response get_rule(const api_parts& with, const http::request& asked) {
    const auto id = id_of(asked);
    if (!id)
        return to_response(id.error(), asked);
    auto found = with.alerts.rule(*id);
    if (found && !may_know(with, *found, caller_of(asked)))
        found = fail(errc::not_found, "Alert rule not found.");
    return answer_with(asked, found);
}

http::response create_rule(const api_parts& with, const http::request& asked) {
    auto rule = rule_in(asked);
    if (!rule)
        return to_response(rule.error(), asked);
    return answer_with(asked, with.alerts.create_rule(std::move(*rule), caller_of(asked)), 201);
}

http::response update_rule(const api_parts& with, const http::request& asked) {
    const auto id = id_of(asked);
    if (!id)
        return to_response(id.error(), asked);
    auto rule = rule_in(asked);
    if (!rule)
        return to_response(rule.error(), asked);
    rule->id = *id;
    return answer_with(asked, with.alerts.update_rule(std::move(*rule), caller_of(asked)));
}

http::response remove_rule(const api_parts& with, const http::request& asked) {
    const auto id = id_of(asked);
    if (!id)
        return to_response(id.error(), asked);
    if (const auto done = with.alerts.remove_rule(*id, caller_of(asked)); !done)
        return to_response(done.error(), asked);
    return no_content();
}

std::string json_of(const alert& what) {
    return schema::to_json(dto::to_dto(what));
}

} // namespace breakwater::api::alerts
