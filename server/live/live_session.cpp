#include "live/live_session.hpp"

#include "base/integer.hpp"
#include "base/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace breakwater::live {

namespace {

constexpr std::chrono::seconds time_to_greet{10};
/// Clients take a connection for dead that was silent for more than two of them (docs/api_usage.md, "Live").
constexpr std::chrono::seconds heartbeat_interval{5};
constexpr unsigned most_messages = 100; ///< of a client, a second
constexpr std::size_t most_replies = 64;
constexpr std::size_t most_bytes = 128U << 10; ///< of one message
constexpr std::size_t batches_at_once = 64;

std::optional<std::string> text_of(const json_document& message, std::string_view name) {
    const auto* found = message.find(name);
    if (found == nullptr || found->kind != json_kind::string)
        return std::nullopt;
    return unescape_json_string(message.value(*found));
}

void name_actor(security_event& refusal, const http::principal& who) {
    refusal.actor = actor_type::user;
    refusal.actor_id = std::to_string(who.user);
}

} // namespace

live_session::live_session(hub& home, const http::request& asked)
    : home_{home},
      lane_{*asked.lane},
      origin_{asked.client_address, asked.request_id, std::string{asked.route}} {}

live_session::~live_session() {
    closed();
}

void live_session::opened(http::websocket& with) {
    connection_ = &with;
    greet_by_ = home_.with_.time.steady_now() + time_to_greet;
    home_.enter(*this, lane_);
    entered_ = true;
}

void live_session::closed() {
    connection_ = nullptr;
    if (std::exchange(entered_, false))
        home_.leave(*this, lane_);
    if (std::exchange(greeted_, false))
        home_.give_place(who_.user);
}

void live_session::tick(steady_point now) {
    messages_ = 0;
    if (!greeted_ && now >= greet_by_)
        connection_->close(http::close_code::too_late,
                           "The first message has to be a hello with a credential.");
    else if (greeted_ && !is_admitted(who_))
        cut();
    else if (greeted_ && now >= heartbeat_at_ && connection_->is_ready())
        send_heartbeat();
}

bool live_session::is_admitted(const http::principal& who) const {
    return home_.with_.time.now() < who.expires_at && home_.access_->still_admitted(who) &&
           !home_.ended_.has_ended(who.session, who.expires_at);
}

void live_session::cut() {
    connection_->close(http::close_code::unauthenticated, "The session has ended; sign in again.");
}

void live_session::end_if_of(const uuid& session) {
    if (greeted_ && connection_ != nullptr && who_.session == session)
        cut();
}

/// False where it is one too many, which ends the connection.
bool live_session::count_message() {
    if (++messages_ <= most_messages)
        return true;
    connection_->close(http::close_code::policy, "Too many messages.");
    return false;
}

void live_session::received(std::string_view text) {
    if (!count_message())
        return;
    const auto message = read_json(text, 8);
    if (!message || message->kind != json_kind::object)
        return reply_error(message ? "A message has to be a JSON object." : message.error().detail);
    const auto type = text_of(*message, "type").value_or("");
    if (!greeted_)
        return type == "hello" ? greet(*message)
                               : connection_->close(http::close_code::unauthenticated,
                                                    "The first message has to be a hello.");
    if (type == "subscribe")
        subscribe(*message);
    else if (type == "unsubscribe")
        unsubscribe(*message);
    else if (type == "renew")
        renew(*message);
    else if (type != "heartbeat") // which only has to arrive
        reply_error("type has to be subscribe, unsubscribe, renew or heartbeat.");
}

result<http::principal> live_session::authenticate(const json_document& message,
                                                   security_event& refusal) const {
    if (const auto ticket = text_of(message, "ticket")) {
        const auto who = home_.tickets_.take(*ticket);
        if (who && is_admitted(*who))
            return *who;
        if (who)
            name_actor(refusal, *who);
        return fail(errc::unauthenticated, "The ticket is unknown, was used, or is too old.");
    }
    if (const auto token = text_of(message, "token")) {
        auto who = home_.authenticate_(*token);
        if (who && !is_admitted(*who))
            who = fail(errc::unauthenticated, "The session has ended.");
        if (!who)
            home_.attribute_(refusal, *token);
        return who;
    }
    return fail(errc::invalid_input, "A ticket or an access token is required.");
}

void live_session::greet(const json_document& message) {
    security_event refusal{.type = event_type::jwt_invalid};
    const auto who = authenticate(message, refusal);
    if (!who) {
        // A ticket that is unknown is no forgery: it may have been used, or be from before a restart.
        if (who.error().code == errc::invalid_input || text_of(message, "ticket"))
            refusal.type = event_type::missing_authorization;
        refusal.detail = who.error().detail;
        return refuse(std::move(refusal));
    }
    if (!home_.take_place(who->user))
        return connection_->close(http::close_code::too_many, "There are too many live connections.");
    who_ = *who;
    greeted_ = true;
    resume_at(message);
    std::string welcome = R"({"type":"welcome","cursor":")" + cursor() + R"(","user_id":)";
    welcome += fmt::format(R"({},"administrator":{},"expires_at":"{}"}})", who_.user, who_.administrator,
                           format_rfc3339(who_.expires_at));
    reply(std::move(welcome));
    const auto* wanted = message.find("subscriptions");
    if (wanted == nullptr)
        return;
    const auto each = wanted->kind == json_kind::array
                          ? split_json_array(message.value(*wanted), subscriptions::most)
                          : fail(errc::invalid_input, {});
    if (!each)
        return reply_error(fmt::format("subscriptions must be an array of at most {}.", subscriptions::most));
    for (const std::string_view one : *each)
        if (const auto described = read_json(one); described && described->kind == json_kind::object)
            subscribe(*described);
        else
            reply_error("A subscription has to be a JSON object.");
}

/// From where the client was, where that is known still; from now on, where it says nothing.
void live_session::resume_at(const json_document& message) {
    next_ = home_.log_.end();
    const auto known = text_of(message, "cursor");
    if (!known)
        return;
    const std::string prefix = home_.epoch() + "-";
    const auto number = known->starts_with(prefix)
                            ? parse_integer(std::string_view{*known}.substr(prefix.size()))
                            : std::nullopt;
    if (number && *number >= 0 && std::cmp_less(*number, next_))
        next_ = static_cast<std::uint64_t>(*number) + 1; // `flush` tells where that is gone
    else
        gap_ = true;
}

void live_session::renew(const json_document& message) {
    security_event refusal{.type = event_type::jwt_invalid};
    const auto who = authenticate(message, refusal);
    if (!who || who->user != who_.user) {
        if (who)
            name_actor(refusal, *who);
        refusal.detail = who ? "The token is another person's." : who.error().detail;
        return refuse(std::move(refusal));
    }
    who_ = *who;
    reply(R"({"type":"renewed","expires_at":")" + format_rfc3339(who_.expires_at) + "\"}");
}

void live_session::subscribe(const json_document& message) {
    const auto* id = message.find("id");
    if (const auto added = wanted_.add(message, who_.administrator); !added) {
        if (added.error().code == errc::forbidden)
            home_.with_.denials.record({.created_at = home_.with_.time.now(),
                                        .actor = actor_type::user,
                                        .actor_id = std::to_string(who_.user),
                                        .type = event_type::admin_forbidden,
                                        .status = event_status::denied,
                                        .detail = added.error().detail,
                                        .origin = origin_},
                                       [](const result<void>&) {});
        return reply_error(added.error().detail);
    }
    reply(R"({"type":"subscribed","id":)" + std::string{message.value(*id)} + "}");
}

void live_session::unsubscribe(const json_document& message) {
    const auto id = text_of(message, "id");
    if (!id || !wanted_.remove(*id))
        return reply_error("There is no subscription of that id.");
    reply(R"({"type":"unsubscribed","id":)" + std::string{message.value(*message.find("id"))} + "}");
}

void live_session::refuse(security_event refusal) {
    connection_->close(http::close_code::unauthenticated, refusal.detail);
    refusal.created_at = home_.with_.time.now();
    refusal.status = event_status::denied;
    refusal.origin = origin_;
    home_.with_.denials.record(std::move(refusal), [](const result<void>&) {});
}

void live_session::reply_error(std::string_view detail) {
    std::string text = R"({"type":"error","detail":)";
    append_json_string(text, detail);
    reply(text + "}");
}

void live_session::reply(std::string text) {
    if (replies_.size() >= most_replies)
        return connection_->close(http::close_code::policy, "The answers aren't read.");
    replies_.push_back(std::move(text));
    flush();
}

void live_session::flush() {
    if (connection_ == nullptr)
        return;
    if (!connection_->is_ready()) {
        more_ = true;
        return;
    }
    if (send_reply() || !greeted_)
        return;
    if (!is_admitted(who_))
        return cut();
    if (!send_gap())
        send_events();
}

bool live_session::send_reply() {
    if (replies_.empty())
        return false;
    const auto text = std::make_shared<const std::string>(std::move(replies_.front()));
    replies_.pop_front();
    send({.bytes = {*text}, .owners = {text}});
    return true;
}

bool live_session::send_gap() {
    const std::uint64_t oldest = home_.log_.begin();
    if (next_ < oldest) {
        next_ = oldest;
        gap_ = true;
    }
    if (!std::exchange(gap_, false))
        return false;
    home_.gaps_.fetch_add(1, std::memory_order_relaxed);
    const auto text = std::make_shared<const std::string>(R"({"type":"gap","cursor":")" + cursor() + "\"}");
    send({.bytes = {*text}, .owners = {text}});
    return true;
}

bool live_session::send_events() {
    http::websocket::parts message{.bytes = {R"({"type":"events","events":[)"}, .owners = {}};
    std::size_t bytes = 0;
    std::uint64_t told = 0;
    more_ = false;
    while (told == 0) {
        const auto batches = home_.log_.since(next_, batches_at_once);
        if (batches.empty())
            return false;
        if (told == 0 && batches.front()->first > next_) { // the oldest went meanwhile, or some were lost
            next_ = batches.front()->first;
            gap_ = true;
            return send_gap();
        }
        for (const shared_batch& batch : batches) {
            if (bytes >= most_bytes || batch->first > next_) {
                more_ = true;
                break;
            }
            const std::uint64_t before = told;
            bytes += append_wanted(*batch, told, message.bytes);
            next_ = batch->end();
            if (told > before)
                message.owners.push_back(batch);
        }
    }
    const auto tail = std::make_shared<const std::string>(R"(],"cursor":")" + cursor() + "\"}");
    message.bytes.push_back(*tail);
    message.owners.push_back(tail);
    home_.deliveries_.fetch_add(told, std::memory_order_relaxed);
    send(std::move(message));
    return true;
}

void live_session::send(http::websocket::parts message) {
    heartbeat_at_ = home_.with_.time.steady_now() + heartbeat_interval;
    connection_->send(std::move(message));
}

/// Browsers tell pages nothing of a WebSocket's own pings, so a silent connection says in a message that it
/// lives. With the cursor, for one who wants little: it would else be too old to resume from.
void live_session::send_heartbeat() {
    const auto text =
        std::make_shared<const std::string>(R"({"type":"heartbeat","cursor":")" + cursor() + "\"}");
    send({.bytes = {*text}, .owners = {text}});
}

/// The batch's events from `next_` on, as far as they are wanted and may be seen; those that stand in a row
/// in one piece. How many bytes.
std::size_t live_session::append_wanted(const event_batch& batch, std::uint64_t& told,
                                        std::vector<std::string_view>& into) const {
    std::size_t bytes = 0;
    bool in_a_row = false;
    for (std::size_t n = next_ > batch.first ? next_ - batch.first : 0; n < batch.events.size(); ++n) {
        const live_event& event = batch.events[n];
        if (!wanted_.wants(event) || !may_see(event)) {
            in_a_row = false;
            continue;
        }
        if (std::exchange(in_a_row, true)) {
            const std::string_view piece = into.back();
            into.back() = {piece.data(), piece.size() + 1 + event.length};
        } else {
            if (told > 0)
                into.emplace_back(",");
            into.push_back(std::string_view{batch.text}.substr(event.offset, event.length));
        }
        bytes += event.length + 1;
        ++told;
    }
    return bytes;
}

/// Everything up to and with this was looked at.
std::string live_session::cursor() const {
    return home_.epoch() + "-" + std::to_string(next_ - 1);
}

bool live_session::may_see(const live_event& event) const {
    if (who_.administrator)
        return true;
    if (event.kind == live_kind::security_event || event.owner != who_.user)
        return false;
    // It may be another's by now, or gone.
    const auto known = home_.with_.devices.find(event.device);
    return event.gone ? !known : known && known->owner == who_.user;
}

} // namespace breakwater::live
