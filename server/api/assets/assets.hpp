#pragma once

#include <span>
#include <string_view>

namespace breakwater::api {

/// A file that the build put into the binary. All of it lives as long as the program.
struct asset {
    std::string_view path;         ///< its name: `swagger-ui.css`, `app/app.js`
    std::string_view content_type; ///< as it goes into the field of that name
    std::string_view bytes;
};

/// The web client: `app/index.html` (at /), and what it loads, `app/app.js`, `app/app.css` and parts whose
/// names change with their contents. What the pages of the API consist of: `docs.html` (Swagger UI, at
/// /docs), `redoc.html` (Redoc, at /redoc), and what these load from /docs/assets/. Any thread.
std::span<const asset> assets() noexcept;

/// The asset of that name; null where there is none.
const asset* find_asset(std::string_view path) noexcept;

/// What the two pages need and no more: all from this server, no inline script, no eval. Both libraries write
/// style elements; Redoc's search runs in a worker made from a blob; images may come from data: addresses.
inline constexpr std::string_view docs_content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src "
    "'self'; "
    "connect-src 'self'; worker-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The same for the web client, whose library of widgets writes style elements, too.
inline constexpr std::string_view web_content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src "
    "'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

} // namespace breakwater::api
