#include "live/live_session.hpp"

#include "base/integer.hpp"
#include "identity/authorizer.hpp"
#include "wire/live_messages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace breakwater::live {

namespace {

using wire::schema::to_json;

constexpr std::chrono::seconds hello_timeout{10};
/// Clients treat a connection as dead after more than two silent intervals (docs/api_usage.md, "Live").
constexpr std::chrono::seconds heartbeat_interval{5};
constexpr unsigned max_messages = 100;        ///< received from a client per second
constexpr std::size_t max_replies = 64;       ///< unsent ones
constexpr std::size_t max_bytes = 128U << 10; ///< soft limit of one message
constexpr std::size_t max_batches = 64;
constexpr std::size_t max_depth = 8;     ///< of the JSON of a received message
constexpr std::size_t max_waiting = 100; ///< messages that wait while a ticket is being redeemed
constexpr std::size_t max_waiting_bytes = 128U << 10;

std::optional<std::string> text_of(const json_document& message, std::string_view name) {
    const auto* member = message.find(name);
    if (member == nullptr || member->kind != json_kind::string)
        return std::nullopt;
    return unescape_json_string(message.value(*member));
}

void set_actor(security_event& refusal, const identity::principal& principal) {
    refusal.actor = actor_type::user;
    refusal.actor_id = std::to_string(principal.user);
}

} // namespace

live_session::live_session(hub& hub, net::io_executor& executor, call_origin origin)
    : hub_{hub}, executor_{executor}, origin_{std::move(origin)} {}

live_session::~live_session() {
    closed();
}

void live_session::opened(sink& connection) {
    connection_ = &connection;
    hello_deadline_ = hub_.deps_.time.steady_now() + hello_timeout;
    hub_.add_session(*this, executor_);
    is_added_ = true;
}

void live_session::close(close_reason reason, std::string_view detail) {
    waiting_.clear();
    connection_->close(reason, detail);
}

void live_session::closed() {
    connection_ = nullptr;
    waiting_.clear();
    if (std::exchange(is_added_, false))
        hub_.remove_session(*this, executor_);
    if (std::exchange(is_authenticated_, false))
        hub_.release_slot(principal_.user);
}

void live_session::tick(steady_point now) {
    messages_ = 0;
    if (!is_authenticated_ && now >= hello_deadline_ && is_redeeming_)
        close(close_reason::unavailable, "The ticket could not be checked within 10 seconds.");
    else if (!is_authenticated_ && now >= hello_deadline_)
        close(close_reason::too_late, "No hello arrived within 10 seconds.");
    else if (is_authenticated_ && !is_admitted(principal_))
        close_unauthenticated();
    else if (is_authenticated_ && now >= heartbeat_at_ && connection_->is_ready())
        send_heartbeat();
}

bool live_session::is_admitted(const identity::principal& principal) const {
    return hub_.deps_.time.now() < principal.expires_at && hub_.deps_.authenticator.still_valid(principal) &&
           !hub_.ended_.has_ended(principal.session, principal.expires_at);
}

void live_session::close_unauthenticated() {
    close(close_reason::unauthenticated, "The session has ended; sign in again.");
}

void live_session::close_if_of(const uuid& session) {
    if (is_authenticated_ && connection_ != nullptr && principal_.session == session)
        close_unauthenticated();
}

/// Returns false and closes the connection if the client sent too many messages.
bool live_session::count_message() {
    if (++messages_ <= max_messages)
        return true;
    close(close_reason::policy, "Too many messages.");
    return false;
}

void live_session::received(std::string_view text) {
    if (!count_message())
        return;
    if (is_redeeming_)
        wait(text);
    else
        handle(text);
}

/// Keeps a message until the ticket of an earlier one is redeemed.
void live_session::wait(std::string_view text) {
    std::size_t bytes = text.size();
    for (const std::string& earlier : waiting_)
        bytes += earlier.size();
    if (waiting_.size() >= max_waiting || bytes > max_waiting_bytes)
        return close(close_reason::policy, "Too many messages.");
    waiting_.emplace_back(text);
}

void live_session::handle(std::string_view text) {
    const auto message = read_json(text, max_depth);
    if (!message || message->kind != json_kind::object)
        return reply_error(message ? "A message must be a JSON object." : message.error().detail);
    const auto type = text_of(*message, "type").value_or("");
    if (!is_authenticated_)
        return type == "hello" ? authenticate(*message, text)
                               : close(close_reason::unauthenticated, "The first message must be a hello.");
    if (type == "subscribe")
        subscribe(*message);
    else if (type == "unsubscribe")
        unsubscribe(*message);
    else if (type == "renew")
        authenticate(*message, text);
    else if (type != "heartbeat") // needs no reply; its arrival keeps the connection open
        reply_error("type must be subscribe, unsubscribe, renew or heartbeat.");
}

void live_session::authenticate(const json_document& message, std::string_view text) {
    if (const auto ticket = text_of(message, "ticket")) {
        is_redeeming_ = true;
        waiting_.emplace_front(text);
        hub_.redeem_ticket(*ticket, executor_,
                           [self = std::weak_ptr{self_}](result<identity::principal> holder) {
                               if (const auto session = self.lock())
                                   (*session)->redeemed(std::move(holder));
                           });
        return;
    }
    if (const auto token = text_of(message, "token")) {
        auto principal = hub_.deps_.authenticator.authenticate(identity::access_token{*token});
        security_event refusal{.type = event_type::jwt_invalid};
        if (principal && !is_admitted(*principal))
            principal = fail(errc::unauthenticated, "The session has ended.");
        if (!principal)
            hub_.deps_.authenticator.attribute(refusal, *token);
        return authenticated(message, principal, std::move(refusal));
    }
    authenticated(message, fail(errc::invalid_input, "A ticket or an access token is required."),
                  {.type = is_authenticated_ ? event_type::jwt_invalid : event_type::missing_authorization});
}

void live_session::redeemed(result<identity::principal> holder) {
    is_redeeming_ = false;
    if (waiting_.empty()) // the connection was closed meanwhile
        return;
    const std::string text = std::move(waiting_.front());
    waiting_.pop_front();
    // An unknown ticket is not a forgery: it may have been used, or may have expired.
    security_event refusal{.type = is_authenticated_ ? event_type::jwt_invalid
                                                     : event_type::missing_authorization};
    if (holder && !is_admitted(*holder)) {
        set_actor(refusal, *holder);
        holder = fail(errc::unauthenticated, "The session has ended.");
    }
    authenticated(read_json(text, max_depth).value(), holder, std::move(refusal));
    while (!is_redeeming_ && !waiting_.empty()) {
        const std::string next = std::move(waiting_.front());
        waiting_.pop_front();
        handle(next);
    }
}

void live_session::authenticated(const json_document& message, const result<identity::principal>& principal,
                                 security_event refusal) {
    if (!principal && principal.error().code != errc::unauthenticated &&
        principal.error().code != errc::invalid_input) // nobody can tell whether the credential is valid
        return close(close_reason::unavailable, principal.error().detail);
    if (!principal) {
        refusal.detail = principal.error().detail;
        return refuse(std::move(refusal));
    }
    if (is_authenticated_)
        renew(*principal);
    else
        begin(message, *principal);
}

void live_session::begin(const json_document& message, const identity::principal& principal) {
    if (!hub_.acquire_slot(principal.user))
        return close(close_reason::too_many, "There are too many live connections.");
    principal_ = principal;
    is_authenticated_ = true;
    resume_at(message);
    reply(to_json(wire::live_welcome{.cursor = cursor(),
                                     .user_id = principal_.user,
                                     .administrator = principal_.role == role::admin,
                                     .expires_at = principal_.expires_at}));
    const auto* member = message.find("subscriptions");
    if (member == nullptr)
        return;
    const auto elements = member->kind == json_kind::array
                              ? split_json_array(message.value(*member), subscriptions::max_count)
                              : fail(errc::invalid_input, {});
    if (!elements)
        return reply_error(
            fmt::format("subscriptions must be an array of at most {} elements.", subscriptions::max_count));
    for (const std::string_view element : *elements)
        if (const auto description = read_json(element);
            description && description->kind == json_kind::object)
            subscribe(*description);
        else
            reply_error("A subscription must be a JSON object.");
}

/// Sets the next event: after the client's cursor, or the end of the log if it sent none. A cursor of another
/// run of the server causes a gap.
void live_session::resume_at(const json_document& message) {
    next_ = hub_.log_.end();
    const auto last_cursor = text_of(message, "cursor");
    if (!last_cursor)
        return;
    const std::string prefix = hub_.epoch() + "-";
    const auto number = last_cursor->starts_with(prefix)
                            ? parse_integer(std::string_view{*last_cursor}.substr(prefix.size()))
                            : std::nullopt;
    if (number && *number >= 0 && std::cmp_less(*number, next_))
        next_ = static_cast<std::uint64_t>(*number) + 1; // `send_gap` checks that it still exists
    else
        has_gap_ = true;
}

void live_session::renew(const identity::principal& principal) {
    if (principal.user != principal_.user) {
        security_event refusal{.type = event_type::jwt_invalid,
                               .detail = "The token belongs to another account."};
        set_actor(refusal, principal);
        return refuse(std::move(refusal));
    }
    principal_ = principal;
    reply(to_json(wire::live_renewed{.expires_at = principal_.expires_at}));
}

void live_session::subscribe(const json_document& message) {
    const auto* id = message.find("id");
    if (const auto added = subscriptions_.add(message, principal_); !added) {
        if (added.error().code == errc::forbidden)
            hub_.deps_.audit.record({.created_at = hub_.deps_.time.now(),
                                     .actor = actor_type::user,
                                     .actor_id = std::to_string(principal_.user),
                                     .type = event_type::admin_forbidden,
                                     .status = event_status::denied,
                                     .detail = added.error().detail,
                                     .origin = origin_},
                                    [](const result<void>&) {});
        return reply_error(added.error().detail);
    }
    reply(to_json(wire::live_subscribed{.id = {message.value(*id)}}));
}

void live_session::unsubscribe(const json_document& message) {
    const auto id = text_of(message, "id");
    if (!id || !subscriptions_.remove(*id))
        return reply_error("There is no subscription with that id.");
    reply(to_json(wire::live_unsubscribed{.id = {message.value(*message.find("id"))}}));
}

void live_session::refuse(security_event refusal) {
    close(close_reason::unauthenticated, refusal.detail);
    refusal.created_at = hub_.deps_.time.now();
    refusal.status = event_status::denied;
    refusal.origin = origin_;
    hub_.deps_.audit.record(std::move(refusal), [](const result<void>&) {});
}

void live_session::reply_error(std::string_view detail) {
    reply(to_json(wire::live_error{.detail = detail}));
}

void live_session::reply(std::string text) {
    if (replies_.size() >= max_replies)
        return close(close_reason::policy, "The client does not read the replies.");
    replies_.push_back(std::move(text));
    flush();
}

void live_session::flush() {
    if (connection_ == nullptr)
        return;
    if (!connection_->is_ready()) {
        has_more_ = true;
        return;
    }
    if (send_reply() || !is_authenticated_)
        return;
    if (!is_admitted(principal_))
        return close_unauthenticated();
    if (!send_gap())
        send_events();
}

bool live_session::send_reply() {
    if (replies_.empty())
        return false;
    std::string text = std::move(replies_.front());
    replies_.pop_front();
    send_text(std::move(text));
    return true;
}

bool live_session::send_gap() {
    const std::uint64_t oldest = hub_.log_.begin();
    if (next_ < oldest) {
        next_ = oldest;
        has_gap_ = true;
    }
    if (!std::exchange(has_gap_, false))
        return false;
    hub_.gaps_.fetch_add(1, std::memory_order_relaxed);
    send_text(to_json(wire::live_gap{.cursor = cursor()}));
    return true;
}

bool live_session::send_events() {
    sink::parts message{.bytes = {std::string_view{}}, .owners = {}};
    std::size_t bytes = 0;
    std::uint64_t count = 0;
    has_more_ = false;
    while (count == 0) {
        const auto batches = hub_.log_.since(next_, max_batches);
        if (batches.empty())
            return false;
        // The next events were removed from the log, or they were lost.
        if (count == 0 && batches.front()->first > next_) {
            next_ = batches.front()->first;
            has_gap_ = true;
            return send_gap();
        }
        for (const shared_batch& batch : batches) {
            if (bytes >= max_bytes || batch->first > next_) {
                has_more_ = true;
                break;
            }
            const std::uint64_t before = count;
            bytes += append_events(*batch, count, message.bytes);
            next_ = batch->end();
            if (count > before)
                message.owners.push_back(batch);
        }
    }
    const auto frame = std::make_shared<const wire::live_events_frame>(wire::frame_of_events(cursor()));
    message.bytes.front() = frame->head();
    message.bytes.push_back(frame->tail());
    message.owners.push_back(frame);
    hub_.deliveries_.fetch_add(count, std::memory_order_relaxed);
    send(std::move(message));
    return true;
}

void live_session::send_text(std::string text) {
    const auto owner = std::make_shared<const std::string>(std::move(text));
    send({.bytes = {*owner}, .owners = {owner}});
}

void live_session::send(sink::parts message) {
    heartbeat_at_ = hub_.deps_.time.steady_now() + heartbeat_interval;
    connection_->send(std::move(message));
}

/// Shows the client that an idle connection is alive, since browsers hide WebSocket pings from pages. The
/// cursor keeps a client with few events able to resume.
void live_session::send_heartbeat() {
    send_text(to_json(wire::live_heartbeat{.cursor = cursor()}));
}

/// Appends the batch's events from `next_` on that the client subscribed to and may see, adjacent events as
/// one piece. Adds their number to `count` and returns their size in bytes.
std::size_t live_session::append_events(const event_batch& batch, std::uint64_t& count,
                                        std::vector<std::string_view>& pieces) const {
    std::size_t bytes = 0;
    bool is_adjacent = false;
    for (std::size_t n = next_ > batch.first ? next_ - batch.first : 0; n < batch.events.size(); ++n) {
        const live_event& event = batch.events[n];
        if (!subscriptions_.matches(event) || !may_see(event)) {
            is_adjacent = false;
            continue;
        }
        if (std::exchange(is_adjacent, true)) {
            const std::string_view piece = pieces.back();
            pieces.back() = {piece.data(), piece.size() + 1 + event.length};
        } else {
            if (count > 0)
                pieces.emplace_back(",");
            pieces.push_back(std::string_view{batch.text}.substr(event.offset, event.length));
        }
        bytes += event.length + 1;
        ++count;
    }
    return bytes;
}

/// Identifies the last event that was read.
std::string live_session::cursor() const {
    return hub_.epoch() + "-" + std::to_string(next_ - 1);
}

bool live_session::may_see(const live_event& event) const {
    if (event.kind == live_kind::security_event)
        return may(principal_, identity::action::read_audit_log);
    if (may(principal_, identity::action::see_fleet))
        return true;
    if (!may(principal_, identity::action::see_device, {.owner = event.owner}))
        return false;
    // The device may have another owner since, or may be deleted.
    const auto device = hub_.deps_.devices.find(event.device);
    return event.is_removal
               ? !device
               : device && may(principal_, identity::action::see_device, {.owner = device->owner});
}

} // namespace breakwater::live
