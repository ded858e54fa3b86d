#include "api/documentation_handlers.hpp"

#include "api/assets/assets.hpp"

#include <string>

namespace breakwater::api {

namespace {

using http::credential;
using http::method;

http::response page(std::string_view name,
                    std::string_view content_security_policy = docs_content_security_policy) {
    const asset* found = find_asset(name);
    if (found == nullptr)
        return http::problem(404, "No such page.");
    http::response answer;
    answer.content_type = found->content_type;
    answer.static_body = found->bytes;
    answer.content_security_policy = content_security_policy;
    answer.cacheable = true;
    return answer;
}

http::inline_handler page_handler(std::string_view name) {
    return {[name](http::request&) { return page(name); }};
}

} // namespace

void add_documentation(std::vector<http::route>& table, std::shared_ptr<const std::string> document) {
    constexpr std::string_view tag = "system";
    table.push_back({method::get,
                     "/openapi.json",
                     credential::none,
                     http::inline_handler{[document = std::move(document)](http::request&) {
                         http::response answer;
                         answer.static_body = *document;
                         answer.cacheable = true;
                         return answer;
                     }},
                     {.tag = tag,
                      .summary = "This document",
                      .success_description = "OpenAPI 3.1, made from the table that routes the calls."}});
    table.push_back({method::get,
                     "/",
                     credential::none,
                     http::inline_handler{
                         [](http::request&) { return page("app/index.html", web_content_security_policy); }},
                     {.tag = tag, .summary = "The web client", .listed = false}});
    table.push_back({method::get,
                     "/app/{name}",
                     credential::none,
                     http::inline_handler{[](http::request& asked) {
                         return page("app/" + std::string{asked.path_parameters[0]},
                                     web_content_security_policy);
                     }},
                     {.tag = tag, .summary = "A part of the web client", .listed = false}});
    table.push_back({method::get,
                     "/docs",
                     credential::none,
                     page_handler("docs.html"),
                     {.tag = tag, .summary = "Swagger UI", .listed = false}});
    table.push_back({method::get,
                     "/redoc",
                     credential::none,
                     page_handler("redoc.html"),
                     {.tag = tag, .summary = "Redoc", .listed = false}});
    table.push_back(
        {method::get,
         "/docs/assets/{name}",
         credential::none,
         http::inline_handler{[](http::request& asked) { return page(asked.path_parameters[0]); }},
         {.tag = tag, .summary = "A file of these pages", .listed = false}});
}

} // namespace breakwater::api
