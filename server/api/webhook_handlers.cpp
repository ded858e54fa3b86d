#include "api/webhook_handlers.hpp"

#include "api/cursor.hpp"
#include "api/dto/webhook_dto.hpp"
#include "api/handler_support.hpp"

namespace breakwater::api::webhooks {

namespace {

result<std::int64_t> id_of(const http::request& asked) {
    return schema::parse_path<std::int64_t>("id", asked.path_parameters[0]);
}

template <class Domain>
std::vector<decltype(dto::to_dto(std::declval<Domain>()))> rows_of(const std::vector<Domain>& found) {
    std::vector<decltype(dto::to_dto(std::declval<Domain>()))> rows;
    rows.reserve(found.size());
    for (const Domain& row : found)
        rows.push_back(dto::to_dto(row));
    return rows;
}

} // namespace

http::response list(const api_parts& with, const http::request& asked) {
    const auto found = with.webhooks.list();
    if (!found)
        return to_response(found.error(), asked);
    return json(rows_of(*found));
}

http::response create(const api_parts& with, const http::request& asked) {
    const auto body = schema::parse<dto::create_webhook_request>(asked.body);
    if (!body)
        return to_response(body.error(), asked);
    const auto made = with.webhooks.create(dto::to_domain(*body), caller_of(asked));
    if (!made)
        return to_response(made.error(), asked);
    return json(dto::to_dto(*made), 201);
}

http::response update(const api_parts& with, const http::request& asked) {
    const auto id = id_of(asked);
    if (!id)
        return to_response(id.error(), asked);
    const auto body = schema::parse<dto::update_webhook_request>(asked.body);
    if (!body)
        return to_response(body.error(), asked);
    const auto changed = with.webhooks.update(dto::to_domain(*body, *id), caller_of(asked));
    if (!changed)
        return to_response(changed.error(), asked);
    return json(dto::to_dto(*changed));
}

http::response remove(const api_parts& with, const http::request& asked) {
    const auto id = id_of(asked);
    if (!id)
        return to_response(id.error(), asked);
    if (const auto done = with.webhooks.remove(*id, caller_of(asked)); !done)
        return to_response(done.error(), asked);
    return no_content();
}

http::response test(const api_parts& with, const http::request& asked) {
    const auto id = id_of(asked);
    if (!id)
        return to_response(id.error(), asked);
    const auto queued = with.webhooks.test(*id, caller_of(asked));
    if (!queued)
        return to_response(queued.error(), asked);
    return json(dto::webhook_test_response{.delivery_id = *queued}, 202);
}

http::response deliveries(const api_parts& with, const http::request& asked) {
    const auto query = schema::parse_query<dto::delivery_list_query>(asked.query);
    if (!query)
        return to_response(query.error(), asked);
    const auto limit = static_cast<std::size_t>(query->limit.value);
    storage::delivery_query wanted{.state = query->state, .limit = limit + 1};
    if (query->webhook_id)
        wanted.webhook = query->webhook_id->value;
    if (query->cursor) {
        const auto place = delivery_cursor(query->cursor->value);
        if (!place)
            return to_response(place.error(), asked);
        wanted.before = *place;
    }
    auto found = with.webhooks.deliveries(wanted);
    if (!found)
        return to_response(found.error(), asked);
    const bool more = found->size() > limit;
    if (more)
        found->pop_back();
    http::response answer = json(rows_of(*found));
    if (more)
        add_next_cursor(answer, asked, delivery_cursor_of(found->back().id));
    return answer;
}

http::response retry(const api_parts& with, const http::request& asked) {
    const auto id = id_of(asked);
    if (!id)
        return to_response(id.error(), asked);
    const auto now = with.webhooks.retry(*id, caller_of(asked));
    if (!now)
        return to_response(now.error(), asked);
    return json(dto::to_dto(*now));
}

} // namespace breakwater::api::webhooks
