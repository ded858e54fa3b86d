#pragma once

#include "base/json_schema.hpp"
#include "http/message.hpp"
#include "http/websocket.hpp"
#include "http/work.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace breakwater::http {

using handler = std::move_only_function<response(request&) const>;
using respond = std::move_only_function<void(response)>;

/// Runs on the I/O thread: must not block.
struct inline_handler {
    handler run;
};
/// Responds instead of a handler, exactly once, from any thread.
using refusal = std::move_only_function<void(respond)>;
/// Runs on the pool of its work class. May block.
struct blocking_handler {
    http::work kind;
    handler run;
    /// If set, called on the I/O thread before the request joins the queue; must not block. An empty result
    /// admits the request; otherwise the returned function responds. `request` lives until the response.
    std::move_only_function<refusal(request&) const> admit{};
};
/// Starts on the pool of its work class, where it may compute for some milliseconds but should not wait.
/// Responds later, exactly once, from any thread. `request` lives until then.
struct deferred_handler {
    http::work kind;
    std::move_only_function<void(request&, respond) const> run;
};
/// Starts on the I/O thread and responds later, exactly once, from any thread. `request` lives until then.
struct async_handler {
    std::move_only_function<void(request&, respond) const> run;
};

/// The OpenAPI description of a route. Schemas are names of `components`.
struct documentation {
    std::string_view tag;
    std::string_view summary;
    std::string_view description{};
    std::string_view request_schema{};    ///< name of a component, `Name[]` for an array; empty: no body
    std::string_view also_request_type{}; ///< a media type that the body may have instead of application/json
    bool encoded_request = false;         ///< the body may have a content coding of `decode_content`
    unsigned success = 200;
    std::string_view response_schema{}; ///< name of a component, `Name[]` for an array; empty: no body
    std::string_view response_type = "application/json";
    std::string_view success_description = "Success";
    /// Error statuses whose body may be this component instead of a problem document.
    std::vector<std::pair<unsigned, std::string_view>> error_schemas{};
    std::vector<unsigned> errors{}; ///< in addition to those implied by the requirement and the body
    std::vector<parameter_schema> query{};
    std::vector<parameter_schema> path{}; ///< the `{…}` that are not plain strings
    bool listed = true;                   ///< false: served, but not in the document
    std::vector<parameter_schema>
        response_headers{}; ///< of the success response, in addition to the common ones
};

/// One row of the route table, which defines the routing, the access rules and the OpenAPI document.
struct route {
    http::method method;
    std::string_view path; ///< `/devices/{id}/readings`; a literal segment takes precedence over `{…}`
    http::requirement requirement;
    std::variant<inline_handler, blocking_handler, deferred_handler, async_handler, websocket_handler> run;
    documentation docs;
};

} // namespace breakwater::http
