#include "api/policy_handlers.hpp"

#include "api/dto/policy_dto.hpp"
#include "api/handler_support.hpp"

#include <fmt/format.h>

namespace breakwater::api::policies {

namespace {

dto::category_policy answer_for(const api_parts& with, category kind) {
    const auto found = with.policies.of(kind);
    return {
        .category = kind, .decided = dto::to_dto(found.decided), .effective = dto::to_dto(found.effective)};
}

http::response answer_for(const api_parts& with, const device_id& device, const http::request& asked) {
    const auto known = with.devices.state_of(device, caller_of(asked));
    if (!known)
        return to_response(known.error(), asked);
    const auto found = with.policies.of(device, known->category, caller_of(asked));
    if (!found)
        return to_response(found.error(), asked);
    return json(
        dto::device_policy{.device_id = device,
                           .category = known->category,
                           .decided = dto::to_dto(found->decided),
                           .effective = dto::to_dto(found->effective),
                           .backfill_left = static_cast<std::int64_t>(with.ingest.backfill_left(device)),
                           .refused = dto::to_dto(with.ingest.refusals().of(device))});
}

} // namespace

http::response of_device(const api_parts& with, const http::request& asked) {
    const auto id = schema::parse_path<uuid>("id", asked.path_parameters[0]);
    if (!id)
        return to_response(id.error(), asked);
    return answer_for(with, *id, asked);
}

http::response put_device(const api_parts& with, const http::request& asked) {
    const auto id = schema::parse_path<uuid>("id", asked.path_parameters[0]);
    if (!id)
        return to_response(id.error(), asked);
    const auto body = schema::parse<dto::policy_request>(asked.body);
    if (!body)
        return to_response(body.error(), asked);
    if (const auto done = with.policies.put(*id, dto::to_domain(*body), caller_of(asked)); !done)
        return to_response(done.error(), asked);
    return answer_for(with, *id, asked);
}

http::response list(const api_parts& with, const http::request&) {
    std::vector<dto::category_policy> all;
    for (const category_info& kind : categories())
        all.push_back(answer_for(with, kind.id));
    return json(all);
}

http::response put_category(const api_parts& with, const http::request& asked) {
    const auto kind = parse_category(asked.path_parameters[0]);
    if (!kind)
        return to_response(
            error{.code = errc::not_found,
                  .detail = fmt::format("There is no such category; there are {}.", known_category_slugs())},
            asked);
    const auto body = schema::parse<dto::policy_request>(asked.body);
    if (!body)
        return to_response(body.error(), asked);
    if (const auto done = with.policies.put(*kind, dto::to_domain(*body), caller_of(asked)); !done)
        return to_response(done.error(), asked);
    return json(answer_for(with, *kind));
}

} // namespace breakwater::api::policies
