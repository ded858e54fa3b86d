#pragma once

#include <span>
#include <string_view>

namespace breakwater::api {

/// A file that the build embeds in the binary. The views refer to static storage.
struct asset {
    std::string_view path;         ///< `swagger-ui.css`, `app/app.js`
    std::string_view content_type; ///< the value of the Content-Type header
    std::string_view bytes;
};

/// The files of the web client: `app/index.html` (served at /), `app/app.js`, `app/app.css` and chunks whose
/// names change with their contents. The files of the API pages: `docs.html` (Swagger UI, served at /docs),
/// `redoc.html` (Redoc, served at /redoc), and the files that they load from /docs/assets/. Any thread may
/// call.
std::span<const asset> assets() noexcept;

/// The asset with this path; null if there is none.
const asset* find_asset(std::string_view path) noexcept;

/// The minimum that the two pages need: all files from this server, no inline script, no eval. Both libraries
/// write style elements, Redoc's search runs in a worker from a blob, and images may be data: URLs.
inline constexpr std::string_view docs_content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src "
    "'self'; "
    "connect-src 'self'; worker-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// As above, for the web client; its widget library also writes style elements.
inline constexpr std::string_view web_content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src "
    "'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

} // namespace breakwater::api
