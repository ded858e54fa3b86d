#include "live/hub.hpp"

#include "base/encoding.hpp"
#include "base/json_text.hpp"
#include "base/overloaded.hpp"
#include "base/thread.hpp"
#include "base/time.hpp"
#include "live/live_session.hpp"
#include "telemetry/ndjson_export.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace breakwater::live {

namespace {

constexpr std::size_t many_sessions = 100;
constexpr std::size_t share_of_free = 16; ///< as `hub_options::max_pending_bytes` says
/// For so long after the last session has gone what happens is kept, for it may be back.
constexpr std::chrono::seconds keep_listening{60};

std::string fresh_epoch(random_source& random) {
    std::array<std::uint8_t, 6> bytes{};
    random.fill(bytes);
    return hex_encode(bytes);
}

std::string quoted_time(timestamp at) {
    return '"' + format_rfc3339(at) + '"';
}

void append_target(std::string& out, const event_target& what) {
    out += fmt::format(R"("target_type":"{}","target_id":)", to_string(what.type));
    append_json_string(out, what.id);
}

/// The members as the list of events has them.
void append_targets(std::string& out, const security_event& event) {
    if (event.target)
        append_target(out, *event.target);
    else
        out += R"("target_type":null,"target_id":null)";
    out += R"(,"targets":[)";
    auto append_element = [&out, first = true](const event_target& what) mutable {
        out += std::exchange(first, false) ? "{" : ",{";
        append_target(out, what);
        out += '}';
    };
    if (event.target)
        append_element(*event.target);
    for (const event_target& each : event.other_targets)
        append_element(each);
    out += fmt::format(R"(],"target_count":{})", target_count(event));
}

std::string json_of(const security_event& event) {
    std::string out =
        fmt::format(R"({{"type":"security_event","id":{},"created_at":{},"actor_type":"{}","actor_id":)",
                    event.id, quoted_time(event.created_at), to_string(event.actor));
    append_json_string(out, event.actor_id);
    out += fmt::format(R"(,"event_type":"{}","status":"{}","detail":)", to_string(event.type),
                       to_string(event.status));
    append_json_string(out, event.detail);
    out += R"(,"source_address":)";
    append_json_string(out, event.origin.source_address);
    out += R"(,"request_id":)";
    append_json_string(out, event.origin.request_id);
    out += R"(,"route":)";
    append_json_string(out, event.origin.route);
    out += fmt::format(R"(,"simulated":{},"count":{},)", event.simulated, event.count);
    append_targets(out, event);
    out += '}';
    return out;
}

std::string json_of(const device& what, events::device_change how, std::chrono::seconds expected_interval) {
    std::string out =
        fmt::format(R"({{"type":"device","change":"{}","device_id":"{}","name":)",
                    how == events::device_change::created ? "created" : "updated", what.id.to_string());
    append_json_string(out, what.name);
    out += fmt::format(
        R"(,"category":"{}","status":"{}","simulated":{},"never_heard":{},"expected_interval_seconds":{},"updated_at":{}}})",
        info(what.category).slug, to_string(what.status), what.simulated, what.never_heard(),
        expected_interval.count(), quoted_time(what.updated_at));
    return out;
}

std::string json_of(const events::backfill& what) {
    return fmt::format(
        R"({{"type":"backfill","device_id":"{}","count":{},"oldest":{},"newest":{},"received_at":{}}})",
        what.device.to_string(), what.count, quoted_time(what.oldest), quoted_time(what.newest),
        quoted_time(what.received_at));
}

std::string json_of(const reading& what) {
    std::string out = R"({"type":"reading","reading":)";
    telemetry::append_reading_json(out, what);
    out += '}';
    return out;
}

} // namespace

hub::hub(const parts& with, const hub_options& chosen)
    : with_{with},
      options_{chosen},
      epoch_{fresh_epoch(with.random)},
      tickets_{with.time, with.random},
      ended_{with.time, chosen.token_lifetime, chosen.max_ended},
      log_{chosen.log},
      thread_{start_thread("live hub", [this] { loop(); })} {}

hub::~hub() {
    stop();
}

void hub::stop() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    happened_.notify_one();
    if (thread_.joinable())
        thread_.join();
}

void hub::use(const http::access_policy& access, authenticator authenticate, attribution attribute) {
    access_ = &access;
    authenticate_ = std::move(authenticate);
    attribute_ = std::move(attribute);
}

std::unique_ptr<http::websocket_listener> hub::open(const http::request& asked) {
    return std::make_unique<live_session>(*this, asked);
}

result<std::string> hub::issue_ticket(const http::principal& to) {
    if (ended_.has_ended(to.session, to.expires_at))
        return fail(errc::unauthenticated, "The session has ended.");
    return tickets_.issue(to);
}

hub_counters hub::counters() const {
    return {.sessions = sessions_,
            .events = log_.end() - 1,
            .deliveries = deliveries_,
            .gaps = gaps_,
            .lost = lost_};
}

void hub::enter(live_session& added, io_lane& lane) {
    const std::lock_guard lock{sessions_mutex_};
    ++sessions_;
    listening_ = true;
    auto& group = groups_[&lane];
    if (!group) {
        group = std::make_shared<lane_group>();
        group->lane = &lane;
    }
    group->sessions.push_back(&added);
}

void hub::leave(live_session& gone, io_lane& lane) {
    const std::lock_guard lock{sessions_mutex_};
    const auto found = groups_.find(&lane);
    std::erase(found->second->sessions, &gone);
    if (found->second->sessions.empty())
        groups_.erase(found);
    --sessions_;
}

bool hub::take_place(user_id user) {
    const std::lock_guard lock{sessions_mutex_};
    const auto known = places_.find(user);
    if (taken_places_ >= options_.max_sessions ||
        (known != places_.end() && known->second >= options_.max_sessions_of_one))
        return false;
    ++places_[user];
    ++taken_places_;
    return true;
}

void hub::give_place(user_id user) {
    const std::lock_guard lock{sessions_mutex_};
    --taken_places_;
    if (const auto found = places_.find(user); found != places_.end() && --found->second == 0)
        places_.erase(found);
}

void hub::stored(std::span<const reading> arrived) {
    if (!listening_)
        return;
    for (const reading& each : arrived)
        note(each);
}

void hub::batch_stored(const events::stored_batch& arrived) {
    if (!listening_)
        return;
    const auto live = std::span{*arrived.readings}.subspan(arrived.late.count);
    for (const reading& each : live)
        note(each);
    if (arrived.late.count == 0)
        return;
    // Who shows what devices said last need not ask: of a gateway's batch the newest says so.
    if (live.empty())
        note(*std::ranges::max_element(*arrived.readings, {},
                                       [](const reading& each) { return measured_at(each); }));
    note(arrived.late);
}

void hub::recorded(const security_event& event) {
    note(event);
}

void hub::changed(const device& what, events::device_change how) {
    note(change{what, how});
}

void hub::removed(const device_id& gone, user_id owner) {
    note(removal{gone, owner});
}

void hub::alerted(const alert& what, alert_change how) {
    note(alarm{what, how});
}

void hub::session_ended(const uuid& session) {
    // First noted, then told: who greets between the two is told, and who greets later asks what was noted.
    ended_.add(session);
    for (const auto& group : groups())
        group->lane->post([group, session] {
            for (live_session* each : group->sessions)
                each->end_if_of(session);
        });
}

std::size_t hub::size_of(const happening& what) noexcept {
    if (const auto* arrived = std::get_if<reading>(&what))
        return sizeof what + arrived->payload.size();
    return sizeof what; // all others have short texts only
}

void hub::note(happening what) {
    if (!listening_)
        return;
    const std::size_t bytes = size_of(what);
    bool wake = false;
    {
        const std::lock_guard lock{mutex_};
        if (pending_.size() >= options_.max_pending ||
            bytes > (options_.max_pending_bytes - pending_bytes_) / share_of_free) {
            lost_.fetch_add(1, std::memory_order_relaxed);
            return;
        }
        wake = pending_.empty();
        pending_.push_back(std::move(what));
        pending_bytes_ += bytes;
    }
    if (wake)
        happened_.notify_one();
}

void hub::loop() {
    steady_point seen = with_.time.steady_now();
    std::vector<happening> taken;
    for (;;) {
        {
            std::unique_lock lock{mutex_};
            happened_.wait_for(lock, keep_listening, [this] { return stopping_ || !pending_.empty(); });
            if (stopping_)
                return;
            const auto gather = sessions_ > many_sessions ? options_.gather_many : options_.gather;
            happened_.wait_for(lock, gather, [this] { return stopping_; });
            taken.clear();
            taken.swap(pending_);
            pending_bytes_ = 0;
        }
        const steady_point now = with_.time.steady_now();
        if (sessions_ > 0)
            seen = now;
        else if (now - seen >= keep_listening)
            listening_ = false;
        auto described = describe(taken);
        if (described.empty())
            continue;
        const std::uint64_t lost = lost_;
        log_.append(std::move(described), lost - std::exchange(lost_before_, lost));
        wake_sessions();
    }
}

std::vector<live_event> hub::describe(const std::vector<happening>& what) const {
    std::vector<live_event> out;
    out.reserve(what.size());
    for (const happening& each : what)
        if (auto described = describe(each))
            out.push_back(std::move(*described));
    return out;
}

/// Nothing for what happened to a device that is gone by now, and for what was made up of one that is real by
/// now.
std::optional<live_event> hub::describe(const happening& what) const {
    const auto of_device = [this](const device_id& id, live_kind kind, bool simulated,
                                  auto&& text) -> std::optional<live_event> {
        const auto known = with_.devices.find(id);
        if (!known || (kind == live_kind::reading && simulated && !known->simulated))
            return std::nullopt;
        return live_event{.kind = kind,
                          .simulated = simulated,
                          .category = known->category,
                          .device = id,
                          .owner = known->owner,
                          .text = text()};
    };
    return std::visit(
        overloaded{
            [&](const reading& of) {
                return of_device(of.device_id, live_kind::reading, of.simulated, [&] { return json_of(of); });
            },
            [&](const events::backfill& of) {
                return of_device(of.device, live_kind::reading, false, [&] { return json_of(of); });
            },
            [&](const change& of) {
                return of_device(of.what.id, live_kind::device, false, [&] {
                    return json_of(of.what, of.how,
                                   with_.policies.expected_interval(of.what.id, of.what.category));
                });
            },
            [&](const removal& of) {
                return std::optional{
                    live_event{.kind = live_kind::device,
                               .gone = true,
                               .device = of.gone,
                               .owner = of.owner,
                               .text = R"({"type":"device","change":"deleted","device_id":")" +
                                       of.gone.to_string() + "\"}"}};
            },
            [&](const alarm& of) -> std::optional<live_event> {
                alert shown = of.what;
                const auto text = [&] {
                    return fmt::format(R"({{"type":"alert","change":"{}","alert":{}}})", to_string(of.how),
                                       with_.alert_json(shown));
                };
                if (shown.device)
                    if (auto told = of_device(*shown.device, live_kind::alert, shown.simulated, text))
                        return told;
                shown.device_gone = shown.device.has_value(); // administrators see its history still
                return live_event{.kind = live_kind::alert, .simulated = shown.simulated, .text = text()};
            },
            [&](const security_event& of) {
                return std::optional{live_event{
                    .kind = live_kind::security_event, .simulated = of.simulated, .text = json_of(of)}};
            }},
        what);
}

std::vector<std::shared_ptr<hub::lane_group>> hub::groups() const {
    const std::lock_guard lock{sessions_mutex_};
    std::vector<std::shared_ptr<lane_group>> out;
    out.reserve(groups_.size());
    for (const auto& [lane, group] : groups_)
        out.push_back(group);
    return out;
}

void hub::wake_sessions() {
    for (const auto& group : groups())
        if (!group->posted.exchange(true))
            group->lane->post([group] {
                group->posted = false;
                for (live_session* each : group->sessions)
                    each->flush();
            });
}

} // namespace breakwater::live
