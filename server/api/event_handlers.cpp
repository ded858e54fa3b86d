#include "api/event_handlers.hpp"

#include "api/cursor.hpp"
#include "api/handler_support.hpp"
#include "wire/admin_dto.hpp"

namespace breakwater::api::events {

namespace {

/// The parameters that both lists have in common.
template <class Query>
result<storage::event_query> filter_of(const Query& query) {
    storage::event_query filter{.since = query.since,
                                .until = query.until,
                                .type = query.event_type,
                                .status = query.status,
                                .limit = static_cast<std::size_t>(query.limit.value) + 1};
    if (query.cursor) {
        const auto position = event_cursor(query.cursor->value);
        if (!position)
            return std::unexpected(position.error());
        filter.before = *position;
    }
    return filter;
}

/// `events` has one event more than `limit` if there is a next page.
http::response page_of(std::vector<security_event> events, std::size_t limit, const http::request& request) {
    const bool has_more = events.size() > limit;
    if (has_more)
        events.pop_back();
    std::vector<wire::security_event_response> rows;
    rows.reserve(events.size());
    for (const security_event& event : events)
        rows.push_back(wire::to_dto(event));
    http::response response = json(rows);
    if (has_more)
        add_next_cursor(response, request, event_cursor_of(events.back().id));
    return response;
}

} // namespace

http::response list(const dependencies& deps, const http::request& request) {
    const auto query = parse_query<wire::event_list_query>(request.query);
    if (!query)
        return to_response(query.error(), request);
    if (query->target_id && !query->target_type)
        return to_response(bad_query("target_type", "Required with target_id."), request);
    auto filter = filter_of(*query);
    if (!filter)
        return to_response(filter.error(), request);
    filter->actor = query->actor_type;
    if (query->actor_id)
        filter->actor_id = query->actor_id->value;
    filter->target_type = query->target_type;
    if (query->target_id) {
        filter->target_id = query->target_id->value;
        if (query->target_type == target_type::device || query->target_type == target_type::session) {
            const auto id = uuid::parse(*filter->target_id);
            if (!id)
                return to_response(bad_query("target_id", "Must be a UUID."), request);
            filter->target_id = id->to_string();
        }
    }
    filter->routine = query->routine;
    auto events = deps.audit.list(*filter);
    if (!events)
        return to_response(events.error(), request);
    return page_of(std::move(*events), filter->limit - 1, request);
}

http::response of_device(const dependencies& deps, const http::request& request) {
    const auto id = wire::schema::parse_path<uuid>("id", request.path_parameters[0]);
    if (!id)
        return to_response(id.error(), request);
    const auto query = parse_query<wire::device_event_query>(request.query);
    if (!query)
        return to_response(query.error(), request);
    auto filter = filter_of(*query);
    if (!filter)
        return to_response(filter.error(), request);
    // A request for one type of event includes routine events of that type.
    filter->routine = query->routine.value_or(query->event_type.has_value());
    if (const auto state = deps.devices.state_of(*id, caller_of(request)); !state)
        return to_response(state.error(), request);
    const std::size_t limit = filter->limit - 1;
    auto events = deps.audit.of_device(*id, std::move(*filter), caller_of(request));
    if (!events)
        return to_response(events.error(), request);
    return page_of(std::move(*events), limit, request);
}

} // namespace breakwater::api::events
