#include "api/documentation_handlers.hpp"

#include "api/access.hpp"
#include "api/assets/assets.hpp"

#include <string>
#include <utility>

namespace breakwater::api {

namespace {

using http::method;

http::response page(std::string_view name,
                    std::string_view content_security_policy = docs_content_security_policy) {
    const asset* file = find_asset(name);
    if (file == nullptr)
        return http::problem(404, "Page not found.");
    http::response response;
    response.content_type = file->content_type;
    response.static_body = file->bytes;
    response.content_security_policy = content_security_policy;
    response.cacheable = true;
    return response;
}

http::inline_handler page_handler(std::string_view name) {
    return {[name](http::request&) { return page(name); }};
}

http::inline_handler document_handler(std::shared_ptr<const std::string> document) {
    return {[document = std::move(document)](http::request&) {
        http::response response;
        response.static_body = *document;
        response.cacheable = true;
        return response;
    }};
}

} // namespace

void add_documentation(std::vector<http::route>& table, std::shared_ptr<const std::string> openapi,
                       std::shared_ptr<const std::string> asyncapi) {
    constexpr std::string_view tag = "system";
    table.push_back({method::get,
                     "/openapi.json",
                     needs(identity::action::read_public_pages),
                     document_handler(std::move(openapi)),
                     {.tag = tag,
                      .summary = "Get this document",
                      .success_description = "The OpenAPI 3.1 document, generated from the route table."}});
    table.push_back({method::get,
                     "/asyncapi.json",
                     needs(identity::action::read_public_pages),
                     document_handler(std::move(asyncapi)),
                     {.tag = tag,
                      .summary = "Get the description of live messages and of messages to webhooks",
                      .success_description = "The AsyncAPI 3.0 document."}});
    table.push_back({method::get,
                     "/",
                     needs(identity::action::read_public_pages),
                     http::inline_handler{
                         [](http::request&) { return page("app/index.html", web_content_security_policy); }},
                     {.tag = tag, .summary = "Open the web client", .listed = false}});
    table.push_back({method::get,
                     "/app/{name}",
                     needs(identity::action::read_public_pages),
                     http::inline_handler{[](http::request& request) {
                         return page("app/" + std::string{request.path_parameters[0]},
                                     web_content_security_policy);
                     }},
                     {.tag = tag, .summary = "Get a file of the web client", .listed = false}});
    table.push_back({method::get,
                     "/docs",
                     needs(identity::action::read_public_pages),
                     page_handler("docs.html"),
                     {.tag = tag, .summary = "Open Swagger UI", .listed = false}});
    table.push_back({method::get,
                     "/redoc",
                     needs(identity::action::read_public_pages),
                     page_handler("redoc.html"),
                     {.tag = tag, .summary = "Open Redoc", .listed = false}});
    table.push_back(
        {method::get,
         "/docs/assets/{name}",
         needs(identity::action::read_public_pages),
         http::inline_handler{[](http::request& request) { return page(request.path_parameters[0]); }},
         {.tag = tag, .summary = "Get a file of the documentation pages", .listed = false}});
}

} // namespace breakwater::api
