#include "api/routes.hpp"

#include "api/account_handlers.hpp"
#include "api/admin_handlers.hpp"
#include "api/alert_handlers.hpp"
#include "api/auth_handlers.hpp"
#include "api/device_handlers.hpp"
#include "api/documentation_handlers.hpp"
#include "api/dto/admin_dto.hpp"
#include "api/dto/alert_dto.hpp"
#include "api/dto/device_dto.hpp"
#include "api/dto/reading_dto.hpp"
#include "api/dto/webhook_dto.hpp"
#include "api/event_handlers.hpp"
#include "api/invitation_handlers.hpp"
#include "api/policy_handlers.hpp"
#include "api/reading_handlers.hpp"
#include "api/schema/components.hpp"
#include "api/schema/schema.hpp"
#include "api/system_handlers.hpp"
#include "api/webhook_handlers.hpp"

namespace breakwater::api {

namespace {

using http::credential;
using http::method;
using http::route;
using http::work;

using plain_handler = http::response (*)(const api_parts&, const http::request&);
using shared_parts = std::shared_ptr<const api_parts>;

/// The ways to run a handler (architecture: nothing blocks an I/O thread).
struct runners {
    shared_parts with;

    [[nodiscard]] auto inline_(plain_handler run) const {
        return http::inline_handler{[with = with, run](http::request& asked) { return run(*with, asked); }};
    }
    /// On the pool of that class.
    [[nodiscard]] auto on(http::work kind, plain_handler run) const {
        return http::blocking_handler{kind,
                                      [with = with, run](http::request& asked) { return run(*with, asked); }};
    }
    /// The same, where `admit` lets it in.
    [[nodiscard]] auto admitted(http::work kind, plain_handler run,
                                http::refusal (*admit)(const api_parts&, const http::request&)) const {
        http::blocking_handler made = on(kind, run);
        made.admit = [with = with, admit](http::request& asked) { return admit(*with, asked); };
        return made;
    }
    [[nodiscard]] auto deferred(http::work kind,
                                void (*run)(const api_parts&, http::request&, http::respond)) const {
        return http::deferred_handler{kind, [with = with, run](http::request& asked, http::respond done) {
                                          run(*with, asked, std::move(done));
                                      }};
    }
    [[nodiscard]] auto async(void (*run)(const api_parts&, http::request&, http::respond)) const {
        return http::async_handler{[with = with, run](http::request& asked, http::respond done) {
            run(*with, asked, std::move(done));
        }};
    }
};

std::vector<http::parameter> device_id_path() {
    return {schema::uuid_path_parameter("id", "The device's id.")};
}

std::vector<http::parameter> user_id_path() {
    return {schema::integer_path_parameter("id", "The user's id.")};
}

std::vector<http::parameter> requiring(std::string_view name, std::vector<http::parameter> query) {
    for (http::parameter& one : query)
        one.required = one.required || one.name == name;
    return query;
}

std::vector<http::parameter> page_headers() {
    return {{.name = "X-Next-Cursor",
             .schema = R"({"type":"string"})",
             .description = "The `cursor` of the next page; absent on the last one."},
            {.name = "Link",
             .schema = R"({"type":"string"})",
             .description = "The next page, as `rel=\"next\"` (RFC 8288); absent on the last one."}};
}

void add_auth(std::vector<route>& table, const runners& run) {
    table.push_back({method::post,
                     "/auth/register",
                     credential::none,
                     run.admitted(work::registration, auth::register_account, auth::admit_registration),
                     {.tag = "auth",
                      .summary = "Make an account",
                      .request_schema = "RegisterRequest",
                      .success = 201,
                      .response_schema = "User",
                      .success_description = "The new account.",
                      .errors = {400, 403, 429, 503, 507}}});
    table.push_back(
        {method::post,
         "/auth/login",
         credential::none,
         run.admitted(work::hashing, auth::login, auth::admit_login),
         {.tag = "auth",
          .summary = "Sign in",
          .description =
              "Failed attempts make the next one wait, by account and by address. With the "
              "header `X-Session-Cookie: 1` the refresh token comes in an HttpOnly cookie "
              "instead, and is empty in the body; refreshing and signing out read it there. "
              "`device_cookie` of the answer, sent along with the next sign-in from there (with that "
              "header a cookie does so), lets it in while others' failures make the account wait.",
          .request_schema = "LoginRequest",
          .response_schema = "TokenPair",
          .success_description = "An access token and a refresh token.",
          .errors = {401, 429, 503, 507}}});
    table.push_back(
        {method::post,
         "/auth/refresh",
         credential::none,
         run.on(work::control, auth::refresh),
         {.tag = "auth",
          .summary = "Exchange a refresh token for a new pair",
          .description =
              "A refresh token works once. Sent again within REFRESH_REUSE_GRACE_SECONDS, before its "
              "successor was used, it gets the same successor. Any other reuse revokes every token "
              "that descends from the same sign-in.",
          .request_schema = "RefreshTokenRequest",
          .response_schema = "TokenPair",
          .success_description = "A new pair.",
          .errors = {401, 503, 507}}});
    table.push_back({method::post,
                     "/auth/logout",
                     credential::person,
                     run.on(work::control, auth::logout),
                     {.tag = "auth",
                      .summary = "Sign out",
                      .request_schema = "RefreshTokenRequest",
                      .success = 204,
                      .success_description = "Every token that descends from the same sign-in is revoked.",
                      .errors = {400, 403, 503, 507}}});
    table.push_back({method::post,
                     "/auth/logout-all",
                     credential::person,
                     run.on(work::control, auth::logout_all),
                     {.tag = "auth",
                      .summary = "Sign out everywhere",
                      .success = 204,
                      .success_description = "All of the person's tokens have ended, this one too.",
                      .errors = {503, 507}}});
    table.push_back({method::get,
                     "/auth/sessions",
                     credential::person,
                     run.on(work::query, account::list_sessions),
                     {.tag = "auth",
                      .summary = "List one's sessions",
                      .response_schema = "Session[]",
                      .success_description = "The sign-ins that hold, the one renewed last first.",
                      .errors = {503}}});
    table.push_back({method::delete_,
                     "/auth/sessions/{id}",
                     credential::person,
                     run.on(work::command, account::end_session),
                     {.tag = "auth",
                      .summary = "End one of one's sessions",
                      .success = 204,
                      .success_description = "Its refresh tokens and live connections have ended.",
                      .errors = {404, 503, 507},
                      .path = {schema::uuid_path_parameter("id", "The session's id.")}}});
    table.push_back({method::put,
                     "/auth/password",
                     credential::person,
                     run.on(work::hashing, account::change_password),
                     {.tag = "auth",
                      .summary = "Change one's password",
                      .description = "It ends every session, this one too: sign in anew.",
                      .request_schema = "ChangePasswordRequest",
                      .success = 204,
                      .success_description = "The new password holds; all sessions have ended.",
                      .errors = {403, 429, 503, 507}}});
}

void add_live(std::vector<route>& table, const runners& run) {
    table.push_back({method::post,
                     "/live/ticket",
                     credential::person,
                     run.inline_(auth::live_ticket),
                     {.tag = "live",
                      .summary = "Make a ticket for a live connection",
                      .description = "For clients that don't want to give their access token to a WebSocket.",
                      .response_schema = "LiveTicket",
                      .success_description = "A ticket, good for one use.",
                      .errors = {429, 503}}});
    table.push_back(
        {method::get,
         "/live",
         credential::none,
         http::websocket_handler{
             [with = run.with](const http::request& asked) { return with->open_live(asked); }},
         {.tag = "live",
          .summary = "Open a live connection (WebSocket)",
          .description = "What happens, while it happens: readings, devices, security events. The "
                         "first message is a `hello` with a ticket or an access token; the "
                         "messages are described in docs/api_usage.md.",
          .success = 101,
          .success_description = "The connection is a WebSocket now.",
          .errors = {400, 403, 426}}});
}

void add_devices(std::vector<route>& table, const runners& run) {
    table.push_back({method::get,
                     "/devices/categories",
                     credential::none,
                     run.inline_(devices::categories),
                     {.tag = "devices",
                      .summary = "List the categories of device",
                      .response_schema = "Category[]",
                      .success_description = "Every category with a sample payload."}});
    table.push_back({method::post,
                     "/devices",
                     credential::person,
                     run.on(work::command, devices::create),
                     {.tag = "devices",
                      .summary = "Onboard a device",
                      .request_schema = "CreateDeviceRequest",
                      .success = 201,
                      .response_schema = "DeviceCredentials",
                      .success_description = "The device's id and its secret, which is shown this once.",
                      .errors = {503, 507}}});
    table.push_back(
        {method::get,
         "/devices",
         credential::person,
         run.on(work::report, devices::list),
         {.tag = "devices",
          .summary = "List one's devices",
          .description = "An administrator sees everybody's. With a `limit`, `X-Next-Cursor` and `Link` say "
                         "where the list goes on.",
          .response_schema = "Device[]",
          .success_description = "The devices in the order of their creation.",
          .errors = {503},
          .query = schema::query_parameters<dto::device_list_query>(),
          .response_headers = page_headers()}});
    table.push_back(
        {method::get,
         "/devices/latest",
         credential::person,
         run.on(work::report, devices::latest),
         {.tag = "devices",
          .summary = "Show the last value of every field of one's devices",
          .description = "An administrator sees everybody's. With a `limit`, `X-Next-Cursor` and `Link` say "
                         "where the list goes on.",
          .response_schema = "DeviceLatest[]",
          .success_description = "The devices in the order of their creation.",
          .errors = {503},
          .query = schema::query_parameters<dto::device_latest_query>(),
          .response_headers = page_headers()}});
    table.push_back({method::get,
                     "/devices/{id}",
                     credential::person,
                     run.on(work::query, devices::get),
                     {.tag = "devices",
                      .summary = "Show a device",
                      .response_schema = "DeviceDetail",
                      .success_description = "The device.",
                      .errors = {403, 404, 503},
                      .path = device_id_path()}});
    table.push_back(
        {method::put,
         "/devices/{id}",
         credential::person,
         run.on(work::command, devices::update),
         {.tag = "devices",
          .summary = "Change a device",
          .description = "What is absent stays. Blocking ends its tokens, also after a reactivation.",
          .request_schema = "UpdateDeviceRequest",
          .response_schema = "DeviceDetail",
          .success_description = "The device as it is now.",
          .errors = {400, 403, 404, 503, 507},
          .path = device_id_path()}});
    table.push_back({method::delete_,
                     "/devices/{id}",
                     credential::person,
                     run.on(work::command, devices::remove),
                     {.tag = "devices",
                      .summary = "Delete a device with its readings",
                      .response_schema = "DeviceStateChange",
                      .success_description = "It is gone.",
                      .errors = {403, 404, 503, 507},
                      .path = device_id_path()}});
    table.push_back({method::post,
                     "/devices/{id}/deactivate",
                     credential::person,
                     run.on(work::command, devices::deactivate),
                     {.tag = "devices",
                      .summary = "Block a device",
                      .response_schema = "DeviceStateChange",
                      .success_description = "It is blocked; its tokens no longer work.",
                      .errors = {403, 404, 503, 507},
                      .path = device_id_path()}});
    table.push_back({method::post,
                     "/devices/{id}/invalidate-tokens",
                     credential::person,
                     run.on(work::command, devices::invalidate_tokens),
                     {.tag = "devices",
                      .summary = "End a device's tokens",
                      .response_schema = "DeviceStateChange",
                      .success_description = "Its tokens no longer work; its secret does.",
                      .errors = {403, 404, 503, 507},
                      .path = device_id_path()}});
    table.push_back({method::post,
                     "/devices/{id}/rotate-secret",
                     credential::person,
                     run.on(work::command, devices::rotate_secret),
                     {.tag = "devices",
                      .summary = "Give a device a new secret",
                      .response_schema = "DeviceCredentials",
                      .success_description =
                          "The new secret, shown this once. The old one and all tokens no longer work.",
                      .errors = {403, 404, 503, 507},
                      .path = device_id_path()}});
}

void add_readings(std::vector<route>& table, const runners& run) {
    table.push_back({method::get,
                     "/devices/{id}/readings",
                     credential::person,
                     run.on(work::query, readings::list),
                     {.tag = "readings",
                      .summary = "List a device's readings, newest first",
                      .description = "`X-Next-Cursor` and `Link` say where the list goes on.",
                      .response_schema = "Reading[]",
                      .success_description = "A page of readings.",
                      .errors = {403, 404, 503},
                      .query = schema::query_parameters<dto::reading_list_query>(),
                      .path = device_id_path(),
                      .response_headers = page_headers()}});
    table.push_back({method::get,
                     "/devices/{id}/readings/meta",
                     credential::person,
                     run.on(work::report, readings::meta),
                     {.tag = "readings",
                      .summary = "Count a device's readings",
                      .response_schema = "ReadingsMeta",
                      .success_description = "How many there are, and from when to when.",
                      .errors = {403, 404, 503},
                      .query = schema::query_parameters<dto::reading_range_query>(),
                      .path = device_id_path()}});
    table.push_back(
        {method::get,
         "/devices/{id}/readings/series",
         credential::person,
         run.on(work::report, readings::series),
         {.tag = "readings",
          .summary = "Draw fields of a device over a time",
          .description =
              "Lowest, highest, mean, first and last value and their number for each step, by when they were "
              "measured: by the device's clock, unless it says a time before 2000 or later than five minutes "
              "after the arrival. The step is chosen so that no field has more than `points`; a year is read "
              "as fast as an hour. Numbers count, and booleans as 0 and 1.",
          .response_schema = "Series",
          .success_description = "A series for each field.",
          .errors = {403, 404, 503},
          .query = requiring("field", schema::query_parameters<dto::series_query>()),
          .path = device_id_path()}});
    table.push_back({method::post,
                     "/device/token",
                     credential::none,
                     run.on(work::control, auth::device_token),
                     {.tag = "device channel",
                      .summary = "Exchange a device's secret for a token",
                      .request_schema = "DeviceTokenRequest",
                      .response_schema = "DeviceToken",
                      .success_description = "A short-lived device token.",
                      .errors = {401, 403, 429, 503, 507}}});
    table.push_back({method::post,
                     "/device/readings",
                     credential::device,
                     run.async(readings::upload),
                     {.tag = "device channel",
                      .summary = "Upload a reading",
                      .description = "Answered once the reading is on disk.",
                      .request_schema = "ReadingRequest",
                      .success = 201,
                      .response_schema = "Reading",
                      .success_description = "The stored reading.",
                      .errors = {403, 413, 429, 503, 507}}});
}

void add_exports(std::vector<route>& table, const runners& run) {
    struct row {
        std::string_view path;
        plain_handler handler;
        std::string_view summary;
        std::string_view description;
        std::string_view type;
        std::string_view success;
    };
    constexpr std::string_view csv =
        "Every reading of the range, oldest first, a column for each field of the payloads.";
    constexpr std::string_view csv_of_all = "Every reading of the range, device after device and oldest "
                                            "first, a column for each field of the payloads.";
    constexpr std::string_view ndjson = "Every reading of the range, oldest first, a JSON object a line.";
    constexpr std::string_view ndjson_of_all = "Every reading of the range, device after device and oldest "
                                               "first, a JSON object a line. An administrator "
                                               "gets everybody's.";
    for (const row& each :
         {row{"/devices/{id}/readings.csv", readings::csv, "Export a device's readings", csv, "text/csv",
              "RFC 4180, streamed."},
          row{"/devices/{id}/readings.ndjson", readings::ndjson,
              "Export a device's readings as lines of JSON", ndjson, "application/x-ndjson", "Streamed."},
          row{"/readings.csv", readings::fleet_csv, "Export the readings of all one's devices", csv_of_all,
              "text/csv", "RFC 4180, streamed."},
          row{"/readings.ndjson", readings::fleet_ndjson,
              "Export the readings of all one's devices as lines of JSON", ndjson_of_all,
              "application/x-ndjson", "Streamed."}}) {
        const bool of_one = each.path.starts_with("/devices");
        std::vector<unsigned> errors{503, 507};
        if (of_one)
            errors.insert(errors.begin(), {403, 404});
        table.push_back({method::get,
                         each.path,
                         credential::person,
                         run.on(work::report, each.handler),
                         {.tag = "readings",
                          .summary = each.summary,
                          .description = each.description,
                          .response_type = each.type,
                          .success_description = each.success,
                          .errors = std::move(errors),
                          .query = schema::query_parameters<dto::export_query>(),
                          .path = of_one ? device_id_path() : std::vector<http::parameter>{},
                          .response_headers = {{.name = "Content-Disposition",
                                                .schema = R"({"type":"string"})",
                                                .description = "Names the file (RFC 6266)."}}}});
    }
}

void add_batches(std::vector<route>& table, const runners& run) {
    table.push_back(
        {method::post,
         "/device/readings/batch",
         credential::device,
         run.deferred(work::bulk, readings::upload_batch),
         {.tag = "device channel",
          .summary = "Upload readings that were kept",
          .description =
              "A JSON array or a line of JSON each, also compressed with gzip or zstd. Each reading is "
              "accepted or refused by itself; the answer comes once the accepted ones are on disk. Those "
              "with an old `device_timestamp` are late and have an allowance of their own; only one that "
              "isn't late is accepted at a time. Where every reading is refused by a limit, the answer is "
              "429.",
          .request_schema = "ReadingRequest[]",
          .also_request_type = "application/x-ndjson",
          .encoded_request = true,
          .response_schema = "BatchResult",
          .success_description = "What became of each.",
          .errors = {403, 413, 429, 503, 507}}});
}

void add_device_events(std::vector<route>& table, const runners& run) {
    table.push_back(
        {method::get,
         "/devices/{id}/security-events",
         credential::person,
         run.on(work::report, events::of_device),
         {.tag = "devices",
          .summary = "Read what the audit log has about a device, newest first",
          .description = "Its owner doesn't see who else acted and from where, and no other devices.",
          .response_schema = "SecurityEvent[]",
          .success_description = "A page of events.",
          .errors = {403, 404, 503},
          .query = schema::query_parameters<dto::device_event_query>(),
          .path = device_id_path(),
          .response_headers = page_headers()}});
}

void add_policies(std::vector<route>& table, const runners& run) {
    table.push_back({method::get,
                     "/devices/{id}/policy",
                     credential::person,
                     run.on(work::query, policies::of_device),
                     {.tag = "policies",
                      .summary = "Show what a device may send, and what was refused of it",
                      .response_schema = "DevicePolicy",
                      .success_description = "Its limits, its retention, and its refused readings by reason.",
                      .errors = {403, 404, 503},
                      .path = device_id_path()}});
    table.push_back({method::put,
                     "/devices/{id}/policy",
                     credential::administrator,
                     run.on(work::command, policies::put_device),
                     {.tag = "policies",
                      .summary = "Decide what a device may send, and for how long it is kept",
                      .description = "Replaces what was decided before. Retention takes effect within a day.",
                      .request_schema = "PolicyRequest",
                      .response_schema = "DevicePolicy",
                      .success_description = "What holds from now on.",
                      .errors = {404, 503, 507},
                      .path = device_id_path()}});
    table.push_back({method::get,
                     "/admin/policies",
                     credential::administrator,
                     run.inline_(policies::list),
                     {.tag = "policies",
                      .summary = "Show what holds for each category",
                      .response_schema = "CategoryPolicy[]",
                      .success_description = "Every category."}});
    table.push_back(
        {method::put,
         "/admin/policies/{category}",
         credential::administrator,
         run.on(work::command, policies::put_category),
         {.tag = "policies",
          .summary = "Decide what the devices of a category may send, and for how long it is kept",
          .description = "Replaces what was decided before. What is decided for a device counts more.",
          .request_schema = "PolicyRequest",
          .response_schema = "CategoryPolicy",
          .success_description = "What holds from now on.",
          .errors = {404, 503, 507}}});
}

void add_alerts(std::vector<route>& table, const runners& run) {
    const auto alert_id_path = [] {
        return std::vector{schema::integer_path_parameter("id", "The alert's number.")};
    };
    table.push_back({method::get,
                     "/alerts",
                     credential::person,
                     run.on(work::query, alerts::list),
                     {.tag = "alerts",
                      .summary = "List alerts, newest first",
                      .description = "Those of one's devices; an administrator sees all, and those of the "
                                     "server itself. `X-Next-Cursor` and `Link` say where the list goes on.",
                      .response_schema = "Alert[]",
                      .success_description = "A page of alerts.",
                      .errors = {503},
                      .query = schema::query_parameters<dto::alert_list_query>(),
                      .response_headers = page_headers()}});
    table.push_back({method::get,
                     "/alerts/summary",
                     credential::person,
                     run.on(work::query, alerts::summary),
                     {.tag = "alerts",
                      .summary = "Count the alerts that aren't resolved",
                      .response_schema = "AlertSummary",
                      .success_description = "How many there are.",
                      .errors = {503}}});
    table.push_back({method::get,
                     "/alerts/{id}",
                     credential::person,
                     run.on(work::query, alerts::get),
                     {.tag = "alerts",
                      .summary = "Show an alert",
                      .response_schema = "Alert",
                      .success_description = "The alert.",
                      .errors = {403, 404, 503},
                      .path = alert_id_path()}});
    table.push_back({method::post,
                     "/alerts/{id}/acknowledge",
                     credential::person,
                     run.on(work::command, alerts::acknowledge),
                     {.tag = "alerts",
                      .summary = "Say that one looks after an alert",
                      .request_schema = "AlertNoteRequest",
                      .response_schema = "Alert",
                      .success_description = "The alert as it is now.",
                      .errors = {400, 403, 404, 503, 507},
                      .path = alert_id_path()}});
    table.push_back({method::post,
                     "/alerts/{id}/resolve",
                     credential::person,
                     run.on(work::command, alerts::resolve),
                     {.tag = "alerts",
                      .summary = "Say that it is over",
                      .request_schema = "AlertNoteRequest",
                      .response_schema = "Alert",
                      .success_description = "The alert as it is now.",
                      .errors = {400, 403, 404, 503, 507},
                      .path = alert_id_path()}});
}

void add_alert_rules(std::vector<route>& table, const runners& run) {
    const auto rule_id_path = [] {
        return std::vector{schema::integer_path_parameter("id", "The rule's number.")};
    };
    table.push_back({method::get,
                     "/alert-rules",
                     credential::person,
                     run.on(work::query, alerts::list_rules),
                     {.tag = "alerts",
                      .summary = "List the rules that raise alerts",
                      .description = "Those for one device are shown to its owner and to administrators, "
                                     "those on incidents to administrators alone.",
                      .response_schema = "AlertRule[]",
                      .success_description = "The rules, in the order of their making.",
                      .errors = {503}}});
    table.push_back({method::post,
                     "/alert-rules",
                     credential::administrator,
                     run.on(work::command, alerts::create_rule),
                     {.tag = "alerts",
                      .summary = "Add a rule",
                      .request_schema = "AlertRuleRequest",
                      .success = 201,
                      .response_schema = "AlertRule",
                      .success_description = "The rule; it is watched from now on.",
                      .errors = {400, 404, 503, 507}}});
    table.push_back({method::get,
                     "/alert-rules/{id}",
                     credential::person,
                     run.on(work::query, alerts::get_rule),
                     {.tag = "alerts",
                      .summary = "Show a rule",
                      .response_schema = "AlertRule",
                      .success_description = "The rule.",
                      .errors = {403, 404, 503},
                      .path = rule_id_path()}});
    table.push_back({method::put,
                     "/alert-rules/{id}",
                     credential::administrator,
                     run.on(work::command, alerts::update_rule),
                     {.tag = "alerts",
                      .summary = "Change a rule",
                      .description = "It becomes what is sent. Where it watches something else then, what it "
                                     "raised is over.",
                      .request_schema = "AlertRuleRequest",
                      .response_schema = "AlertRule",
                      .success_description = "The rule as it is now.",
                      .errors = {400, 404, 503, 507},
                      .path = rule_id_path()}});
    table.push_back({method::delete_,
                     "/alert-rules/{id}",
                     credential::administrator,
                     run.on(work::command, alerts::remove_rule),
                     {.tag = "alerts",
                      .summary = "Delete a rule",
                      .success = 204,
                      .success_description = "It is gone, and what it raised is over.",
                      .errors = {404, 503, 507},
                      .path = rule_id_path()}});
}

void add_webhooks(std::vector<route>& table, const runners& run) {
    const auto webhook_id_path = [] {
        return std::vector{schema::integer_path_parameter("id", "The webhook's number.")};
    };
    table.push_back({method::get,
                     "/webhooks",
                     credential::administrator,
                     run.on(work::query, webhooks::list),
                     {.tag = "webhooks",
                      .summary = "List webhooks",
                      .response_schema = "Webhook[]",
                      .success_description = "The webhooks, in the order of their making.",
                      .errors = {503}}});
    table.push_back(
        {method::post,
         "/webhooks",
         credential::administrator,
         run.on(work::command, webhooks::create),
         {.tag = "webhooks",
          .summary = "Have an address told of alerts",
          .description = "Each alert that is raised or resolved is sent as a signed POST; docs/api_usage.md "
                         "says how to check the signature. What isn't answered with 2xx within 10 s is sent "
                         "again, for some hours.",
          .request_schema = "CreateWebhookRequest",
          .success = 201,
          .response_schema = "NewWebhook",
          .success_description = "The webhook and its secret, which is shown this once.",
          .errors = {400, 503, 507}}});
    table.push_back({method::put,
                     "/webhooks/{id}",
                     credential::administrator,
                     run.on(work::command, webhooks::update),
                     {.tag = "webhooks",
                      .summary = "Change a webhook",
                      .description = "Its secret stays. What waits for one that is disabled is given up.",
                      .request_schema = "UpdateWebhookRequest",
                      .response_schema = "Webhook",
                      .success_description = "The webhook as it is now.",
                      .errors = {404, 503, 507},
                      .path = webhook_id_path()}});
    table.push_back({method::delete_,
                     "/webhooks/{id}",
                     credential::administrator,
                     run.on(work::command, webhooks::remove),
                     {.tag = "webhooks",
                      .summary = "Delete a webhook and its deliveries",
                      .success = 204,
                      .success_description = "It is gone.",
                      .errors = {404, 503, 507},
                      .path = webhook_id_path()}});
    table.push_back({method::post,
                     "/webhooks/{id}/test",
                     credential::administrator,
                     run.on(work::command, webhooks::test),
                     {.tag = "webhooks",
                      .summary = "Send a test message",
                      .success = 202,
                      .response_schema = "WebhookTest",
                      .success_description = "It is in line; its delivery says how it went.",
                      .errors = {400, 404, 503, 507},
                      .path = webhook_id_path()}});
    table.push_back(
        {method::get,
         "/webhooks/deliveries",
         credential::administrator,
         run.on(work::query, webhooks::deliveries),
         {.tag = "webhooks",
          .summary = "List messages to webhooks, newest first",
          .description = "`state=dead` is what was given up. `X-Next-Cursor` and `Link` say where the list "
                         "goes on.",
          .response_schema = "WebhookDelivery[]",
          .success_description = "A page of deliveries.",
          .errors = {503},
          .query = schema::query_parameters<dto::delivery_list_query>(),
          .response_headers = page_headers()}});
    table.push_back({method::post,
                     "/webhooks/deliveries/{id}/retry",
                     credential::administrator,
                     run.on(work::command, webhooks::retry),
                     {.tag = "webhooks",
                      .summary = "Send a message again that was given up",
                      .response_schema = "WebhookDelivery",
                      .success_description = "It is in line again, under the same number.",
                      .errors = {400, 404, 503, 507},
                      .path = {schema::integer_path_parameter("id", "The delivery's number.")}}});
}

void add_admin(std::vector<route>& table, const runners& run) {
    table.push_back({method::get,
                     "/admin/security-events",
                     credential::administrator,
                     run.on(work::report, events::list),
                     {.tag = "admin",
                      .summary = "Read the audit log, newest first",
                      .response_schema = "SecurityEvent[]",
                      .success_description = "A page of events.",
                      .errors = {503},
                      .query = schema::query_parameters<dto::event_list_query>(),
                      .response_headers = page_headers()}});
    table.push_back({method::post,
                     "/admin/security-events/simulate",
                     credential::administrator,
                     run.on(work::command, admin::simulate_incident),
                     {.tag = "admin",
                      .summary = "Stage an incident",
                      .description = "Writes an event that is marked as simulated.",
                      .request_schema = "SimulateIncidentRequest",
                      .success = 201,
                      .response_schema = "SecurityEvent",
                      .success_description = "The event.",
                      .errors = {503, 507}}});
    table.push_back(
        {method::post,
         "/admin/retention/release",
         credential::administrator,
         run.on(work::command, admin::release_retention),
         {.tag = "admin",
          .summary = "Say that the clock is right",
          .description = "Retention waits for this, or for a day, after the server's clock jumped: what "
                         "that made old would be removed. `GET /healthz` says until when.",
          .success = 204,
          .success_description = "Retention goes on.",
          .errors = {400, 503, 507}}});
    table.push_back({method::get,
                     "/admin/invitations",
                     credential::administrator,
                     run.on(work::query, invitations::list),
                     {.tag = "admin",
                      .summary = "List the invitations that wait to be used",
                      .response_schema = "Invitation[]",
                      .success_description = "They, newest first.",
                      .errors = {503}}});
    table.push_back({method::post,
                     "/admin/invitations",
                     credential::administrator,
                     run.on(work::command, invitations::create),
                     {.tag = "admin",
                      .summary = "Invite somebody to make an account",
                      .request_schema = "CreateInvitationRequest",
                      .success = 201,
                      .response_schema = "NewInvitation",
                      .success_description = "The invitation with its token, which is shown this once.",
                      .errors = {400, 503, 507}}});
    table.push_back({method::delete_,
                     "/admin/invitations/{id}",
                     credential::administrator,
                     run.on(work::command, invitations::remove),
                     {.tag = "admin",
                      .summary = "Withdraw an invitation",
                      .success = 204,
                      .success_description = "Its link no longer works.",
                      .errors = {404, 503, 507},
                      .path = {schema::integer_path_parameter("id", "The invitation's number.")}}});
    table.push_back({method::get,
                     "/admin/users",
                     credential::administrator,
                     run.on(work::query, admin::list_users),
                     {.tag = "admin",
                      .summary = "List the accounts",
                      .response_schema = "User[]",
                      .success_description = "Every account.",
                      .errors = {503}}});
    table.push_back({method::post,
                     "/admin/users",
                     credential::administrator,
                     run.on(work::hashing, admin::create_user),
                     {.tag = "admin",
                      .summary = "Make an account",
                      .request_schema = "CreateUserRequest",
                      .success = 201,
                      .response_schema = "User",
                      .success_description = "The new account.",
                      .errors = {400, 503, 507}}});
    table.push_back(
        {method::put,
         "/admin/users/{id}",
         credential::administrator,
         run.on(work::hashing, admin::update_user),
         {.tag = "admin",
          .summary = "Change an account",
          .description = "What is absent stays. A new password or role ends the account's sessions at once.",
          .request_schema = "UpdateUserRequest",
          .response_schema = "User",
          .success_description = "The account as it is now.",
          .errors = {400, 404, 503, 507},
          .path = user_id_path()}});
    table.push_back({method::delete_,
                     "/admin/users/{id}",
                     credential::administrator,
                     run.on(work::command, admin::remove_user),
                     {.tag = "admin",
                      .summary = "Delete an account with its devices",
                      .success = 204,
                      .success_description = "It is gone, and its sessions have ended.",
                      .errors = {400, 404, 503, 507},
                      .path = user_id_path()}});
}

void add_system(std::vector<route>& table, const runners& run) {
    table.push_back({method::get,
                     "/healthz",
                     credential::none,
                     run.inline_(system::health),
                     {.tag = "system",
                      .summary = "Is the process alive?",
                      .response_schema = "Health",
                      .success_description = "It is."}});
    table.push_back({method::get,
                     "/readyz",
                     credential::none,
                     run.on(work::control, system::readiness),
                     {.tag = "system",
                      .summary = "Can it do its work?",
                      .response_schema = "Readiness",
                      .success_description = "The database answers and there is room on the disk.",
                      .error_schemas = {{503, "Readiness"}},
                      .errors = {503}}});
    table.push_back(
        {method::get,
         "/metrics",
         credential::none,
         run.on(work::control, system::metrics),
         {.tag = "system",
          .summary = "Counters for Prometheus",
          .description = "For loopback addresses, or for whoever has METRICS_TOKEN where that is set.",
          .response_type = "text/plain",
          .success_description = "Prometheus text format 0.0.4.",
          .errors = {401, 403, 503}}});
    table.push_back({method::get,
                     "/.well-known/security.txt",
                     credential::none,
                     run.inline_(system::security_txt),
                     {.tag = "system",
                      .summary = "Whom to tell of a vulnerability",
                      .response_type = "text/plain",
                      .success_description = "RFC 9116."}});
}

std::unique_ptr<http::router> make_table(const runners& run, const std::string& version,
                                         std::string_view base_path = {}) {
    // The document tells of the table it is a row of, so its text follows once the table stands.
    const auto document = std::make_shared<std::string>();
    std::vector<route> table;
    add_auth(table, run);
    add_live(table, run);
    add_devices(table, run);
    add_readings(table, run);
    add_exports(table, run);
    add_batches(table, run);
    add_device_events(table, run);
    add_policies(table, run);
    add_alerts(table, run);
    add_alert_rules(table, run);
    add_webhooks(table, run);
    add_admin(table, run);
    add_system(table, run);
    add_documentation(table, document);
    auto routes = std::make_unique<http::router>(std::move(table));
    *document = openapi_of(*routes, version, base_path);
    return routes;
}

} // namespace

std::unique_ptr<http::router> make_router(api_parts with) {
    const std::string version = with.settings.version;
    const std::string base_path = with.settings.base_path;
    return make_table({std::make_shared<const api_parts>(std::move(with))}, version, base_path);
}

std::string openapi_document(const std::string& version) {
    return openapi_of(*make_table({nullptr}, version), version);
}

bool begins_a_route(std::string_view segment) {
    const auto routes = make_table({nullptr}, "");
    return std::ranges::any_of(routes->table(), [&](const route& row) {
        const std::string_view path = row.path.substr(1);
        return path.substr(0, path.find('/')) == segment;
    });
}

std::string openapi_of(const http::router& routes, const std::string& version, std::string_view base_path) {
    const http::openapi_info info{
        .title = "Breakwater",
        .version = version,
        .base_path = base_path,
        .summary = "A management stack for IoT fleets.",
        .description =
            "Onboards devices, takes their telemetry, keeps people and devices apart with tokens and roles, "
            "and "
            "records every security event. Errors are problem documents (RFC 9457) with a sentence in "
            "`detail`.",
        .license = "Apache-2.0",
        .tags = {{"auth", "Accounts and sessions of people."},
                 {"devices", "Devices, for the people they belong to."},
                 {"readings", "What devices said."},
                 {"device channel", "For devices: a token for their secret, and the upload."},
                 {"live", "What happens, while it happens."},
                 {"alerts", "When something is wrong, and when that is to be said."},
                 {"webhooks", "Who outside is told of alerts."},
                 {"policies", "What devices may send, and for how long it is kept."},
                 {"admin", "For administrators."},
                 {"system", "The server itself."}}};
    const auto components = schema::components();
    return http::openapi_document(routes, info, components);
}

} // namespace breakwater::api
