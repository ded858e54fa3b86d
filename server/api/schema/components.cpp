#include "api/schema/components.hpp"

#include "api/dto/dto_components.hpp"

#include <algorithm>

namespace breakwater::api::schema {

namespace {

/// What `http::problem` and the pipeline write. Not a described struct: `errors` and `limit` are left out
/// rather than null.
http::component problem_component() {
    return {
        .name = "Problem",
        .schema =
            R"({"type":"object","title":"Problem","properties":{)"
            R"("type":{"type":"string","format":"uri-reference","description":"Always `about:blank`."},)"
            R"("title":{"type":"string","description":"The status in words."},)"
            R"("status":{"type":"integer","minimum":400,"maximum":599,"description":"The HTTP status."},)"
            R"("detail":{"type":"string","description":"What is wrong, as a sentence for people."},)"
            R"("errors":{"type":"array","description":"Every bad field of the input at once.","items":{)"
            R"("type":"object","properties":{)"
            R"("loc":{"type":"string","description":"Where it is: `body.password`, `query.limit`, `path.id`."},)"
            R"("msg":{"type":"string","description":"What is wrong with it."}},)"
            R"("required":["loc","msg"]}},)"
            R"("limit":{"type":"object","description":"The limit that was hit, where there was one.","properties":{)"
            R"("name":{"type":"string","description":"What it is of: `readings`, `payload_bytes`."},)"
            R"("quota":{"type":"integer","description":"How much is allowed."},)"
            R"("left":{"type":"integer","description":"How much of that is left."},)"
            R"("window_seconds":{"type":["integer","null"],)"
            R"("description":"In which time; null: in a single call, or at all."},)"
            R"("retry_after":{"type":["integer","null"],"description":"Seconds to wait; null: waiting doesn't help."}},)"
            R"("required":["name","quota","left","window_seconds","retry_after"]},)"
            R"("request_id":{"type":"string","pattern":"^[A-Za-z0-9._-]{1,64}$",)"
            R"("description":"Names the request in the server's log and in the audit log; X-Request-Id says the same."}},)"
            R"("required":["type","title","status","detail","request_id"],)"
            R"("description":"Why a call failed (RFC 9457)."})",
        .example = R"({"type":"about:blank","title":"Unprocessable Content","status":422,)"
                   R"("detail":"1 field is invalid: password.",)"
                   R"("errors":[{"loc":"body.password","msg":"Must have at least 8 characters."}],)"
                   R"("request_id":"5f0c1b6f9d0e4a53b1d7c6a2e8f49310"})"};
}

} // namespace

std::vector<http::component> components() {
    std::vector<http::component> all{problem_component()};
    dto::add_account_components(all);
    dto::add_auth_components(all);
    dto::add_device_components(all);
    dto::add_reading_components(all);
    dto::add_policy_components(all);
    dto::add_alert_components(all);
    dto::add_webhook_components(all);
    dto::add_admin_components(all);
    dto::add_invitation_components(all);
    dto::add_health_components(all);
    std::ranges::sort(all, {}, &http::component::name);
    return all;
}

} // namespace breakwater::api::schema
