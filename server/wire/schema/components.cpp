#include "wire/schema/components.hpp"

#include "wire/dto_components.hpp"

#include <algorithm>

namespace breakwater::wire::schema {

namespace {

/// The problem documents of `http::problem` and the pipeline. Not a described struct, because `errors` and
/// `limit` are absent instead of null.
named_schema problem_component() {
    return {
        .name = "Problem",
        .schema =
            R"({"type":"object","title":"Problem","properties":{)"
            R"("type":{"type":"string","format":"uri-reference","description":"Always `about:blank`."},)"
            R"("title":{"type":"string","description":"The name of the HTTP status."},)"
            R"("status":{"type":"integer","minimum":400,"maximum":599,"description":"The HTTP status."},)"
            R"("detail":{"type":"string","description":"What is wrong, as a sentence for people."},)"
            R"("errors":{"type":"array","description":"Every invalid field of the request.","items":{)"
            R"("type":"object","properties":{)"
            R"("loc":{"type":"string","description":"A field: `body.password`, `query.limit`, `path.id`."},)"
            R"("msg":{"type":"string","description":"What is wrong with the field."}},)"
            R"("required":["loc","msg"]}},)"
            R"("limit":{"type":"object","description":"The limit that the request exceeded, if any.",)"
            R"("properties":{)"
            R"("name":{"type":"string","description":"The name of the limit: `readings`, `payload_bytes`."},)"
            R"("quota":{"type":"integer","description":"The allowed amount."},)"
            R"("left":{"type":"integer","description":"The remaining amount."},)"
            R"("window_seconds":{"type":["integer","null"],)"
            R"("description":"The period of the quota in seconds; null if it applies to a single request )"
            R"(or in total."},)"
            R"("retry_after":{"type":["integer","null"],)"
            R"("description":"Seconds to wait before a retry; null if a retry does not help."}},)"
            R"("required":["name","quota","left","window_seconds","retry_after"]},)"
            R"("request_id":{"type":"string","pattern":"^[A-Za-z0-9._-]{1,64}$",)"
            R"("description":"The request's id in the server's log and in the audit log; same as the )"
            R"(header X-Request-Id."}},)"
            R"("required":["type","title","status","detail","request_id"],)"
            R"("description":"Why a request failed (RFC 9457)."})",
        .example = R"({"type":"about:blank","title":"Unprocessable Content","status":422,)"
                   R"("detail":"1 field is invalid: password.",)"
                   R"("errors":[{"loc":"body.password","msg":"Must have at least 8 characters."}],)"
                   R"("request_id":"5f0c1b6f9d0e4a53b1d7c6a2e8f49310"})"};
}

} // namespace

std::vector<named_schema> components() {
    std::vector<named_schema> all{problem_component()};
    wire::add_account_components(all);
    wire::add_auth_components(all);
    wire::add_device_components(all);
    wire::add_reading_components(all);
    wire::add_policy_components(all);
    wire::add_alert_components(all);
    wire::add_webhook_components(all);
    wire::add_admin_components(all);
    wire::add_invitation_components(all);
    wire::add_health_components(all);
    std::ranges::sort(all, {}, &named_schema::name);
    return all;
}

} // namespace breakwater::wire::schema
