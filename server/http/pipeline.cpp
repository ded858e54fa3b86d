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

constexpr std::size_t longest_request_id = 64;
constexpr std::chrono::milliseconds refusal_pause{250};
constexpr std::size_t long_to_compress = 64U << 10;
constexpr std::string_view every_method = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

bool is_request_id(std::string_view text) noexcept {
    const auto allowed = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
               c == '_' || c == '-';
    };
    return !text.empty() && text.size() <= longest_request_id && std::ranges::all_of(text, allowed);
}

response with_field(response made, std::string_view name, std::string_view value) {
    made.headers.emplace_back(name, value);
    return made;
}

/// An exception is a bug: the log gets it, the client the request id. To be called while one is being
/// handled.
void log_exception(const request& asked) noexcept {
    std::string what;
    try {
        throw;
    } catch (const std::exception& failure) {
        what = failure.what();
    } catch (...) {
        what = "not a std::exception";
    }
    log::write(
        log::level::error, "a handler threw",
        {{"route", std::string{asked.route}}, {"request_id", asked.request_id}, {"what", std::move(what)}});
}

response run_safely(const handler& run, request& asked) noexcept {
    try {
        return run(asked);
    } catch (...) {
        log_exception(asked);
    }
    return internal_failure();
}

response try_again(std::string_view detail) {
    return with_field(problem(503, detail), "Retry-After", "1");
}

response too_many_at_once() {
    return try_again("Too many of your requests wait already. Try again when some of them are answered.");
}

/// The answer to work that never ran.
void answer_dropped(exchange& to, exchange::dropped why) {
    to.answer = why == exchange::dropped::displaced
                    ? too_many_at_once()
                    : try_again("The request waited too long for its turn. Try again in a moment.");
}

refusal ask_safely(const decltype(blocking_handler::admit)& admit, request& asked) noexcept {
    try {
        return admit ? admit(asked) : refusal{};
    } catch (...) {
        log_exception(asked);
    }
    return [](respond answer) { answer(internal_failure()); };
}

/// After a moment, which costs nothing here: or who is refused asks again at once, and the processors have no
/// time for those who are let in.
void refuse_later(exchange& with, refusal refuse) {
    using timer = asio::basic_waitable_timer<std::chrono::steady_clock>;
    const auto pause = std::make_shared<timer>(with.asked.lane->context(), refusal_pause);
    pause->async_wait([pause, on = with.shared_from_this(), refuse = std::move(refuse)](error_code) mutable {
        refuse(on->promise());
    });
}

/// What is behind the base path; where a proxy took that off already, the path as it is.
std::string_view behind(std::string_view base_path, std::string_view path) noexcept {
    const bool passed_on =
        path.starts_with(base_path) && (path.size() == base_path.size() || path[base_path.size()] == '/');
    return passed_on ? path.substr(base_path.size()) : path;
}

/// Whether that is the origin of this server's own pages, as the client sees it.
bool is_own_origin(const request& asked, std::string_view origin) noexcept {
    const std::string_view scheme = asked.secure ? "https://" : "http://";
    const auto host = asked.header("host");
    return host && origin.starts_with(scheme) &&
           std::ranges::equal(origin.substr(scheme.size()), *host, {}, to_lower, to_lower);
}

} // namespace

pipeline::pipeline(const parts& with, const server_options& chosen, trusted_proxies proxies)
    : with_{with},
      cors_{chosen.cors_origins},
      proxies_{std::move(proxies)},
      gzip_from_bytes_{chosen.gzip_from_bytes},
      base_path_{chosen.base_path} {}

pipeline::step pipeline::receive(exchange& with, const request_head& head, std::string_view peer, bool secure,
                                 std::string_view id) const {
    if (!describe(with, head, peer, secure, id) || !route(with, head))
        return step::answered;
    // RFC 6455 section 4.2.1
    if (std::holds_alternative<websocket_handler>(with.row->run) &&
        (head.method != method::get || head.minor_version == 0)) {
        with.answer = problem(400, "A WebSocket is asked for with a GET of HTTP/1.1.");
        return step::answered;
    }
    if (const step admitted = admit(with); admitted != step::proceed)
        return admitted;
    return check_query(with) && check_body(with, head) ? step::proceed : step::answered;
}

pipeline::step pipeline::admit(exchange& with) const {
    if (auto admitted = with_.access.admit(with.row->credential, with.asked)) {
        with.asked.principal = *admitted;
        return step::proceed;
    } else {
        with.begin_wait();
        with_.access.refused(with.asked, admitted.error(), with.promise());
    }
    return step::refused;
}

bool pipeline::describe(exchange& with, const request_head& head, std::string_view peer, bool secure,
                        std::string_view id) const {
    request& asked = with.asked;
    asked.method = head.method.value_or(method::get);
    asked.target = head.target;
    asked.path = behind(base_path_, head.path);
    asked.base_path = base_path_;
    asked.query = head.query;
    asked.secure = secure;
    asked.client_address = peer;
    asked.request_id = id;
    std::size_t request_ids = 0;
    // Assigned over the fields of the request before, whose memory serves again.
    asked.headers.resize(head.fields.size());
    for (std::size_t i = 0; i < head.fields.size(); ++i) {
        auto& [name, value] = asked.headers[i];
        name = head.fields[i].name;
        std::ranges::transform(name, name.begin(), to_lower);
        value = head.fields[i].value;
        if (name == "x-request-id" && is_request_id(value) && request_ids++ == 0)
            asked.request_id = value;
        else if (name == "accept-encoding")
            (with.accept_encoding += with.accept_encoding.empty() ? "" : ", ") += value;
    }
    if (request_ids > 1)
        asked.request_id = id; // whoever looks for the one wouldn't find the other
    const verdict told = proxies_.apply(asked);
    if (told.refused()) {
        with_.access.turned_away(peer, told.reason);
        with.answer = problem(told.status, told.reason);
    }
    return !told.refused();
}

bool pipeline::route(exchange& with, const request_head& head) const {
    if (!head.method && head.method_name != "TRACE") {
        with.answer = problem(501, "This method is not known here.");
        return false;
    }
    if (head.path == "*") {
        answer_options(with, every_method);
        return false;
    }
    if (with.asked.path.empty() && !base_path_.empty()) {
        // The page's own addresses are relative to it, so it has to be found behind the slash.
        with.answer.status = 308;
        with.answer.content_type.clear();
        with.answer.headers.emplace_back("Location", base_path_ + '/');
        return false;
    }
    router::match found = with_.router.find(with.asked.method, with.asked.path);
    if (head.method && found.row != nullptr) {
        with.row = found.row;
        with.route_index = found.index;
        with.asked.route = found.name;
        with.asked.path_parameters = std::move(found.parameters);
        return true;
    }
    if (found.allow.empty())
        with.answer = problem(404, "There is nothing at this address.");
    else if (head.method == method::options)
        answer_options(with, found.allow);
    else
        with.answer =
            with_field(problem(405, "This address does not take that method."), "Allow", found.allow);
    return false;
}

void pipeline::answer_options(exchange& with, std::string_view allow) const {
    response& answer = with.answer;
    answer.status = 204;
    answer.headers.emplace_back("Allow", allow);
    const auto origin = with.asked.header("origin");
    if (!origin || !with.asked.header("access-control-request-method") || cors_.allows(*origin).empty())
        return;
    answer.headers.emplace_back("Access-Control-Allow-Methods", allow);
    answer.headers.emplace_back("Access-Control-Allow-Headers", cors_policy::allow_headers);
    answer.headers.emplace_back("Access-Control-Max-Age", cors_policy::max_age_seconds);
}

bool pipeline::check_query(exchange& with) const {
    const documentation& docs = with.row->docs;
    if (!docs.listed)
        return true; // a page, whose own script may read it
    auto refused = refuse_unknown_parameters(with.asked.query, docs.query);
    if (refused)
        with.answer = std::move(*refused);
    return !refused;
}

bool pipeline::check_body(exchange& with, const request_head& head) const {
    if (with.row->docs.request_schema.empty())
        return true; // such a route doesn't look at its body
    if (head.body == framing::none) {
        with.answer = problem(411, "This address wants a JSON body, with Content-Length or chunked.");
        return false;
    }
    const auto type = with.asked.header("content-type");
    const documentation& docs = with.row->docs;
    if (type && !is_utf8_of(*type, "application/json") &&
        (docs.also_request_type.empty() || !is_utf8_of(*type, docs.also_request_type))) {
        std::string types = "application/json";
        if (!docs.also_request_type.empty())
            (types += ", ") += docs.also_request_type;
        with.answer = with_field(problem(415, "The body has to be " + types + " in UTF-8."), "Accept", types);
        return false;
    }
    const auto coding = content_coding_of(with.asked);
    if (!coding)
        return true;
    if (!docs.encoded_request) {
        with.answer =
            with_field(problem(415, "The body must not be compressed."), "Accept-Encoding", "identity");
        return false;
    }
    if (!is_known_coding(*coding)) {
        with.answer = with_field(problem(415, "The body's coding is not known here."), "Accept-Encoding",
                                 known_codings);
        return false;
    }
    return true;
}

void pipeline::run(exchange& with) const {
    with.begin_wait();
    std::visit(overloaded{
                   [&](const inline_handler& kind) {
                       with.answer = run_safely(kind.run, with.asked);
                       with.end_wait();
                   },
                   [&](const blocking_handler& kind) {
                       if (refusal refuse = ask_safely(kind.admit, with.asked))
                           return refuse_later(with, std::move(refuse));
                       refuse_work(with, with.run_on(
                                             with_.pools.of(kind.kind),
                                             [this, &kind](exchange& on) {
                                                 if (const auto still =
                                                         with_.access.still_admitted(on.asked.principal))
                                                     on.answer = run_safely(kind.run, on.asked);
                                                 else
                                                     on.answer = refuse_and_wait(on.asked, still.error());
                                                 encode(on);
                                             },
                                             answer_dropped));
                   },
                   [&](const deferred_handler& kind) {
                       refuse_work(with,
                                   with.start_on(
                                       with_.pools.of(kind.kind),
                                       [this, &kind](exchange& on) { start(on, kind); }, answer_dropped));
                   },
                   [&](const async_handler& kind) {
                       try {
                           kind.run(with.asked, with.promise());
                       } catch (...) {
                           log_exception(with.asked); // the promise, dropped on the way out, has answered 500
                       }
                   },
                   [&](const websocket_handler& kind) {
                       open_websocket(with, kind);
                       with.end_wait();
                   },
               },
               with.row->run);
}

void pipeline::open_websocket(exchange& with, const websocket_handler& kind) const {
    if (auto refused = refuse_upgrade(with.asked)) {
        with.answer = std::move(*refused);
        return;
    }
    // A page of somebody else's may not speak through its visitor's browser, which asks nobody (CORS doesn't
    // cover WebSockets): so it has to be named, and `*` names nobody.
    if (const auto origin = with.asked.header("origin");
        origin && !is_own_origin(with.asked, *origin) && cors_.allows(*origin) != *origin) {
        with_.access.turned_away(with.asked.client_address,
                                 "A WebSocket was asked for by a page of another origin.");
        with.answer = problem(403, "Pages of this origin may not open a WebSocket here.");
        return;
    }
    try {
        with.upgrade = kind.open(with.asked);
        with.answer.status = 101;
    } catch (...) {
        log_exception(with.asked);
        with.answer = internal_failure();
    }
}

/// On a pool's thread.
void pipeline::start(exchange& with, const deferred_handler& kind) const {
    respond answer = with.promise();
    if (const auto still = with_.access.still_admitted(with.asked.principal); !still)
        return answer(refuse_and_wait(with.asked, still.error()));
    try {
        kind.run(with.asked, std::move(answer));
    } catch (...) {
        log_exception(with.asked); // the promise, dropped on the way out, has answered 500
    }
}

/// On a pool's thread, which may wait for the record.
response pipeline::refuse_and_wait(const request& asked, const error& why) const {
    std::promise<response> told;
    with_.access.refused(asked, why, [&told](response made) { told.set_value(std::move(made)); });
    return told.get_future().get();
}

bool pipeline::wants_gzip(const exchange& with, std::size_t size) const {
    return size >= gzip_from_bytes_ && !with.accept_encoding.empty() && prefers_gzip(with.accept_encoding);
}

bool pipeline::encodes_long(const exchange& with) const {
    if (with.encoded)
        return false;
    if (!with.answer.static_body.empty())
        return with.answer.cacheable && !static_bodies_.find(with.answer.static_body);
    return with.answer.body.size() >= long_to_compress && wants_gzip(with, with.answer.body.size());
}

void pipeline::encode(exchange& with) const {
    if (std::exchange(with.encoded, true))
        return;
    response& answer = with.answer;
    if (answer.stream) {
        encode_stream(with);
        return;
    }
    if (!answer.static_body.empty()) {
        encode_static(with);
        return;
    }
    name_request(answer, with.asked.request_id);
    const std::size_t size = answer.body.size();
    if (size < gzip_from_bytes_ || !is_compressible(answer.content_type))
        return;
    answer.headers.emplace_back("Vary", "Accept-Encoding");
    if (!wants_gzip(with, size))
        return;
    std::string compressed;
    compressed.reserve(size / 4);
    gzip_compressor{}.add(answer.body, true, compressed);
    answer.body = std::move(compressed);
    answer.headers.emplace_back("Content-Encoding", "gzip");
}

void pipeline::encode_static(exchange& with) const {
    response& answer = with.answer;
    if (!answer.cacheable || answer.status != 200)
        return;
    auto known = static_bodies_.find(answer.static_body);
    if (!known)
        known = static_bodies_.make(answer.static_body);
    answer.headers.emplace_back("ETag", known->etag);
    const bool compressible =
        answer.static_body.size() >= gzip_from_bytes_ && is_compressible(answer.content_type);
    if (compressible)
        answer.headers.emplace_back("Vary", "Accept-Encoding");
    if (const auto held = with.asked.list_header("if-none-match");
        held && matches_entity_tag(*held, known->etag)) {
        answer.status = 304;
        answer.static_body = {};
        return;
    }
    if (compressible && !known->gzipped.empty() && wants_gzip(with, answer.static_body.size())) {
        answer.static_body = known->gzipped; // lives as long as the cache, which is as long as the server
        answer.headers.emplace_back("Content-Encoding", "gzip");
    }
}

void pipeline::encode_stream(exchange& with) const {
    response& answer = with.answer;
    if (!is_compressible(answer.content_type))
        return;
    answer.headers.emplace_back("Vary", "Accept-Encoding");
    if (!prefers_gzip(with.accept_encoding))
        return;
    answer.headers.emplace_back("Content-Encoding", "gzip");
    with.compressor = std::make_unique<gzip_compressor>();
}

void pipeline::pull(exchange& with) const {
    with.piece.clear();
    with.has_more = false;
    with.source_failed = true;
    if (!with_.access.still_admitted(with.asked.principal))
        return; // the rest of it is no longer theirs
    try {
        std::string raw;
        std::string& into = with.compressor ? raw : with.piece;
        const result<bool> more = with.answer.stream->next(into);
        if (!more && more.error().code == errc::overloaded) {
            with.source_dropped = true;
            return;
        }
        if (!more) {
            log::write(log::level::error, "a streamed answer broke off",
                       {{"route", std::string{with.asked.route}},
                        {"request_id", with.asked.request_id},
                        {"what", more.error().detail}});
            return;
        }
        if (with.compressor)
            with.compressor->add(raw, !*more, with.piece);
        with.has_more = *more;
        with.source_failed = false;
    } catch (...) {
        log_exception(with.asked);
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

/// Answers what the pool didn't take.
void pipeline::refuse_work(exchange& with, blocking_pool::admission why) {
    if (why == blocking_pool::admission::taken)
        return;
    with.answer = why == blocking_pool::admission::share_full ? too_many_at_once() : too_busy();
    with.end_wait();
}

void pipeline::name_request(response& answer, std::string_view id) {
    if (answer.content_type != problem_type || !answer.body.ends_with('}'))
        return;
    answer.body.pop_back();
    answer.body += R"(,"request_id":")"; // an id has no character that JSON would escape
    answer.body += id;
    answer.body += R"("})";
}

response pipeline::too_busy() {
    return try_again("The server is busy. Try again in a moment.");
}

} // namespace breakwater::http
