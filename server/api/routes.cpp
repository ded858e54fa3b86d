#include "api/routes.hpp"

#include "api/access.hpp"
#include "api/account_handlers.hpp"
#include "api/admin_handlers.hpp"
#include "api/alert_handlers.hpp"
#include "api/auth_handlers.hpp"
#include "api/device_handlers.hpp"
#include "api/documentation_handlers.hpp"
#include "api/event_handlers.hpp"
#include "api/invitation_handlers.hpp"
#include "api/live_connection.hpp"
#include "api/permissions_page.hpp"
#include "api/policy_handlers.hpp"
#include "api/reading_handlers.hpp"
#include "api/system_handlers.hpp"
#include "api/webhook_handlers.hpp"
#include "http/openapi.hpp"
#include "wire/admin_dto.hpp"
#include "wire/alert_dto.hpp"
#include "wire/asyncapi.hpp"
#include "wire/device_dto.hpp"
#include "wire/reading_dto.hpp"
#include "wire/schema/components.hpp"
#include "wire/schema/schema.hpp"
#include "wire/webhook_dto.hpp"

namespace breakwater::api {

namespace {

using http::method;
using http::route;
using http::work;
using identity::action;

/// The ways to run a handler with what it uses. Nothing may block an I/O thread.
struct runners {
    std::shared_ptr<const handler_dependencies> all; ///< null: no handler will run

    template <class Dependencies>
    [[nodiscard]] std::shared_ptr<const Dependencies> of() const {
        return {all, all ? &std::get<Dependencies>(*all) : nullptr};
    }

    template <class Dependencies>
    [[nodiscard]] auto inline_(http::response (*run)(const Dependencies&, const http::request&)) const {
        return http::inline_handler{
            [deps = of<Dependencies>(), run](http::request& request) { return run(*deps, request); }};
    }
    /// Runs on the thread pool of `kind`.
    template <class Dependencies>
    [[nodiscard]] auto on(http::work kind,
                          http::response (*run)(const Dependencies&, const http::request&)) const {
        return http::blocking_handler{
            kind, [deps = of<Dependencies>(), run](http::request& request) { return run(*deps, request); }};
    }
    /// As `on`, for the requests that `admit` lets into the queue.
    template <class Dependencies>
    [[nodiscard]] auto admitted(http::work kind,
                                http::response (*run)(const Dependencies&, const http::request&),
                                http::refusal (*admit)(const Dependencies&, const http::request&)) const {
        http::blocking_handler handler = on(kind, run);
        handler.admit = [deps = of<Dependencies>(), admit](http::request& request) {
            return admit(*deps, request);
        };
        return handler;
    }
    template <class Dependencies>
    [[nodiscard]] auto deferred(http::work kind,
                                void (*run)(const Dependencies&, http::request&, http::respond)) const {
        return http::deferred_handler{
            kind, [deps = of<Dependencies>(), run](http::request& request, http::respond done) {
                run(*deps, request, std::move(done));
            }};
    }
    template <class Dependencies>
    [[nodiscard]] auto async(void (*run)(const Dependencies&, http::request&, http::respond)) const {
        return http::async_handler{
            [deps = of<Dependencies>(), run](http::request& request, http::respond done) {
                run(*deps, request, std::move(done));
            }};
    }
};

std::vector<parameter_schema> device_id_path() {
    return {wire::schema::uuid_path_parameter("id", "The device's id.")};
}

std::vector<parameter_schema> user_id_path() {
    return {wire::schema::integer_path_parameter("id", "The account's id.")};
}

std::vector<parameter_schema> requiring(std::string_view name, std::vector<parameter_schema> query) {
    for (parameter_schema& parameter : query)
        parameter.required = parameter.required || parameter.name == name;
    return query;
}

std::vector<parameter_schema> page_headers() {
    return {{.name = "X-Next-Cursor",
             .schema = R"({"type":"string"})",
             .description = "The `cursor` of the next page; absent on the last page."},
            {.name = "Link",
             .schema = R"({"type":"string"})",
             .description = "The next page, as `rel=\"next\"` (RFC 8288); absent on the last page."}};
}

void add_auth(std::vector<route>& table, const runners& run) {
    table.push_back(
        {method::post,
         "/auth/register",
         needs(action::sign_in),
         run.admitted(work::registration, auth::register_account, auth::admit_registration),
         {.tag = "auth",
          .summary = "Create an account",
          .description =
              "The account gets the role `user`, or the role of its invitation. `registration` in "
              "`GET /healthz` says who may register: with `invite` the request needs a valid `invitation`, "
              "with `closed` every request gets 403. An e-mail address that already has an account gets 400. "
              "Registrations are limited per client address (429).",
          .request_schema = "RegisterRequest",
          .success = 201,
          .response_schema = "User",
          .success_description = "The new account.",
          .errors = {400, 403, 429, 503, 507}}});
    table.push_back(
        {method::post,
         "/auth/login",
         needs(action::sign_in),
         run.admitted(work::hashing, auth::login, auth::admit_login),
         {.tag = "auth",
          .summary = "Sign in",
          .description =
              "A wrong password and an unknown address get the same 401. Failed attempts delay the next one, "
              "per account and per client address (429 with `Retry-After`). The right password of a disabled "
              "account gets 403. "
              "With the header `X-Session-Cookie: 1` the server sends the refresh token in an HttpOnly "
              "cookie and leaves `refresh_token` in the body empty; refreshing and signing out with that "
              "header read the cookie. "
              "Send the `device_cookie` of the response with the next sign-in to this account from the same "
              "client: failed attempts of other clients then do not delay it. With `X-Session-Cookie` the "
              "device cookie is also an HttpOnly cookie.",
          .request_schema = "LoginRequest",
          .response_schema = "TokenPair",
          .success_description = "An access token and a refresh token.",
          .errors = {401, 403, 429, 503, 507}}});
    table.push_back(
        {method::post,
         "/auth/refresh",
         needs(action::sign_in),
         run.on(work::control, auth::refresh),
         {.tag = "auth",
          .summary = "Exchange a refresh token for a new token pair",
          .description =
              "A refresh token works once. If it is sent again within REFRESH_REUSE_GRACE_SECONDS and before "
              "its successor was used, the server returns the same successor. Any other reuse revokes every "
              "token that descends from the same sign-in. More than MAX_RENEWALS_PER_MINUTE get 429.",
          .request_schema = "RefreshTokenRequest",
          .response_schema = "TokenPair",
          .success_description = "A new token pair.",
          .errors = {401, 429, 503, 507}}});
    table.push_back(
        {method::post,
         "/auth/logout",
         needs(action::use_own_account),
         run.on(work::control, auth::logout),
         {.tag = "auth",
          .summary = "Sign out",
          .description =
              "Ends the session of the refresh token. The access token stays valid until it expires. A token "
              "that is not a live refresh token gets 400; one of another account gets 403.",
          .request_schema = "RefreshTokenRequest",
          .success = 204,
          .success_description = "Every refresh token that descends from the same sign-in is revoked.",
          .errors = {400, 403, 503, 507}}});
    table.push_back(
        {method::post,
         "/auth/logout-all",
         needs(action::use_own_account),
         run.on(work::control, auth::logout_all),
         {.tag = "auth",
          .summary = "Sign out everywhere",
          .description = "Ends every session of the caller's account.",
          .success = 204,
          .success_description = "All tokens of the account are revoked, including the one of this request.",
          .errors = {503, 507}}});
    table.push_back({method::get,
                     "/auth/sessions",
                     needs(action::use_own_account),
                     run.on(work::query, account::list_sessions),
                     {.tag = "auth",
                      .summary = "List your sessions",
                      .response_schema = "Session[]",
                      .success_description = "The active sessions, most recently renewed first.",
                      .errors = {503}}});
    table.push_back({method::delete_,
                     "/auth/sessions/{id}",
                     needs(action::use_own_account),
                     run.on(work::command, account::end_session),
                     {.tag = "auth",
                      .summary = "End one of your sessions",
                      .description = "The session's access token stays valid until it expires.",
                      .success = 204,
                      .success_description =
                          "The session's refresh tokens are revoked and its live connections are closed.",
                      .errors = {404, 503, 507},
                      .path = {wire::schema::uuid_path_parameter("id", "The session's id.")}}});
    table.push_back(
        {method::put,
         "/auth/password",
         needs(action::use_own_account),
         run.on(work::hashing, account::change_password),
         {.tag = "auth",
          .summary = "Change your password",
          .description = "Ends every session of the account, including the current one: sign in again. A "
                         "wrong current password gets 403; repeated ones delay the next attempt (429).",
          .request_schema = "ChangePasswordRequest",
          .success = 204,
          .success_description = "The password is changed and all sessions have ended.",
          .errors = {403, 429, 503, 507}}});
}

void add_live(std::vector<route>& table, const runners& run) {
    table.push_back(
        {method::post,
         "/live/ticket",
         needs(action::use_own_account),
         run.on(work::control, auth::live_ticket),
         {.tag = "live",
          .summary = "Create a ticket for a live connection",
          .description = "For clients that do not want to send their access token over a WebSocket. A ticket "
                         "opens one connection and expires after `expires_in_seconds`. An account with too "
                         "many unused tickets gets 429.",
          .response_schema = "LiveTicket",
          .success_description = "A ticket for one connection.",
          .errors = {429, 503, 507}}});
    table.push_back(
        {method::get,
         "/live",
         needs(action::open_live_connection),
         http::websocket_handler{[deps = run.of<auth::dependencies>()](const http::request& request) {
             return open_live(deps->live, request);
         }},
         {.tag = "live",
          .summary = "Open a live connection (WebSocket)",
          .description = "Reports readings, device changes, alerts and security events as they happen. The "
                         "client's first message is a `hello` with a ticket or an access token. "
                         "docs/api_usage.md describes the messages. A page of another origin gets 403, "
                         "unless API_CORS_ORIGINS names the origin; a request without a WebSocket handshake "
                         "gets 426.",
          .success = 101,
          .success_description = "The connection is now a WebSocket.",
          .errors = {400, 403, 426}}});
}

void add_devices(std::vector<route>& table, const runners& run) {
    table.push_back({method::get,
                     "/devices/categories",
                     needs(action::read_public_pages),
                     run.inline_(devices::categories),
                     {.tag = "devices",
                      .summary = "List the device categories",
                      .response_schema = "Category[]",
                      .success_description = "Every category, with a sample payload."}});
    table.push_back(
        {method::post,
         "/devices",
         needs(action::create_device),
         run.on(work::command, devices::create),
         {.tag = "devices",
          .summary = "Add a device",
          .description = "The device belongs to the caller. Store its secret: the server keeps only a hash. "
                         "An account that has as many devices as its role allows gets 403.",
          .request_schema = "CreateDeviceRequest",
          .success = 201,
          .response_schema = "DeviceCredentials",
          .success_description = "The device's id and its secret, which is shown only once.",
          .errors = {503, 507}}});
    table.push_back(
        {method::get,
         "/devices",
         needs(action::list_devices),
         run.on(work::report, devices::list),
         {.tag = "devices",
          .summary = "List your devices",
          .description = "Administrators see the devices of all accounts. With a `limit`, the headers "
                         "`X-Next-Cursor` and `Link` lead to the next page.",
          .response_schema = "Device[]",
          .success_description = "The devices, in order of creation.",
          .errors = {503},
          .query = wire::schema::query_parameters<wire::device_list_query>(),
          .response_headers = page_headers()}});
    table.push_back(
        {method::get,
         "/devices/latest",
         needs(action::list_devices),
         run.on(work::report, devices::latest),
         {.tag = "devices",
          .summary = "Show the latest value of every field of your devices",
          .description = "Administrators see the devices of all accounts. With a `limit`, the headers "
                         "`X-Next-Cursor` and `Link` lead to the next page.",
          .response_schema = "DeviceLatest[]",
          .success_description = "The devices, in order of creation.",
          .errors = {503},
          .query = wire::schema::query_parameters<wire::device_latest_query>(),
          .response_headers = page_headers()}});
    table.push_back({method::get,
                     "/devices/{id}",
                     needs(action::see_device),
                     run.on(work::query, devices::get),
                     {.tag = "devices",
                      .summary = "Show a device",
                      .description = "For the owner of the device and for administrators.",
                      .response_schema = "DeviceDetail",
                      .success_description = "The device.",
                      .errors = {403, 404, 503},
                      .path = device_id_path()}});
    table.push_back(
        {method::put,
         "/devices/{id}",
         needs(action::change_device),
         run.on(work::command, devices::update),
         {.tag = "devices",
          .summary = "Update a device",
          .description =
              "For the owner of the device and for administrators. Absent members keep their value. Blocking "
              "a device ends its tokens; they stay invalid after the device is released. An owner may not "
              "release a device that was blocked by an administrator, or by a rule without "
              "`owner_may_release` (403). "
              "The status `deleted` gets 400: use DELETE.",
          .request_schema = "UpdateDeviceRequest",
          .response_schema = "DeviceDetail",
          .success_description = "The updated device.",
          .errors = {400, 403, 404, 503, 507},
          .path = device_id_path()}});
    table.push_back({method::delete_,
                     "/devices/{id}",
                     needs(action::change_device),
                     run.on(work::command, devices::remove),
                     {.tag = "devices",
                      .summary = "Delete a device and its readings",
                      .description = "For the owner of the device and for administrators.",
                      .response_schema = "DeviceStateChange",
                      .success_description = "The device is deleted.",
                      .errors = {403, 404, 503, 507},
                      .path = device_id_path()}});
    table.push_back(
        {method::post,
         "/devices/{id}/deactivate",
         needs(action::change_device),
         run.on(work::command, devices::deactivate),
         {.tag = "devices",
          .summary = "Block a device",
          .description = "For the owner of the device and for administrators. The device gets no new tokens "
                         "until it is released: `PUT /devices/{id}` with the status `active`.",
          .response_schema = "DeviceStateChange",
          .success_description = "The device is blocked and its tokens no longer work.",
          .errors = {403, 404, 503, 507},
          .path = device_id_path()}});
    table.push_back(
        {method::post,
         "/devices/{id}/invalidate-tokens",
         needs(action::change_device),
         run.on(work::command, devices::invalidate_tokens),
         {.tag = "devices",
          .summary = "Invalidate a device's tokens",
          .description = "For the owner of the device and for administrators. The device's secret stays "
                         "valid: it can get a new token.",
          .response_schema = "DeviceStateChange",
          .success_description = "The device's tokens no longer work.",
          .errors = {403, 404, 503, 507},
          .path = device_id_path()}});
    table.push_back(
        {method::post,
         "/devices/{id}/rotate-secret",
         needs(action::change_device),
         run.on(work::command, devices::rotate_secret),
         {.tag = "devices",
          .summary = "Rotate a device's secret",
          .description = "For the owner of the device and for administrators. The device's status does not "
                         "change.",
          .response_schema = "DeviceCredentials",
          .success_description =
              "The new secret, shown only once. The old secret and all tokens no longer work.",
          .errors = {403, 404, 503, 507},
          .path = device_id_path()}});
}

void add_readings(std::vector<route>& table, const runners& run) {
    table.push_back({method::get,
                     "/devices/{id}/readings",
                     needs(action::see_device),
                     run.on(work::query, readings::list),
                     {.tag = "readings",
                      .summary = "List a device's readings, newest first",
                      .description = "For the owner of the device and for administrators. The headers "
                                     "`X-Next-Cursor` and `Link` lead to the next page.",
                      .response_schema = "Reading[]",
                      .success_description = "A page of readings.",
                      .errors = {403, 404, 503},
                      .query = wire::schema::query_parameters<wire::reading_list_query>(),
                      .path = device_id_path(),
                      .response_headers = page_headers()}});
    table.push_back({method::get,
                     "/devices/{id}/readings/meta",
                     needs(action::see_device),
                     run.on(work::report, readings::meta),
                     {.tag = "readings",
                      .summary = "Count a device's readings",
                      .description = "For the owner of the device and for administrators.",
                      .response_schema = "ReadingsMeta",
                      .success_description =
                          "The number of readings, and when the oldest and the newest of them arrived.",
                      .errors = {403, 404, 503},
                      .query = wire::schema::query_parameters<wire::reading_range_query>(),
                      .path = device_id_path()}});
    table.push_back(
        {method::get,
         "/devices/{id}/readings/series",
         needs(action::see_device),
         run.on(work::report, readings::series),
         {.tag = "readings",
          .summary = "Aggregate a device's fields over time",
          .description =
              "For the owner of the device and for administrators. Returns the number of values and the "
              "lowest, highest, mean, first and last value of each step, for charts. A value belongs to the "
              "step in which it was measured by the device's clock; if that clock shows a time before 2000 "
              "or more than five minutes after the reading arrived, its time of arrival counts. The server "
              "chooses the step so that no field has more than `points` buckets; a year takes no longer to "
              "read than an hour. Numbers count, and booleans as 0 and 1.",
          .response_schema = "Series",
          .success_description = "One series for each field.",
          .errors = {403, 404, 503},
          .query = requiring("field", wire::schema::query_parameters<wire::series_query>()),
          .path = device_id_path()}});
    table.push_back(
        {method::post,
         "/device/token",
         needs(action::sign_in),
         run.on(work::control, auth::device_token),
         {.tag = "device channel",
          .summary = "Exchange a device's secret for a token",
          .description = "An unknown device or a wrong secret gets 401, a blocked device 403. After repeated "
                         "failures a wrong secret gets 429; they do not delay the right secret.",
          .request_schema = "DeviceTokenRequest",
          .response_schema = "DeviceToken",
          .success_description = "A short-lived device token.",
          .errors = {401, 403, 429, 503, 507}}});
    table.push_back(
        {method::post,
         "/device/readings",
         needs(action::send_readings),
         run.async(readings::upload),
         {.tag = "device channel",
          .summary = "Upload a reading",
          .description = "The server responds after the reading is on disk. The device's policy limits the "
                         "size of the payload (413) and the interval between readings (429).",
          .request_schema = "ReadingRequest",
          .success = 201,
          .response_schema = "Reading",
          .success_description = "The stored reading.",
          .errors = {403, 413, 429, 503, 507}}});
}

void add_exports(std::vector<route>& table, const runners& run) {
    struct export_route {
        std::string_view path;
        http::response (*handler)(const readings::dependencies&, const http::request&);
        std::string_view summary;
        std::string_view description;
        std::string_view type;
        std::string_view success;
    };
    constexpr std::string_view csv =
        "For the owner of the device and for administrators. Returns every reading of the range, oldest "
        "first, with a column for each field of the payloads. The audit log records the export.";
    constexpr std::string_view fleet_csv =
        "Administrators get the devices of all accounts. Returns every reading of the range, device by "
        "device and oldest first, with a column for each field of the payloads. The audit log records the "
        "export.";
    constexpr std::string_view ndjson =
        "For the owner of the device and for administrators. Returns every reading of the range, oldest "
        "first, one JSON object per line. The audit log records the export.";
    constexpr std::string_view fleet_ndjson =
        "Administrators get the devices of all accounts. Returns every reading of the range, device by "
        "device and oldest first, one JSON object per line. The audit log records the export.";
    for (const export_route& entry :
         {export_route{"/devices/{id}/readings.csv", readings::csv, "Export a device's readings as CSV", csv,
                       "text/csv", "CSV (RFC 4180), streamed."},
          export_route{"/devices/{id}/readings.ndjson", readings::ndjson,
                       "Export a device's readings as lines of JSON", ndjson, "application/x-ndjson",
                       "Lines of JSON, streamed."},
          export_route{"/readings.csv", readings::fleet_csv, "Export the readings of all your devices as CSV",
                       fleet_csv, "text/csv", "CSV (RFC 4180), streamed."},
          export_route{"/readings.ndjson", readings::fleet_ndjson,
                       "Export the readings of all your devices as lines of JSON", fleet_ndjson,
                       "application/x-ndjson", "Lines of JSON, streamed."}}) {
        const bool of_one_device = entry.path.starts_with("/devices");
        std::vector<unsigned> errors{503, 507};
        if (of_one_device)
            errors.insert(errors.begin(), {403, 404});
        table.push_back({method::get,
                         entry.path,
                         needs(of_one_device ? action::see_device : action::list_devices),
                         run.on(work::report, entry.handler),
                         {.tag = "readings",
                          .summary = entry.summary,
                          .description = entry.description,
                          .response_type = entry.type,
                          .success_description = entry.success,
                          .errors = std::move(errors),
                          .query = wire::schema::query_parameters<wire::export_query>(),
                          .path = of_one_device ? device_id_path() : std::vector<parameter_schema>{},
                          .response_headers = {{.name = "Content-Disposition",
                                                .schema = R"({"type":"string"})",
                                                .description = "The file's name (RFC 6266)."}}}});
    }
}

void add_batches(std::vector<route>& table, const runners& run) {
    table.push_back(
        {method::post,
         "/device/readings/batch",
         needs(action::send_readings),
         run.deferred(work::bulk, readings::upload_batch),
         {.tag = "device channel",
          .summary = "Upload a batch of readings",
          .description =
              "For readings that a device kept while it was offline. The body is a JSON array, or one JSON "
              "object per line with `Content-Type: application/x-ndjson`; it may be compressed with gzip or "
              "zstd. A batch has at most MAX_BATCH_READINGS readings (413). The server accepts or refuses "
              "each reading on its own, and responds after the accepted ones are on disk. Readings with an "
              "old `device_timestamp` are late and have their own rate limit; of the others a batch may "
              "have one accepted. If a limit refuses every reading, the response is 429.",
          .request_schema = "ReadingRequest[]",
          .also_request_type = "application/x-ndjson",
          .encoded_request = true,
          .response_schema = "BatchResult",
          .success_description = "The result for each reading.",
          .errors = {403, 413, 429, 503, 507}}});
}

void add_device_events(std::vector<route>& table, const runners& run) {
    table.push_back(
        {method::get,
         "/devices/{id}/security-events",
         needs(action::see_device),
         run.on(work::report, events::of_device),
         {.tag = "devices",
          .summary = "List a device's security events, newest first",
          .description = "For the owner of the device and for administrators. The owner does not see other "
                         "actors, their addresses or other devices. The headers `X-Next-Cursor` and `Link` "
                         "lead to the next page.",
          .response_schema = "SecurityEvent[]",
          .success_description = "A page of events.",
          .errors = {403, 404, 503},
          .query = wire::schema::query_parameters<wire::device_event_query>(),
          .path = device_id_path(),
          .response_headers = page_headers()}});
}

void add_policies(std::vector<route>& table, const runners& run) {
    table.push_back(
        {method::get,
         "/devices/{id}/policy",
         needs(action::see_device),
         run.on(work::query, policies::of_device),
         {.tag = "policies",
          .summary = "Show a device's policy and its refused readings",
          .description = "For the owner of the device and for administrators.",
          .response_schema = "DevicePolicy",
          .success_description =
              "The device's limits and retention, and its refused readings by reason since the server "
              "started.",
          .errors = {403, 404, 503},
          .path = device_id_path()}});
    table.push_back(
        {method::put,
         "/devices/{id}/policy",
         needs(action::change_policies),
         run.on(work::command, policies::put_device),
         {.tag = "policies",
          .summary = "Set a device's policy",
          .description = "Limits what the device may send and how long the server keeps it. Replaces the "
                         "device's earlier policy. A changed retention takes effect within a day.",
          .request_schema = "PolicyRequest",
          .response_schema = "DevicePolicy",
          .success_description = "The device's policy.",
          .errors = {404, 503, 507},
          .path = device_id_path()}});
    table.push_back({method::get,
                     "/admin/policies",
                     needs(action::change_policies),
                     run.inline_(policies::list),
                     {.tag = "policies",
                      .summary = "List the policies of all categories",
                      .response_schema = "CategoryPolicy[]",
                      .success_description = "The policy of every category."}});
    table.push_back(
        {method::put,
         "/admin/policies/{category}",
         needs(action::change_policies),
         run.on(work::command, policies::put_category),
         {.tag = "policies",
          .summary = "Set a category's policy",
          .description = "Limits what the category's devices may send and how long the server keeps it. "
                         "Replaces the category's earlier policy. A device's own policy takes precedence.",
          .request_schema = "PolicyRequest",
          .response_schema = "CategoryPolicy",
          .success_description = "The category's policy.",
          .errors = {404, 503, 507}}});
}

void add_alerts(std::vector<route>& table, const runners& run) {
    const auto alert_id_path = [] {
        return std::vector{wire::schema::integer_path_parameter("id", "The alert's id.")};
    };
    table.push_back(
        {method::get,
         "/alerts",
         needs(action::list_alerts),
         run.on(work::query, alerts::list),
         {.tag = "alerts",
          .summary = "List alerts, newest first",
          .description = "Returns the alerts of the caller's devices. Administrators see all alerts, "
                         "including those that concern no device. The headers `X-Next-Cursor` and `Link` "
                         "lead to the next page.",
          .response_schema = "Alert[]",
          .success_description = "A page of alerts.",
          .errors = {503},
          .query = wire::schema::query_parameters<wire::alert_list_query>(),
          .response_headers = page_headers()}});
    table.push_back({method::get,
                     "/alerts/summary",
                     needs(action::list_alerts),
                     run.on(work::query, alerts::summary),
                     {.tag = "alerts",
                      .summary = "Count the alerts that are not resolved",
                      .description = "Counts the alerts that `GET /alerts` shows the caller.",
                      .response_schema = "AlertSummary",
                      .success_description = "The number of alerts by state and by severity.",
                      .errors = {503}}});
    table.push_back({method::get,
                     "/alerts/{id}",
                     needs(action::handle_alert),
                     run.on(work::query, alerts::get),
                     {.tag = "alerts",
                      .summary = "Show an alert",
                      .description = "For the owner of the alert's device and for administrators.",
                      .response_schema = "Alert",
                      .success_description = "The alert.",
                      .errors = {403, 404, 503},
                      .path = alert_id_path()}});
    table.push_back(
        {method::post,
         "/alerts/{id}/acknowledge",
         needs(action::handle_alert),
         run.on(work::command, alerts::acknowledge),
         {.tag = "alerts",
          .summary = "Acknowledge an alert",
          .description = "Records that the caller is handling the alert. For the owner of the alert's "
                         "device and for administrators. An alert that is not open gets 400.",
          .request_schema = "AlertNoteRequest",
          .response_schema = "Alert",
          .success_description = "The acknowledged alert.",
          .errors = {400, 403, 404, 503, 507},
          .path = alert_id_path()}});
    table.push_back(
        {method::post,
         "/alerts/{id}/resolve",
         needs(action::handle_alert),
         run.on(work::command, alerts::resolve),
         {.tag = "alerts",
          .summary = "Resolve an alert",
          .description = "For the owner of the alert's device and for administrators. An alert that is "
                         "already resolved gets 400. A device that the rule blocked stays blocked.",
          .request_schema = "AlertNoteRequest",
          .response_schema = "Alert",
          .success_description = "The resolved alert.",
          .errors = {400, 403, 404, 503, 507},
          .path = alert_id_path()}});
}

void add_alert_rules(std::vector<route>& table, const runners& run) {
    const auto rule_id_path = [] {
        return std::vector{wire::schema::integer_path_parameter("id", "The rule's id.")};
    };
    table.push_back(
        {method::get,
         "/alert-rules",
         needs(action::see_alert_rules),
         run.on(work::query, alerts::list_rules),
         {.tag = "alerts",
          .summary = "List alert rules",
          .description = "A rule for one device is visible to the owner of the device and to administrators, "
                         "a rule of the kind `security` only to administrators, and any other rule to "
                         "everyone.",
          .response_schema = "AlertRule[]",
          .success_description = "The rules, in order of creation.",
          .errors = {503}}});
    table.push_back(
        {method::post,
         "/alert-rules",
         needs(action::change_alert_rules),
         run.on(work::command, alerts::create_rule),
         {.tag = "alerts",
          .summary = "Add an alert rule",
          .description = "The rule applies to all devices, to a category or to one device. A device that "
                         "does not exist gets 404. If there are too many rules, the response is 400.",
          .request_schema = "AlertRuleRequest",
          .success = 201,
          .response_schema = "AlertRule",
          .success_description = "The new rule; the server evaluates it from now on.",
          .errors = {400, 404, 503, 507}}});
    table.push_back({method::get,
                     "/alert-rules/{id}",
                     needs(action::see_alert_rules),
                     run.on(work::query, alerts::get_rule),
                     {.tag = "alerts",
                      .summary = "Show an alert rule",
                      .description = "A rule that the caller may not see gets 404.",
                      .response_schema = "AlertRule",
                      .success_description = "The rule.",
                      .errors = {403, 404, 503},
                      .path = rule_id_path()}});
    table.push_back(
        {method::put,
         "/alert-rules/{id}",
         needs(action::change_alert_rules),
         run.on(work::command, alerts::update_rule),
         {.tag = "alerts",
          .summary = "Replace an alert rule",
          .description = "The request replaces the whole rule. If the rule then watches something else, its "
                         "unresolved alerts are resolved.",
          .request_schema = "AlertRuleRequest",
          .response_schema = "AlertRule",
          .success_description = "The updated rule.",
          .errors = {400, 404, 503, 507},
          .path = rule_id_path()}});
    table.push_back({method::delete_,
                     "/alert-rules/{id}",
                     needs(action::change_alert_rules),
                     run.on(work::command, alerts::remove_rule),
                     {.tag = "alerts",
                      .summary = "Delete an alert rule",
                      .description = "The rule's alerts stay, under the name that the rule had.",
                      .success = 204,
                      .success_description = "The rule is deleted and its alerts are resolved.",
                      .errors = {404, 503, 507},
                      .path = rule_id_path()}});
}

void add_webhooks(std::vector<route>& table, const runners& run) {
    const auto webhook_id_path = [] {
        return std::vector{wire::schema::integer_path_parameter("id", "The webhook's id.")};
    };
    table.push_back({method::get,
                     "/webhooks",
                     needs(action::manage_webhooks),
                     run.on(work::query, webhooks::list),
                     {.tag = "webhooks",
                      .summary = "List webhooks",
                      .response_schema = "Webhook[]",
                      .success_description = "The webhooks, in order of creation.",
                      .errors = {503}}});
    table.push_back(
        {method::post,
         "/webhooks",
         needs(action::manage_webhooks),
         run.on(work::command, webhooks::create),
         {.tag = "webhooks",
          .summary = "Add a webhook",
          .description = "The server sends a signed POST to the webhook's URL when an alert is raised and "
                         "when it is resolved; docs/api_usage.md explains how to verify the signature. A "
                         "message that gets no 2xx response within 10 s is sent again, for some hours. If "
                         "there are too many webhooks, the response is 400.",
          .request_schema = "CreateWebhookRequest",
          .success = 201,
          .response_schema = "NewWebhook",
          .success_description = "The webhook and its secret, which is shown only once.",
          .errors = {400, 503, 507}}});
    table.push_back(
        {method::put,
         "/webhooks/{id}",
         needs(action::manage_webhooks),
         run.on(work::command, webhooks::update),
         {.tag = "webhooks",
          .summary = "Update a webhook",
          .description = "The secret stays the same. Disabling a webhook gives up its pending messages.",
          .request_schema = "UpdateWebhookRequest",
          .response_schema = "Webhook",
          .success_description = "The updated webhook.",
          .errors = {404, 503, 507},
          .path = webhook_id_path()}});
    table.push_back({method::delete_,
                     "/webhooks/{id}",
                     needs(action::manage_webhooks),
                     run.on(work::command, webhooks::remove),
                     {.tag = "webhooks",
                      .summary = "Delete a webhook and its deliveries",
                      .success = 204,
                      .success_description = "The webhook is deleted.",
                      .errors = {404, 503, 507},
                      .path = webhook_id_path()}});
    table.push_back(
        {method::post,
         "/webhooks/{id}/test",
         needs(action::manage_webhooks),
         run.on(work::command, webhooks::test),
         {.tag = "webhooks",
          .summary = "Send a test message",
          .description = "If the webhook is disabled or has too many pending messages, the response is 400.",
          .success = 202,
          .response_schema = "WebhookTest",
          .success_description = "The message is queued; its delivery shows the result.",
          .errors = {400, 404, 503, 507},
          .path = webhook_id_path()}});
    table.push_back({method::get,
                     "/webhooks/deliveries",
                     needs(action::manage_webhooks),
                     run.on(work::query, webhooks::deliveries),
                     {.tag = "webhooks",
                      .summary = "List webhook deliveries, newest first",
                      .description = "`state=dead` lists the messages that the server gave up. The headers "
                                     "`X-Next-Cursor` and `Link` lead to the next page.",
                      .response_schema = "WebhookDelivery[]",
                      .success_description = "A page of deliveries.",
                      .errors = {503},
                      .query = wire::schema::query_parameters<wire::delivery_list_query>(),
                      .response_headers = page_headers()}});
    table.push_back(
        {method::post,
         "/webhooks/deliveries/{id}/retry",
         needs(action::manage_webhooks),
         run.on(work::command, webhooks::retry),
         {.tag = "webhooks",
          .summary = "Retry a dead delivery",
          .description = "If the delivery is not dead, or its webhook is disabled, the response is 400.",
          .response_schema = "WebhookDelivery",
          .success_description = "The message is queued again, under the same id.",
          .errors = {400, 404, 503, 507},
          .path = {wire::schema::integer_path_parameter("id", "The delivery's id.")}}});
}

void add_admin(std::vector<route>& table, const runners& run) {
    table.push_back({method::get,
                     "/admin/security-events",
                     needs(action::read_audit_log),
                     run.on(work::report, events::list),
                     {.tag = "admin",
                      .summary = "Query the audit log, newest first",
                      .description = "The headers `X-Next-Cursor` and `Link` lead to the next page.",
                      .response_schema = "SecurityEvent[]",
                      .success_description = "A page of events.",
                      .errors = {503},
                      .query = wire::schema::query_parameters<wire::event_list_query>(),
                      .response_headers = page_headers()}});
    table.push_back({method::post,
                     "/admin/security-events/simulate",
                     needs(action::simulate_incident),
                     run.on(work::command, admin::simulate_incident),
                     {.tag = "admin",
                      .summary = "Simulate an incident",
                      .description = "For training: writes a security event that is marked as simulated.",
                      .request_schema = "SimulateIncidentRequest",
                      .success = 201,
                      .response_schema = "SecurityEvent",
                      .success_description = "The event.",
                      .errors = {503, 507}}});
    table.push_back(
        {method::post,
         "/admin/retention/release",
         needs(action::release_retention),
         run.on(work::command, admin::release_retention),
         {.tag = "admin",
          .summary = "Resume retention after a clock jump",
          .description = "Confirms the server's clock. After the clock jumped forward, retention is on hold "
                         "until this confirmation, or for a day; `GET "
                         "/healthz` shows until when. If retention is not on hold, the response is 400.",
          .success = 204,
          .success_description = "Retention has resumed.",
          .errors = {400, 503, 507}}});
    table.push_back({method::get,
                     "/admin/invitations",
                     needs(action::manage_invitations),
                     run.on(work::query, invitations::list),
                     {.tag = "admin",
                      .summary = "List the unused invitations",
                      .response_schema = "Invitation[]",
                      .success_description = "The invitations, newest first.",
                      .errors = {503}}});
    table.push_back({method::post,
                     "/admin/invitations",
                     needs(action::manage_invitations),
                     run.on(work::command, invitations::create),
                     {.tag = "admin",
                      .summary = "Invite a person to create an account",
                      .description = "If there are too many unused invitations, the response is 400.",
                      .request_schema = "CreateInvitationRequest",
                      .success = 201,
                      .response_schema = "NewInvitation",
                      .success_description = "The invitation and its token, which is shown only once.",
                      .errors = {400, 503, 507}}});
    table.push_back({method::delete_,
                     "/admin/invitations/{id}",
                     needs(action::manage_invitations),
                     run.on(work::command, invitations::remove),
                     {.tag = "admin",
                      .summary = "Withdraw an invitation",
                      .success = 204,
                      .success_description = "The invitation's link no longer works.",
                      .errors = {404, 503, 507},
                      .path = {wire::schema::integer_path_parameter("id", "The invitation's id.")}}});
    table.push_back({method::get,
                     "/admin/users",
                     needs(action::manage_accounts),
                     run.on(work::query, admin::list_users),
                     {.tag = "admin",
                      .summary = "List all accounts",
                      .response_schema = "User[]",
                      .success_description = "Every account.",
                      .errors = {503}}});
    table.push_back({method::post,
                     "/admin/users",
                     needs(action::manage_accounts),
                     run.on(work::hashing, admin::create_user),
                     {.tag = "admin",
                      .summary = "Create an account for a user",
                      .description = "An e-mail address that already has an account gets 400.",
                      .request_schema = "CreateUserRequest",
                      .success = 201,
                      .response_schema = "User",
                      .success_description = "The new account.",
                      .errors = {400, 503, 507}}});
    table.push_back(
        {method::put,
         "/admin/users/{id}",
         needs(action::manage_accounts),
         run.on(work::hashing, admin::update_user),
         {.tag = "admin",
          .summary = "Update an account",
          .description =
              "Absent members keep their value. A new password, a new role or disabling the account ends its "
              "sessions at once. The following requests get 400: an e-mail address of another account, "
              "disabling your own account, and a change that leaves no administrator who may sign in.",
          .request_schema = "UpdateUserRequest",
          .response_schema = "User",
          .success_description = "The updated account.",
          .errors = {400, 404, 503, 507},
          .path = user_id_path()}});
    table.push_back({method::delete_,
                     "/admin/users/{id}",
                     needs(action::manage_accounts),
                     run.on(work::command, admin::remove_user),
                     {.tag = "admin",
                      .summary = "Delete an account and its devices",
                      .description = "Also deletes the readings of the devices. Your own account and the "
                                     "last administrator get 400.",
                      .success = 204,
                      .success_description = "The account is deleted and its sessions have ended.",
                      .errors = {400, 404, 503, 507},
                      .path = user_id_path()}});
}

void add_system(std::vector<route>& table, const runners& run) {
    table.push_back({method::get,
                     "/healthz",
                     needs(action::read_public_pages),
                     run.inline_(system::health),
                     {.tag = "system",
                      .summary = "Check that the process is alive",
                      .response_schema = "Health",
                      .success_description = "The process is alive."}});
    table.push_back({method::get,
                     "/readyz",
                     needs(action::read_public_pages),
                     run.on(work::control, system::readiness),
                     {.tag = "system",
                      .summary = "Check that the server can do its work",
                      .response_schema = "Readiness",
                      .success_description = "The database responds and the disk has free space.",
                      .error_schemas = {{503, "Readiness"}},
                      .errors = {503}}});
    table.push_back(
        {method::get,
         "/metrics",
         needs(action::read_public_pages),
         run.on(work::control, system::metrics),
         {.tag = "system",
          .summary = "Get the metrics for Prometheus",
          .description = "For loopback addresses, or, where METRICS_TOKEN is set, for requests that send it "
                         "as a bearer token.",
          .response_type = "text/plain",
          .success_description = "Prometheus text format 0.0.4.",
          .errors = {401, 403, 503}}});
    table.push_back({method::get,
                     "/.well-known/security.txt",
                     needs(action::read_public_pages),
                     run.inline_(system::security_txt),
                     {.tag = "system",
                      .summary = "Get the contact for vulnerability reports",
                      .response_type = "text/plain",
                      .success_description = "The contact (RFC 9116)."}});
}

std::unique_ptr<http::router> make_table(const runners& run, const std::string& version,
                                         std::string_view base_path = {}) {
    // The document describes the table and is served by one of its rows: its text follows the table.
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
    add_documentation(table, document,
                      std::make_shared<const std::string>(
                          wire::asyncapi_document({.version = version, .base_path = base_path})));
    auto routes = std::make_unique<http::router>(std::move(table));
    *document = openapi_of(*routes, version, base_path);
    return routes;
}

} // namespace

std::unique_ptr<http::router> make_router(handler_dependencies deps, std::string_view base_path) {
    const std::string version = std::get<system::dependencies>(deps).facts.version;
    return make_table({std::make_shared<const handler_dependencies>(std::move(deps))}, version, base_path);
}

std::string openapi_document(const std::string& version) {
    return openapi_of(*make_table({nullptr}, version), version);
}

std::string permissions_page() {
    return permissions_page_of(*make_table({nullptr}, ""));
}

bool is_first_path_segment(std::string_view segment) {
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
        .description = "Onboards devices, stores their telemetry, controls access with tokens and roles, and "
                       "records every security event. Errors are problem documents (RFC 9457); `detail` says "
                       "what is wrong.",
        .license = "Apache-2.0",
        .tags = {{"auth", "Accounts and sessions of people."},
                 {"devices", "Manage devices, for their owners and for administrators."},
                 {"readings", "Query and export the readings of devices."},
                 {"device channel", "For devices: exchange the secret for a token, and upload readings."},
                 {"live", "Live updates over a WebSocket."},
                 {"alerts", "Alerts, and the rules that raise them."},
                 {"webhooks", "HTTP messages about alerts to other systems."},
                 {"policies", "Limits and retention of readings, for devices and categories."},
                 {"admin", "Accounts, invitations and the audit log, for administrators."},
                 {"system", "Health and metrics of the server, and this document."}}};
    const auto components = wire::schema::components();
    return http::openapi_document(routes, info, components);
}

} // namespace breakwater::api
