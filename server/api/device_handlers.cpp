#include "api/device_handlers.hpp"

#include "api/conversions.hpp"
#include "api/cursor.hpp"
#include "api/handler_support.hpp"
#include "wire/device_dto.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace breakwater::api::devices {

namespace {

result<uuid> id_of(const http::request& request) {
    return wire::schema::parse_path<uuid>("id", request.path_parameters[0]);
}

http::response respond_with(const dependencies& deps, const http::request& request,
                            const result<services::device_details>& details) {
    if (!details)
        return to_response(details.error(), request);
    return json(to_detail(details->device, details->last_reading_at,
                          deps.policies.expected_interval(details->device), caller_of(request)));
}

http::response respond_with(const http::request& request, const result<device>& changed) {
    if (!changed)
        return to_response(changed.error(), request);
    return json(wire::device_state_change{.id = changed->id,
                                          .status = wire::to_dto(changed->status),
                                          .deactivated_at = changed->deactivated_at});
}

http::response respond_with(const http::request& request, result<services::new_secret> credentials,
                            unsigned status) {
    if (!credentials)
        return to_response(credentials.error(), request);
    return json(wire::device_credentials{.device_id = credentials->id,
                                         .device_secret = std::move(credentials->secret),
                                         .category = credentials->kind},
                status);
}

struct device_page {
    std::vector<device> devices;
    bool has_more = false;
};

/// The page of devices that a list query requests.
template <class Query>
result<device_page> find_page(const dependencies& deps, const http::request& request, const Query& query) {
    storage::device_query filter{.owner = std::nullopt,
                                 .status = query.status,
                                 .category = query.category,
                                 .name_contains = query.q ? query.q->value : std::string{},
                                 .after = std::nullopt,
                                 .limit = std::nullopt};
    if (query.cursor) {
        const auto position = device_cursor(query.cursor->value);
        if (!position)
            return std::unexpected(position.error());
        filter.after = *position;
    }
    if (query.limit)
        filter.limit =
            static_cast<std::size_t>(query.limit->value) + 1; // one more shows whether there is a next page
    auto devices = deps.devices.list(std::move(filter), caller_of(request));
    if (!devices)
        return pass(std::move(devices));
    device_page page{.devices = std::move(*devices)};
    page.has_more = query.limit && std::cmp_greater(page.devices.size(), query.limit->value);
    if (page.has_more)
        page.devices.pop_back();
    return page;
}

void add_next(http::response& response, const http::request& request, const device_page& page) {
    if (!page.has_more)
        return;
    const device& last = page.devices.back();
    add_next_cursor(response, request, to_cursor(storage::device_query::position{last.created_at, last.id}));
}

/// The latest values of devices as a JSON array, produced a few devices at a time while the response is sent.
/// For a large fleet the array has megabytes, and a request must not hold a thread that long.
class latest_body final : public http::body_source {
public:
    latest_body(const dependencies& deps, std::vector<device> devices, bool include_simulated)
        : readings_{deps.readings},
          policies_{deps.policies},
          devices_{std::move(devices)},
          include_simulated_{include_simulated} {}

    result<bool> next(std::string& out) override {
        if (ended_)
            return false;
        std::string chunk;
        while (next_ < devices_.size() && chunk.size() < chunk_size) {
            const auto batch =
                std::span{devices_}.subspan(next_, std::min(devices_per_read, devices_.size() - next_));
            auto states = readings_.latest(batch, include_simulated_);
            if (!states)
                return pass(std::move(states));
            for (std::size_t i = 0; i < batch.size(); ++i) {
                chunk += next_ + i == 0 ? '[' : ',';
                chunk += wire::schema::to_json(wire::to_latest(batch[i], std::move((*states)[i]),
                                                               policies_.expected_interval(batch[i])));
            }
            next_ += batch.size();
        }
        out += chunk;
        ended_ = next_ == devices_.size();
        if (ended_)
            out += devices_.empty() ? "[]" : "]";
        return true;
    }

private:
    static constexpr std::size_t devices_per_read = 16;
    static constexpr std::size_t chunk_size = std::size_t{64} << 10;

    services::reading_service& readings_;
    const services::policy_service& policies_;
    const std::vector<device> devices_;
    const bool include_simulated_;
    std::size_t next_ = 0;
    bool ended_ = false;
};

} // namespace

http::response categories(const dependencies&, const http::request&) {
    std::vector<wire::category_response> rows;
    for (const category_info& kind : breakwater::categories())
        rows.push_back(wire::to_dto(kind));
    return json(rows);
}

http::response create(const dependencies& deps, const http::request& request) {
    const auto body = wire::schema::parse<wire::create_device_request>(request.body);
    if (!body)
        return to_response(body.error(), request);
    return respond_with(request, deps.devices.create(body->name.value, body->category, caller_of(request)),
                        201);
}

http::response list(const dependencies& deps, const http::request& request) {
    const auto query = parse_query<wire::device_list_query>(request.query);
    if (!query)
        return to_response(query.error(), request);
    const auto page = find_page(deps, request, *query);
    if (!page)
        return to_response(page.error(), request);
    std::vector<wire::device_summary> rows;
    rows.reserve(page->devices.size());
    for (const device& entry : page->devices)
        rows.push_back(wire::to_summary(entry, deps.policies.expected_interval(entry)));
    http::response response = json(rows);
    add_next(response, request, *page);
    return response;
}

http::response latest(const dependencies& deps, const http::request& request) {
    const auto query = parse_query<wire::device_latest_query>(request.query);
    if (!query)
        return to_response(query.error(), request);
    auto page = find_page(deps, request, *query);
    if (!page)
        return to_response(page.error(), request);
    http::response response;
    add_next(response, request, *page);
    response.stream = std::make_unique<latest_body>(deps, std::move(page->devices), query->include_simulated);
    return response;
}

http::response get(const dependencies& deps, const http::request& request) {
    const auto id = id_of(request);
    if (!id)
        return to_response(id.error(), request);
    return respond_with(deps, request, deps.devices.get(*id, caller_of(request)));
}

http::response update(const dependencies& deps, const http::request& request) {
    const auto id = id_of(request);
    if (!id)
        return to_response(id.error(), request);
    auto body = wire::schema::parse<wire::update_device_request>(request.body);
    if (!body)
        return to_response(body.error(), request);
    if (body->status == wire::api_device_status::deleted)
        return to_response(
            error{.code = errc::bad_state, .detail = "To delete a device, send DELETE /devices/{id}."},
            request);
    services::device_changes changes{.name = std::nullopt, .kind = body->category, .status = std::nullopt};
    if (body->name)
        changes.name = std::move(body->name->value);
    if (body->reason)
        changes.reason = std::move(body->reason->value);
    if (body->status)
        changes.status =
            body->status == wire::api_device_status::blocked ? device_status::blocked : device_status::active;
    return respond_with(deps, request, deps.devices.update(*id, changes, caller_of(request)));
}

http::response remove(const dependencies& deps, const http::request& request) {
    const auto id = id_of(request);
    if (!id)
        return to_response(id.error(), request);
    const auto removed_at = deps.devices.remove(*id, caller_of(request));
    if (!removed_at)
        return to_response(removed_at.error(), request);
    return json(wire::device_state_change{
        .id = *id, .status = wire::api_device_status::deleted, .deactivated_at = *removed_at});
}

http::response deactivate(const dependencies& deps, const http::request& request) {
    const auto id = id_of(request);
    if (!id)
        return to_response(id.error(), request);
    return respond_with(request, deps.devices.deactivate(*id, caller_of(request)));
}

http::response invalidate_tokens(const dependencies& deps, const http::request& request) {
    const auto id = id_of(request);
    if (!id)
        return to_response(id.error(), request);
    return respond_with(request, deps.devices.invalidate_tokens(*id, caller_of(request)));
}

http::response rotate_secret(const dependencies& deps, const http::request& request) {
    const auto id = id_of(request);
    if (!id)
        return to_response(id.error(), request);
    return respond_with(request, deps.devices.rotate_secret(*id, caller_of(request)), 200);
}

} // namespace breakwater::api::devices
