#pragma once

#include "api/access.hpp"
#include "api/error_mapping.hpp"
#include "http/message.hpp"
#include "services/caller.hpp"
#include "wire/schema/schema.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace breakwater::api {

/// Where a request came from, for the audit log.
[[nodiscard]] inline call_origin origin_of(const http::request& request) {
    return {request.client_address, request.request_id, std::string{request.route}};
}

[[nodiscard]] inline services::caller caller_of(const http::request& request) {
    return {.principal = principal_of(request), .origin = origin_of(request)};
}

template <class Dto>
[[nodiscard]] http::response json(const Dto& value, unsigned status = 200) {
    http::response response;
    response.status = status;
    response.body.reserve(512); // most responses fit, and need not grow step by step
    wire::schema::write(response.body, value);
    return response;
}

[[nodiscard]] inline http::response no_content() {
    http::response response;
    response.status = 204;
    response.content_type = {};
    return response;
}

/// Decodes an encoded query string (without its `?`); `invalid_input` at `query` if that fails.
[[nodiscard]] result<wire::schema::query_pairs> decode_query(std::string_view query);

/// Parses an encoded query string as `wire::schema::parse_query` parses its pairs.
template <class Query>
[[nodiscard]] result<Query> parse_query(std::string_view query) {
    auto pairs = decode_query(query);
    if (!pairs)
        return pass(std::move(pairs));
    return wire::schema::parse_query<Query>(*pairs);
}

/// An `invalid_input` error about the query parameter `name`.
[[nodiscard]] error bad_query(std::string_view name, std::string sentence);

/// Adds the headers that lead to the next page: `X-Next-Cursor`, and `Link` (RFC 8288).
void add_next_cursor(http::response& response, const http::request& request, const std::string& cursor);

} // namespace breakwater::api
