#include "api/device_handlers.hpp"

#include "api/cursor.hpp"
#include "api/dto/device_dto.hpp"
#include "api/handler_support.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace breakwater::api::devices {

namespace {

result<uuid> id_of(const http::request& asked) {
    return schema::parse_path<uuid>("id", asked.path_parameters[0]);
}

http::response answer_with(const api_parts& with, const http::request& asked,
                           const result<services::device_details>& found) {
    if (!found)
        return to_response(found.error(), asked);
    return json(dto::to_detail(found->device, found->last_reading_at,
                               with.policies.expected_interval(found->device), caller_of(asked)));
}

http::response answer_with(const http::request& asked, const result<device>& changed) {
    if (!changed)
        return to_response(changed.error(), asked);
    return json(dto::device_state_change{.id = changed->id,
                                         .status = dto::to_dto(changed->status),
                                         .deactivated_at = changed->deactivated_at});
}

http::response answer_with(const http::request& asked, result<services::new_secret> made, unsigned status) {
    if (!made)
        return to_response(made.error(), asked);
    return json(dto::device_credentials{.device_id = made->id,
                                        .device_secret = std::move(made->secret),
                                        .category = made->kind},
                status);
}

struct device_page {
    std::vector<device> devices;
    bool more = false;
};

/// The devices that a list's query asks for.
template <class Query>
result<device_page> find_page(const api_parts& with, const http::request& asked, const Query& query) {
    storage::device_query wanted{.owner = std::nullopt,
                                 .status = query.status,
                                 .category = query.category,
                                 .name_contains = query.q ? query.q->value : std::string{},
                                 .after = std::nullopt,
                                 .limit = std::nullopt};
    if (query.cursor) {
        const auto place = device_cursor(query.cursor->value);
        if (!place)
            return std::unexpected(place.error());
        wanted.after = *place;
    }
    if (query.limit)
        wanted.limit =
            static_cast<std::size_t>(query.limit->value) + 1; // one more shows whether there is more
    auto found = with.devices.list(std::move(wanted), caller_of(asked));
    if (!found)
        return pass(std::move(found));
    device_page page{.devices = std::move(*found)};
    page.more = query.limit && std::cmp_greater(page.devices.size(), query.limit->value);
    if (page.more)
        page.devices.pop_back();
    return page;
}

void add_next(http::response& answer, const http::request& asked, const device_page& page) {
    if (!page.more)
        return;
    const device& last = page.devices.back();
    add_next_cursor(answer, asked, to_cursor(storage::device_query::position{last.created_at, last.id}));
}

/// The last values of devices as a JSON array, made some devices at a time while it is sent: of a large fleet
/// they take megabytes, and whoever asks for them must not hold a thread for as long as that.
class latest_body final : public http::body_source {
public:
    latest_body(const api_parts& with, std::vector<device> devices, bool include_simulated)
        : readings_{with.readings},
          policies_{with.policies},
          devices_{std::move(devices)},
          include_simulated_{include_simulated} {}

    result<bool> next(std::string& out) override {
        if (ended_)
            return false;
        std::string piece;
        while (next_ < devices_.size() && piece.size() < piece_size) {
            const auto some =
                std::span{devices_}.subspan(next_, std::min(devices_at_once, devices_.size() - next_));
            auto states = readings_.latest(some, include_simulated_);
            if (!states)
                return pass(std::move(states));
            for (std::size_t i = 0; i < some.size(); ++i) {
                piece += next_ + i == 0 ? '[' : ',';
                piece += schema::to_json(
                    dto::to_latest(some[i], std::move((*states)[i]), policies_.expected_interval(some[i])));
            }
            next_ += some.size();
        }
        out += piece;
        ended_ = next_ == devices_.size();
        if (ended_)
            out += devices_.empty() ? "[]" : "]";
        return true;
    }

private:
    static constexpr std::size_t devices_at_once = 16;
    static constexpr std::size_t piece_size = std::size_t{64} << 10;

    services::reading_service& readings_;
    const services::policy_service& policies_;
    const std::vector<device> devices_;
    const bool include_simulated_;
    std::size_t next_ = 0;
    bool ended_ = false;
};

} // namespace

http::response categories(const api_parts&, const http::request&) {
    std::vector<dto::category_response> all;
    for (const category_info& known : breakwater::categories())
        all.push_back(dto::to_dto(known));
    return json(all);
}

http::response create(const api_parts& with, const http::request& asked) {
    const auto body = schema::parse<dto::create_device_request>(asked.body);
    if (!body)
        return to_response(body.error(), asked);
    return answer_with(asked, with.devices.create(body->name.value, body->category, caller_of(asked)), 201);
}

http::response list(const api_parts& with, const http::request& asked) {
    const auto query = schema::parse_query<dto::device_list_query>(asked.query);
    if (!query)
        return to_response(query.error(), asked);
    const auto found = find_page(with, asked, *query);
    if (!found)
        return to_response(found.error(), asked);
    std::vector<dto::device_summary> rows;
    rows.reserve(found->devices.size());
    for (const device& row : found->devices)
        rows.push_back(dto::to_summary(row, with.policies.expected_interval(row)));
    http::response answer = json(rows);
    add_next(answer, asked, *found);
    return answer;
}

http::response latest(const api_parts& with, const http::request& asked) {
    const auto query = schema::parse_query<dto::device_latest_query>(asked.query);
    if (!query)
        return to_response(query.error(), asked);
    auto found = find_page(with, asked, *query);
    if (!found)
        return to_response(found.error(), asked);
    http::response answer;
    add_next(answer, asked, *found);
    answer.stream = std::make_unique<latest_body>(with, std::move(found->devices), query->include_simulated);
    return answer;
}

http::response get(const api_parts& with, const http::request& asked) {
    const auto id = id_of(asked);
    if (!id)
        return to_response(id.error(), asked);
    return answer_with(with, asked, with.devices.get(*id, caller_of(asked)));
}

http::response update(const api_parts& with, const http::request& asked) {
    const auto id = id_of(asked);
    if (!id)
        return to_response(id.error(), asked);
    auto body = schema::parse<dto::update_device_request>(asked.body);
    if (!body)
        return to_response(body.error(), asked);
    if (body->status == dto::api_device_status::deleted)
        return to_response(
            error{.code = errc::bad_state, .detail = "A device is deleted with DELETE, not by its status."},
            asked);
    services::device_changes changes{.name = std::nullopt, .kind = body->category, .status = std::nullopt};
    if (body->name)
        changes.name = std::move(body->name->value);
    if (body->reason)
        changes.reason = std::move(body->reason->value);
    if (body->status)
        changes.status =
            body->status == dto::api_device_status::blocked ? device_status::blocked : device_status::active;
    return answer_with(with, asked, with.devices.update(*id, changes, caller_of(asked)));
}

http::response remove(const api_parts& with, const http::request& asked) {
    const auto id = id_of(asked);
    if (!id)
        return to_response(id.error(), asked);
    const auto at = with.devices.remove(*id, caller_of(asked));
    if (!at)
        return to_response(at.error(), asked);
    return json(dto::device_state_change{
        .id = *id, .status = dto::api_device_status::deleted, .deactivated_at = *at});
}

http::response deactivate(const api_parts& with, const http::request& asked) {
    const auto id = id_of(asked);
    if (!id)
        return to_response(id.error(), asked);
    return answer_with(asked, with.devices.deactivate(*id, caller_of(asked)));
}

http::response invalidate_tokens(const api_parts& with, const http::request& asked) {
    const auto id = id_of(asked);
    if (!id)
        return to_response(id.error(), asked);
    return answer_with(asked, with.devices.invalidate_tokens(*id, caller_of(asked)));
}

http::response rotate_secret(const api_parts& with, const http::request& asked) {
    const auto id = id_of(asked);
    if (!id)
        return to_response(id.error(), asked);
    return answer_with(asked, with.devices.rotate_secret(*id, caller_of(asked)), 200);
}

} // namespace breakwater::api::devices
