#include "api/error_mapping.hpp"

#include "base/log.hpp"

namespace breakwater::api {

unsigned status_of(errc code) noexcept {
    switch (code) {
    case errc::invalid_input: return 422;
    case errc::malformed: return 422;
    case errc::bad_state: return 400;
    case errc::unauthenticated: return 401;
    case errc::forbidden: return 403;
    case errc::not_found: return 404;
    case errc::conflict: return 409;
    case errc::too_large: return 413;
    case errc::rate_limited: return 429;
    case errc::overloaded: return 503;
    case errc::storage_unavailable: return 503;
    case errc::storage_full: return 507;
    case errc::internal: return 500;
    }
    return 500;
}

namespace {

/// RFC 6750 section 3: a request without a token gets no error code.
std::string challenge(const http::request& request) {
    std::string value = R"(Bearer realm="breakwater")";
    if (request.header("authorization"))
        value += R"(, error="invalid_token")";
    return value;
}

} // namespace

http::response to_response(const error& failure, const http::request& request) {
    const unsigned status = status_of(failure.code);
    const bool is_server_failure = status >= 500 && failure.code != errc::overloaded;
    if (is_server_failure)
        log::write(log::level::error, "request failed",
                   {{"request_id", request.request_id},
                    {"route", std::string{request.route}},
                    {"code", std::string{to_string(failure.code)}},
                    {"detail", failure.detail}});
    std::string_view detail = failure.detail;
    if (failure.code == errc::internal)
        detail = "The server had an internal error. Try again; if it fails again, give the administrator the "
                 "request id.";
    else if (failure.code == errc::storage_unavailable)
        detail = "The server can't use its database at the moment. Try again shortly.";
    else if (failure.code == errc::storage_full)
        detail = "The server's disk is full, so it stored nothing. Tell the administrator.";

    http::response response =
        http::problem(status, detail, failure.fields, failure.limit, failure.retry_after);
    if (failure.code == errc::unauthenticated)
        response.headers.emplace_back("WWW-Authenticate", challenge(request));
    if (status == 503 && !failure.retry_after)
        response.headers.emplace_back("Retry-After", "5");
    return response;
}

} // namespace breakwater::api
