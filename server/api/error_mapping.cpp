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

/// RFC 6750 section 3: a call that brought no token is told no error code.
std::string challenge(const http::request& asked) {
    std::string value = R"(Bearer realm="breakwater")";
    if (asked.header("authorization"))
        value += R"(, error="invalid_token")";
    return value;
}

} // namespace

http::response to_response(const error& why, const http::request& asked) {
    const unsigned status = status_of(why.code);
    const bool of_the_server = status >= 500 && why.code != errc::overloaded;
    if (of_the_server)
        log::write(log::level::error, "request failed",
                   {{"request_id", asked.request_id},
                    {"route", std::string{asked.route}},
                    {"code", std::string{to_string(why.code)}},
                    {"detail", why.detail}});
    std::string_view detail = why.detail;
    if (why.code == errc::internal)
        detail = "Something went wrong here. The request id names it in the server's log.";
    else if (why.code == errc::storage_unavailable)
        detail = "The change could not be made durable; nothing was stored. Try again shortly.";
    else if (why.code == errc::storage_full)
        detail = "The server's disk is full; nothing was stored.";

    http::response answer = http::problem(status, detail, why.fields, why.limit, why.retry_after);
    if (why.code == errc::unauthenticated)
        answer.headers.emplace_back("WWW-Authenticate", challenge(asked));
    if (status == 503 && !why.retry_after)
        answer.headers.emplace_back("Retry-After", "5");
    return answer;
}

} // namespace breakwater::api
