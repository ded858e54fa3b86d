#include "api/event_handlers.hpp"

#include "api/cursor.hpp"
#include "api/dto/admin_dto.hpp"
#include "api/handler_support.hpp"

namespace breakwater::api::events {

namespace {

/// What both lists can be asked for.
template <class Query>
result<storage::event_query> wanted_by(const Query& query) {
    storage::event_query wanted{.since = query.since,
                                .until = query.until,
                                .type = query.event_type,
                                .status = query.status,
                                .limit = static_cast<std::size_t>(query.limit.value) + 1};
    if (query.cursor) {
        const auto place = event_cursor(query.cursor->value);
        if (!place)
            return std::unexpected(place.error());
        wanted.before = *place;
    }
    return wanted;
}

/// `found` has one more than the page, where there are more.
http::response page_of(std::vector<security_event> found, std::size_t limit, const http::request& asked) {
    const bool more = found.size() > limit;
    if (more)
        found.pop_back();
    std::vector<dto::security_event_response> rows;
    rows.reserve(found.size());
    for (const security_event& row : found)
        rows.push_back(dto::to_dto(row));
    http::response answer = json(rows);
    if (more)
        add_next_cursor(answer, asked, event_cursor_of(found.back().id));
    return answer;
}

} // namespace

http::response list(const api_parts& with, const http::request& asked) {
    const auto query = schema::parse_query<dto::event_list_query>(asked.query);
    if (!query)
        return to_response(query.error(), asked);
    if (query->target_id && !query->target_type)
        return to_response(bad_query("target_type", "Must be given with target_id."), asked);
    auto wanted = wanted_by(*query);
    if (!wanted)
        return to_response(wanted.error(), asked);
    wanted->actor = query->actor_type;
    if (query->actor_id)
        wanted->actor_id = query->actor_id->value;
    wanted->target_type = query->target_type;
    if (query->target_id) {
        wanted->target_id = query->target_id->value;
        if (query->target_type == target_type::device || query->target_type == target_type::session) {
            const auto id = uuid::parse(*wanted->target_id);
            if (!id)
                return to_response(bad_query("target_id", "Must be a UUID."), asked);
            wanted->target_id = id->to_string();
        }
    }
    wanted->routine = query->routine;
    auto found = with.audit.list(*wanted);
    if (!found)
        return to_response(found.error(), asked);
    return page_of(std::move(*found), wanted->limit - 1, asked);
}

http::response of_device(const api_parts& with, const http::request& asked) {
    const auto id = schema::parse_path<uuid>("id", asked.path_parameters[0]);
    if (!id)
        return to_response(id.error(), asked);
    const auto query = schema::parse_query<dto::device_event_query>(asked.query);
    if (!query)
        return to_response(query.error(), asked);
    auto wanted = wanted_by(*query);
    if (!wanted)
        return to_response(wanted.error(), asked);
    // Whoever asks for a type wants it, routine or not.
    wanted->routine = query->routine.value_or(query->event_type.has_value());
    if (const auto known = with.devices.state_of(*id, caller_of(asked)); !known)
        return to_response(known.error(), asked);
    const std::size_t limit = wanted->limit - 1;
    auto found = with.audit.of_device(*id, std::move(*wanted), caller_of(asked));
    if (!found)
        return to_response(found.error(), asked);
    return page_of(std::move(*found), limit, asked);
}

} // namespace breakwater::api::events
