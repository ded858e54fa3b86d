#include "api/policy_handlers.hpp"

#include "api/conversions.hpp"
#include "api/handler_support.hpp"
#include "wire/policy_dto.hpp"

#include <fmt/format.h>

namespace breakwater::api::policies {

namespace {

wire::category_policy policy_of(const dependencies& deps, category kind) {
    const auto policy = deps.policies.of(kind);
    return {.category = kind,
            .decided = wire::to_dto(policy.decided),
            .effective = wire::to_dto(policy.effective)};
}

http::response respond_with_policy(const dependencies& deps, const device_id& device,
                                   const http::request& request) {
    const auto state = deps.devices.state_of(device, caller_of(request));
    if (!state)
        return to_response(state.error(), request);
    const auto policy = deps.policies.of(device, state->category, caller_of(request));
    if (!policy)
        return to_response(policy.error(), request);
    return json(wire::device_policy{.device_id = device,
                                    .category = state->category,
                                    .decided = wire::to_dto(policy->decided),
                                    .effective = wire::to_dto(policy->effective),
                                    .backfill_left =
                                        static_cast<std::int64_t>(deps.ingest.backfill_remaining(device)),
                                    .refused = to_dto(deps.ingest.refusals().of(device))});
}

} // namespace

http::response of_device(const dependencies& deps, const http::request& request) {
    const auto id = wire::schema::parse_path<uuid>("id", request.path_parameters[0]);
    if (!id)
        return to_response(id.error(), request);
    return respond_with_policy(deps, *id, request);
}

http::response put_device(const dependencies& deps, const http::request& request) {
    const auto id = wire::schema::parse_path<uuid>("id", request.path_parameters[0]);
    if (!id)
        return to_response(id.error(), request);
    const auto body = wire::schema::parse<wire::policy_request>(request.body);
    if (!body)
        return to_response(body.error(), request);
    if (const auto stored = deps.policies.put(*id, wire::to_domain(*body), caller_of(request)); !stored)
        return to_response(stored.error(), request);
    return respond_with_policy(deps, *id, request);
}

http::response list(const dependencies& deps, const http::request&) {
    std::vector<wire::category_policy> policies;
    for (const category_info& kind : categories())
        policies.push_back(policy_of(deps, kind.id));
    return json(policies);
}

http::response put_category(const dependencies& deps, const http::request& request) {
    const auto kind = parse_category(request.path_parameters[0]);
    if (!kind)
        return to_response(error{.code = errc::not_found,
                                 .detail = fmt::format("Category not found. The categories are {}.",
                                                       known_category_slugs())},
                           request);
    const auto body = wire::schema::parse<wire::policy_request>(request.body);
    if (!body)
        return to_response(body.error(), request);
    if (const auto stored = deps.policies.put(*kind, wire::to_domain(*body), caller_of(request)); !stored)
        return to_response(stored.error(), request);
    return json(policy_of(deps, *kind));
}

} // namespace breakwater::api::policies
