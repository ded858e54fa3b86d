#pragma once

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

/// What a route asks of its caller. There is no default: a row without one doesn't compile.
enum class credential : std::uint8_t { none, person, administrator, device };

using handler = std::move_only_function<response(request&) const>;
using respond = std::move_only_function<void(response)>;

/// Runs on the I/O thread: must not block.
struct inline_handler {
    handler run;
};
/// Answers in place of a handler, once, from any thread.
using refusal = std::move_only_function<void(respond)>;
/// Runs on the pool of its class: may block.
struct blocking_handler {
    http::work kind;
    handler run;
    /// Where set, asked on the I/O thread before the request joins the queue, and must not block. What it
    /// returns answers instead; an empty function lets the request in. `request` lives until the answer.
    std::move_only_function<refusal(request&) const> admit{};
};
/// Starts on the pool of its class, where it may do work of some milliseconds but should not wait, and
/// answers later, exactly once, from any thread. `request` lives until then.
struct deferred_handler {
    http::work kind;
    std::move_only_function<void(request&, respond) const> run;
};
/// Starts on the I/O thread and answers later, exactly once, from any thread. `request` lives until then.
struct async_handler {
    std::move_only_function<void(request&, respond) const> run;
};

struct parameter {
    std::string_view name;
    std::string_view schema; ///< JSON Schema as text
    std::string_view description;
    bool required = false;
};

/// What OpenAPI tells of a route beyond what the table needs to run. Schemas are named and live in
/// `components`.
struct documentation {
    std::string_view tag;
    std::string_view summary;
    std::string_view description{};
    std::string_view request_schema{};    ///< name of a component, `Name[]` for an array; empty: no body
    std::string_view also_request_type{}; ///< a media type beside application/json that the body may have
    bool encoded_request = false;         ///< the body may be in a coding that `decode_content` knows
    unsigned success = 200;
    std::string_view response_schema{}; ///< name of a component, `Name[]` for an array; empty: no body
    std::string_view response_type = "application/json";
    std::string_view success_description = "Success";
    /// Of errors whose body may be this component instead of a problem document.
    std::vector<std::pair<unsigned, std::string_view>> error_schemas{};
    std::vector<unsigned> errors{}; ///< beside those that follow from the credential and the body
    std::vector<parameter> query{};
    std::vector<parameter> path{};             ///< the `{…}` that aren't plain strings
    bool listed = true;                        ///< false: served, but not part of the document
    std::vector<parameter> response_headers{}; ///< of the success, beside those that every answer has
};

/// One row of the table that is router, access policy and OpenAPI document in one.
struct route {
    http::method method;
    std::string_view path; ///< `/devices/{id}/readings`; a literal segment wins over `{…}`
    http::credential credential;
    std::variant<inline_handler, blocking_handler, deferred_handler, async_handler, websocket_handler> run;
    documentation docs;
};

} // namespace breakwater::http
