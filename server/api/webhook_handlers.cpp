#include "api/webhook_handlers.hpp"

#include "api/cursor.hpp"
#include "api/handler_support.hpp"
#include "wire/webhook_dto.hpp"

namespace breakwater::api::webhooks {

namespace {

result<std::int64_t> id_of(const http::request& request) {
    return wire::schema::parse_path<std::int64_t>("id", request.path_parameters[0]);
}

template <class Domain>
std::vector<decltype(wire::to_dto(std::declval<Domain>()))> rows_of(const std::vector<Domain>& values) {
    std::vector<decltype(wire::to_dto(std::declval<Domain>()))> rows;
    rows.reserve(values.size());
    for (const Domain& value : values)
        rows.push_back(wire::to_dto(value));
    return rows;
}

} // namespace

http::response list(const dependencies& deps, const http::request& request) {
    const auto webhooks = deps.webhooks.list();
    if (!webhooks)
        return to_response(webhooks.error(), request);
    return json(rows_of(*webhooks));
}

http::response create(const dependencies& deps, const http::request& request) {
    const auto body = wire::schema::parse<wire::create_webhook_request>(request.body);
    if (!body)
        return to_response(body.error(), request);
    const auto created = deps.webhooks.create(wire::to_domain(*body), caller_of(request));
    if (!created)
        return to_response(created.error(), request);
    return json(wire::to_dto(*created), 201);
}

http::response update(const dependencies& deps, const http::request& request) {
    const auto id = id_of(request);
    if (!id)
        return to_response(id.error(), request);
    const auto body = wire::schema::parse<wire::update_webhook_request>(request.body);
    if (!body)
        return to_response(body.error(), request);
    const auto updated = deps.webhooks.update(wire::to_domain(*body, *id), caller_of(request));
    if (!updated)
        return to_response(updated.error(), request);
    return json(wire::to_dto(*updated));
}

http::response remove(const dependencies& deps, const http::request& request) {
    const auto id = id_of(request);
    if (!id)
        return to_response(id.error(), request);
    if (const auto removed = deps.webhooks.remove(*id, caller_of(request)); !removed)
        return to_response(removed.error(), request);
    return no_content();
}

http::response test(const dependencies& deps, const http::request& request) {
    const auto id = id_of(request);
    if (!id)
        return to_response(id.error(), request);
    const auto queued = deps.webhooks.test(*id, caller_of(request));
    if (!queued)
        return to_response(queued.error(), request);
    return json(wire::webhook_test_response{.delivery_id = *queued}, 202);
}

http::response deliveries(const dependencies& deps, const http::request& request) {
    const auto query = parse_query<wire::delivery_list_query>(request.query);
    if (!query)
        return to_response(query.error(), request);
    const auto limit = static_cast<std::size_t>(query->limit.value);
    services::delivery_query filter{.state = query->state, .limit = limit + 1};
    if (query->webhook_id)
        filter.webhook = query->webhook_id->value;
    if (query->cursor) {
        const auto position = delivery_cursor(query->cursor->value);
        if (!position)
            return to_response(position.error(), request);
        filter.before = *position;
    }
    auto page = deps.webhooks.deliveries(filter);
    if (!page)
        return to_response(page.error(), request);
    const bool has_more = page->size() > limit;
    if (has_more)
        page->pop_back();
    http::response response = json(rows_of(*page));
    if (has_more)
        add_next_cursor(response, request, delivery_cursor_of(page->back().id));
    return response;
}

http::response retry(const dependencies& deps, const http::request& request) {
    const auto id = id_of(request);
    if (!id)
        return to_response(id.error(), request);
    const auto delivery = deps.webhooks.retry(*id, caller_of(request));
    if (!delivery)
        return to_response(delivery.error(), request);
    return json(wire::to_dto(*delivery));
}

} // namespace breakwater::api::webhooks
