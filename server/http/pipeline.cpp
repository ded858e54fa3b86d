#include "http/pipeline.hpp"

#include "base/log.hpp"
#include "base/overloaded.hpp"
#include "http/characters.hpp"
#include "http/field_scanner.hpp"
#include "http/known_parameters.hpp"
#include "http/metrics.hpp"
#include "http/server.hpp"
#include "http/status.hpp"

#include <boost/asio/basic_waitable_timer.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <future>
#include <memory>
#include <utility>
#include <variant>

namespace breakwater::http {

namespace {

constexpr std::size_t max_request_id_length = 64;
constexpr std::chrono::milliseconds refusal_delay{250};
constexpr std::size_t compress_on_pool_from = 64U << 10; ///< bytes
constexpr std::string_view all_methods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

bool is_request_id(std::string_view text) noexcept {
    const auto allowed = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
               c == '_' || c == '-';
    };
    return !text.empty() && text.size() <= max_request_id_length && std::ranges::all_of(text, allowed);
}

response with_field(response response, std::string_view name, std::string_view value) {
    response.headers.emplace_back(name, value);
    return response;
}

/// Logs the current exception, which is a bug. The client learns only the request id. Call it in a catch
/// block.
void log_exception(const request& request) noexcept {
    std::string message;
    try {
        throw;
    } catch (const std::exception& failure) {
        message = failure.what();
    } catch (...) {
        message = "not a std::exception";
    }
    log::write(log::level::error, "a handler threw an exception",
               {{"route", std::string{request.route}},
                {"request_id", request.request_id},
                {"what", std::move(message)}});
}

response run_safely(const handler& run, request& request) noexcept {
    try {
        return run(request);
    } catch (...) {
        log_exception(request);
    }
    return internal_failure();
}

response retry_later(std::string_view detail) {
    return with_field(problem(503, detail), "Retry-After", "1");
}

response account_queue_full() {
    return retry_later("Too many of your requests are waiting. Try again when some of them have finished.");
}

/// Sets the response for a job that never ran.
void respond_to_dropped(request_context& context, request_context::dropped reason) {
    context.response = reason == request_context::dropped::displaced
                           ? account_queue_full()
                           : retry_later("The request waited too long in the queue. Try again in a moment.");
}

refusal admit_safely(const decltype(blocking_handler::admit)& admit, request& request) noexcept {
    try {
        return admit ? admit(request) : refusal{};
    } catch (...) {
        log_exception(request);
    }
    return [](respond reply) { reply(internal_failure()); };
}

/// Refuses after a delay, which costs nothing here. Without it a refused client retries at once and uses the
/// processor time of admitted requests.
void refuse_later(request_context& context, refusal refuse) {
    using timer = asio::basic_waitable_timer<std::chrono::steady_clock>;
    const auto delay = std::make_shared<timer>(context.request.executor->context(), refusal_delay);
    delay->async_wait([delay, delayed = context.shared_from_this(),
                       refuse = std::move(refuse)](error_code) mutable { refuse(delayed->promise()); });
}

/// Removes the base path, unless a proxy has removed it already.
std::string_view without_base_path(std::string_view base_path, std::string_view path) noexcept {
    const bool has_prefix =
        path.starts_with(base_path) && (path.size() == base_path.size() || path[base_path.size()] == '/');
    return has_prefix ? path.substr(base_path.size()) : path;
}

/// Whether `origin` is the origin of this server's own pages from the view of the client.
bool is_own_origin(const request& request, std::string_view origin) noexcept {
    const std::string_view scheme = request.secure ? "https://" : "http://";
    const auto host = request.header("host");
    return host && origin.starts_with(scheme) &&
           std::ranges::equal(origin.substr(scheme.size()), *host, {}, to_lower, to_lower);
}

} // namespace

pipeline::pipeline(const dependencies& deps, const server_options& options, trusted_proxies proxies)
    : deps_{deps},
      cors_{options.cors_origins},
      proxies_{std::move(proxies)},
      gzip_from_bytes_{options.gzip_from_bytes},
      base_path_{options.base_path} {}

pipeline::step pipeline::receive(request_context& context, const request_head& head, std::string_view peer,
                                 bool secure, std::string_view id) const {
    if (!describe(context, head, peer, secure, id) || !route(context, head))
        return step::responded;
    // RFC 6455 section 4.2.1
    if (std::holds_alternative<websocket_handler>(context.row->run) &&
        (head.method != method::get || head.minor_version == 0)) {
        context.response = problem(400, "A WebSocket handshake must be a GET in HTTP/1.1.");
        return step::responded;
    }
    if (const step admitted = admit(context); admitted != step::proceed)
        return admitted;
    return check_query(context) && check_body(context, head) ? step::proceed : step::responded;
}

pipeline::step pipeline::admit(request_context& context) const {
    if (auto admitted = deps_.access.admit(context.row->requirement, context.request)) {
        context.request.admission = *admitted;
        return step::proceed;
    } else {
        context.begin_wait();
        deps_.access.record_refusal(context.request, admitted.error(), context.promise());
    }
    return step::refused;
}

bool pipeline::describe(request_context& context, const request_head& head, std::string_view peer,
                        bool secure, std::string_view id) const {
    request& request = context.request;
    request.method = head.method.value_or(method::get);
    request.target = head.target;
    request.path = without_base_path(base_path_, head.path);
    request.base_path = base_path_;
    request.query = head.query;
    request.secure = secure;
    request.client_address = peer;
    request.request_id = id;
    std::size_t request_ids = 0;
    // Overwrites the fields of the previous request to reuse their memory.
    request.headers.resize(head.fields.size());
    for (std::size_t i = 0; i < head.fields.size(); ++i) {
        auto& [name, value] = request.headers[i];
        name = head.fields[i].name;
        std::ranges::transform(name, name.begin(), to_lower);
        value = head.fields[i].value;
        if (name == "x-request-id" && is_request_id(value) && request_ids++ == 0)
            request.request_id = value;
        else if (name == "accept-encoding")
            (context.accept_encoding += context.accept_encoding.empty() ? "" : ", ") += value;
    }
    if (request_ids > 1)
        request.request_id = id; // two ids are ambiguous: a search for one would not find the other
    const verdict outcome = proxies_.apply(request);
    if (outcome.refused()) {
        deps_.access.record_early_refusal(peer, outcome.reason);
        context.response = problem(outcome.status, outcome.reason);
    }
    return !outcome.refused();
}

bool pipeline::route(request_context& context, const request_head& head) const {
    if (!head.method && head.method_name != "TRACE") {
        context.response = problem(501, "The server does not know this method.");
        return false;
    }
    if (head.path == "*") {
        respond_to_options(context, all_methods);
        return false;
    }
    if (context.request.path.empty() && !base_path_.empty()) {
        // The addresses in the page are relative, so the page must be loaded with the trailing slash.
        context.response.status = 308;
        context.response.content_type = {};
        context.response.headers.emplace_back("Location", base_path_ + '/');
        return false;
    }
    router::match match = deps_.router.find(context.request.method, context.request.path);
    if (head.method && match.row != nullptr) {
        context.row = match.row;
        context.route_index = match.index;
        context.request.route = match.name;
        context.request.path_parameters = std::move(match.parameters);
        return true;
    }
    if (match.allow.empty())
        context.response = problem(404, "There is nothing at this address.");
    else if (head.method == method::options)
        respond_to_options(context, match.allow);
    else
        context.response =
            with_field(problem(405, "This address does not support the method."), "Allow", match.allow);
    return false;
}

void pipeline::respond_to_options(request_context& context, std::string_view allow) const {
    response& response = context.response;
    response.status = 204;
    response.headers.emplace_back("Allow", allow);
    const auto origin = context.request.header("origin");
    if (!origin || !context.request.header("access-control-request-method") || cors_.allows(*origin).empty())
        return;
    response.headers.emplace_back("Access-Control-Allow-Methods", allow);
    response.headers.emplace_back("Access-Control-Allow-Headers", cors_policy::allow_headers);
    response.headers.emplace_back("Access-Control-Max-Age", cors_policy::max_age_seconds);
}

bool pipeline::check_query(request_context& context) const {
    const documentation& docs = context.row->docs;
    if (!docs.listed)
        return true; // a page whose script may read the query
    auto error_response = refuse_unknown_parameters(context.request.query, docs.query);
    if (error_response)
        context.response = std::move(*error_response);
    return !error_response;
}

bool pipeline::check_body(request_context& context, const request_head& head) const {
    if (context.row->docs.request_schema.empty())
        return true; // the route ignores its body
    if (head.body == framing::none) {
        context.response = problem(411, "This address requires a JSON body, with Content-Length or chunked.");
        return false;
    }
    const auto type = context.request.header("content-type");
    const documentation& docs = context.row->docs;
    if (type && !is_utf8_media_type(*type, "application/json") &&
        (docs.also_request_type.empty() || !is_utf8_media_type(*type, docs.also_request_type))) {
        std::string types = "application/json";
        if (!docs.also_request_type.empty())
            (types += ", ") += docs.also_request_type;
        context.response =
            with_field(problem(415, "The body must be " + types + " in UTF-8."), "Accept", types);
        return false;
    }
    const auto coding = content_coding_of(context.request);
    if (!coding)
        return true;
    if (!docs.encoded_request) {
        context.response =
            with_field(problem(415, "The body must not be compressed."), "Accept-Encoding", "identity");
        return false;
    }
    if (!is_supported_coding(*coding)) {
        context.response = with_field(problem(415, "The content coding of the body is not supported."),
                                      "Accept-Encoding", supported_codings);
        return false;
    }
    return true;
}

void pipeline::run(request_context& context) const {
    context.begin_wait();
    std::visit(overloaded{
                   [&](const inline_handler& route_handler) {
                       context.response = run_safely(route_handler.run, context.request);
                       context.end_wait();
                   },
                   [&](const blocking_handler& route_handler) {
                       if (refusal refuse = admit_safely(route_handler.admit, context.request))
                           return refuse_later(context, std::move(refuse));
                       const auto work = [this, &route_handler](request_context& job_context) {
                           run_blocking(job_context, route_handler);
                       };
                       refuse_work(context, context.run_on(deps_.pools.of(route_handler.kind), work,
                                                           respond_to_dropped));
                   },
                   [&](const deferred_handler& route_handler) {
                       const auto work = [this, &route_handler](request_context& job_context) {
                           start(job_context, route_handler);
                       };
                       refuse_work(context, context.start_on(deps_.pools.of(route_handler.kind), work,
                                                             respond_to_dropped));
                   },
                   [&](const async_handler& route_handler) {
                       try {
                           route_handler.run(context.request, context.promise());
                       } catch (...) {
                           log_exception(context.request); // the destroyed promise has responded with 500
                       }
                   },
                   [&](const websocket_handler& route_handler) {
                       open_websocket(context, route_handler);
                       context.end_wait();
                   },
               },
               context.row->run);
}

void pipeline::open_websocket(request_context& context, const websocket_handler& route_handler) const {
    if (auto error_response = refuse_upgrade(context.request)) {
        context.response = std::move(*error_response);
        return;
    }
    // CORS does not cover WebSockets, so a browser opens one for any page. Therefore the origin of a foreign
    // page must be listed explicitly; `*` does not count.
    if (const auto origin = context.request.header("origin");
        origin && !is_own_origin(context.request, *origin) && cors_.allows(*origin) != *origin) {
        deps_.access.record_early_refusal(context.request.client_address,
                                          "A page of another origin requested a WebSocket.");
        context.response = problem(403, "Pages of this origin may not open a WebSocket here.");
        return;
    }
    try {
        context.upgrade = route_handler.open(context.request);
        context.response.status = 101;
    } catch (...) {
        log_exception(context.request);
        context.response = internal_failure();
    }
}

/// Runs on a pool thread.
void pipeline::run_blocking(request_context& context, const blocking_handler& route_handler) const {
    if (const auto admitted = deps_.access.still_admitted(context.request.admission))
        context.response = run_safely(route_handler.run, context.request);
    else
        context.response = refuse_and_wait(context.request, admitted.error());
    encode(context);
}

/// Runs on a pool thread.
void pipeline::start(request_context& context, const deferred_handler& route_handler) const {
    respond reply = context.promise();
    if (const auto admitted = deps_.access.still_admitted(context.request.admission); !admitted)
        return reply(refuse_and_wait(context.request, admitted.error()));
    try {
        route_handler.run(context.request, std::move(reply));
    } catch (...) {
        log_exception(context.request); // the destroyed promise has responded with 500
    }
}

/// Runs on a pool thread, because it waits until the refusal is recorded.
response pipeline::refuse_and_wait(const request& request, const error& reason) const {
    std::promise<response> recorded;
    deps_.access.record_refusal(request, reason,
                                [&recorded](response response) { recorded.set_value(std::move(response)); });
    return recorded.get_future().get();
}

bool pipeline::wants_gzip(const request_context& context, std::size_t size) const {
    return size >= gzip_from_bytes_ && !context.accept_encoding.empty() &&
           prefers_gzip(context.accept_encoding);
}

bool pipeline::encodes_long(const request_context& context) const {
    if (context.encoded)
        return false;
    if (!context.response.static_body.empty())
        return context.response.cacheable && !static_bodies_.find(context.response.static_body);
    return context.response.body.size() >= compress_on_pool_from &&
           wants_gzip(context, context.response.body.size());
}

void pipeline::encode(request_context& context) const {
    if (std::exchange(context.encoded, true))
        return;
    response& response = context.response;
    if (response.stream) {
        encode_stream(context);
        return;
    }
    if (!response.static_body.empty()) {
        encode_static(context);
        return;
    }
    add_request_id(response, context.request.request_id);
    const std::size_t size = response.body.size();
    if (size < gzip_from_bytes_ || !is_compressible(response.content_type))
        return;
    response.headers.emplace_back("Vary", "Accept-Encoding");
    if (!wants_gzip(context, size))
        return;
    std::string compressed;
    compressed.reserve(size / 4);
    gzip_compressor{}.add(response.body, true, compressed);
    response.body = std::move(compressed);
    response.headers.emplace_back("Content-Encoding", "gzip");
}

void pipeline::encode_static(request_context& context) const {
    response& response = context.response;
    if (!response.cacheable || response.status != 200)
        return;
    auto cached = static_bodies_.find(response.static_body);
    if (!cached)
        cached = static_bodies_.create(response.static_body);
    response.headers.emplace_back("ETag", cached->etag);
    const bool compressible =
        response.static_body.size() >= gzip_from_bytes_ && is_compressible(response.content_type);
    if (compressible)
        response.headers.emplace_back("Vary", "Accept-Encoding");
    if (const auto if_none_match = context.request.list_header("if-none-match");
        if_none_match && matches_entity_tag(*if_none_match, cached->etag)) {
        response.status = 304;
        response.static_body = {};
        return;
    }
    if (compressible && !cached->gzipped.empty() && wants_gzip(context, response.static_body.size())) {
        response.static_body = cached->gzipped; // owned by the cache, which lives as long as the server
        response.headers.emplace_back("Content-Encoding", "gzip");
    }
}

void pipeline::encode_stream(request_context& context) const {
    response& response = context.response;
    if (!is_compressible(response.content_type))
        return;
    response.headers.emplace_back("Vary", "Accept-Encoding");
    if (!prefers_gzip(context.accept_encoding))
        return;
    response.headers.emplace_back("Content-Encoding", "gzip");
    context.compressor = std::make_unique<gzip_compressor>();
}

void pipeline::pull(request_context& context) const {
    context.piece.clear();
    context.has_more = false;
    context.source_failed = true;
    if (!deps_.access.still_admitted(context.request.admission))
        return; // the caller may not receive the rest
    try {
        std::string raw;
        std::string& piece = context.compressor ? raw : context.piece;
        const result<bool> more = context.response.stream->next(piece);
        if (!more && more.error().code == errc::overloaded) {
            context.source_dropped = true;
            return;
        }
        if (!more) {
            log::write(log::level::error, "a streamed response failed",
                       {{"route", std::string{context.request.route}},
                        {"request_id", context.request.request_id},
                        {"what", more.error().detail}});
            return;
        }
        if (context.compressor)
            context.compressor->add(raw, !*more, context.piece);
        context.has_more = *more;
        context.source_failed = false;
    } catch (...) {
        log_exception(context.request);
    }
}

work pipeline::class_of(const http::route* row) noexcept {
    if (row != nullptr) {
        if (const auto* blocking = std::get_if<blocking_handler>(&row->run))
            return blocking->kind;
        if (const auto* deferred = std::get_if<deferred_handler>(&row->run))
            return deferred->kind;
    }
    return work::query;
}

/// Sets the error response if the pool did not accept the job.
void pipeline::refuse_work(request_context& context, blocking_pool::admission admission) {
    if (admission == blocking_pool::admission::accepted)
        return;
    context.response = admission == blocking_pool::admission::share_full ? account_queue_full() : too_busy();
    context.end_wait();
}

void pipeline::add_request_id(response& response, std::string_view id) {
    if (response.content_type != problem_type || !response.body.ends_with('}'))
        return;
    response.body.pop_back();
    response.body += R"(,"request_id":")"; // the id contains no characters that JSON escapes
    response.body += id;
    response.body += R"("})";
}

response pipeline::too_busy() {
    return retry_later("The server is busy. Try again in a moment.");
}

} // namespace breakwater::http
