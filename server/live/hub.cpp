#include "live/hub.hpp"

#include "base/encoding.hpp"
#include "base/overloaded.hpp"
#include "base/thread.hpp"
#include "live/live_session.hpp"
#include "wire/live_messages.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace breakwater::live {

namespace {

using wire::schema::to_json;

constexpr std::size_t many_sessions = 100;
constexpr std::size_t free_space_divisor = 16; ///< see `hub_options::max_pending_bytes`
/// How long the hub still logs events after the last session closed, since a client may come back.
constexpr std::chrono::seconds linger_time{60};

std::string fresh_epoch(random_source& random) {
    std::array<std::uint8_t, 6> bytes{};
    random.fill(bytes);
    return hex_encode(bytes);
}

/// Allocates once, since there are far more readings than other events.
std::string text_of(const reading& item) {
    constexpr std::size_t members_size = 256; ///< the names and values of all members but the payload
    std::string out;
    out.reserve(members_size + item.payload.size());
    wire::schema::write(out, wire::to_live(item));
    return out;
}

} // namespace

hub::hub(const dependencies& deps, const hub_options& options)
    : deps_{deps},
      options_{options},
      epoch_{fresh_epoch(deps.random)},
      ended_{deps.time, options.token_lifetime, options.max_ended},
      log_{options.log},
      thread_{start_thread("live hub", [this] { loop(); })} {}

hub::~hub() {
    stop();
}

void hub::stop() {
    {
        const lock_guard lock{mutex_};
        stopping_ = true;
    }
    wake_up_.notify_one();
    if (thread_.joinable())
        thread_.join();
    unique_lock lock{mutex_};
    redeemed_.wait(lock, [this]() REQUIRES(mutex_) { return redemptions_ == 0; });
}

result<std::string> hub::issue_ticket(const identity::principal& principal) {
    if (ended_.has_ended(principal.session, principal.expires_at))
        return fail(errc::unauthenticated, "The session has ended.");
    return deps_.tickets.issue(principal);
}

void hub::redeem_ticket(std::string_view ticket, net::io_executor& executor,
                        identity::live_tickets::completion done) {
    {
        const lock_guard lock{mutex_};
        ++redemptions_;
    }
    deps_.authenticator.redeem(
        ticket, [this, &executor, done = std::move(done)](result<identity::principal> holder) mutable {
            executor.post(
                [holder = std::move(holder), done = std::move(done)]() mutable { done(std::move(holder)); });
            const lock_guard lock{mutex_}; // the hub may end once it is released
            --redemptions_;
            redeemed_.notify_all();
        });
}

hub_counters hub::counters() const {
    return {.sessions = sessions_,
            .events = log_.end() - 1,
            .deliveries = deliveries_,
            .gaps = gaps_,
            .lost = lost_};
}

void hub::add_session(live_session& session, net::io_executor& executor) {
    const lock_guard lock{sessions_mutex_};
    ++sessions_;
    is_active_ = true;
    auto& group = groups_[&executor];
    if (!group) {
        group = std::make_shared<executor_group>();
        group->executor = &executor;
    }
    group->sessions.push_back(&session);
}

void hub::remove_session(live_session& session, net::io_executor& executor) {
    const lock_guard lock{sessions_mutex_};
    const auto group = groups_.find(&executor);
    std::erase(group->second->sessions, &session);
    if (group->second->sessions.empty())
        groups_.erase(group);
    --sessions_;
}

bool hub::acquire_slot(user_id user) {
    const lock_guard lock{sessions_mutex_};
    const auto used = slots_.find(user);
    if (used_slots_ >= options_.max_sessions ||
        (used != slots_.end() && used->second >= options_.max_sessions_per_user))
        return false;
    ++slots_[user];
    ++used_slots_;
    return true;
}

void hub::release_slot(user_id user) {
    const lock_guard lock{sessions_mutex_};
    --used_slots_;
    if (const auto used = slots_.find(user); used != slots_.end() && --used->second == 0)
        slots_.erase(used);
}

void hub::readings_stored(const events::committed_readings& group) {
    if (!is_active_)
        return;
    std::vector<pending_event> events;
    events.reserve(group->readings().size());
    for (std::size_t i = 0; i < group->upload_count(); ++i)
        append_upload(events, group, i);
    enqueue(events);
}

void hub::append_upload(std::vector<pending_event>& out, const events::committed_readings& group,
                        std::size_t index) {
    const auto upload = group->upload(index);
    const auto first = static_cast<std::size_t>(upload.data() - group->readings().data());
    const std::size_t size_before = out.size();
    std::size_t newest = 0; // of the late readings
    backfill late{.device = upload.front().device_id,
                  .count = 0,
                  .oldest = timestamp::max(),
                  .newest = timestamp::min(),
                  .received_at = upload.front().received_at};
    for (std::size_t i = 0; i < upload.size(); ++i) {
        const reading& item = upload[i];
        if (!events::readings_committed::is_new(item))
            continue;
        if (!item.late) {
            out.emplace_back(stored_reading{group, first + i});
            continue;
        }
        const timestamp at = measured_at(item);
        if (late.count++ == 0 || at > late.newest) {
            newest = i;
            late.newest = at;
            late.received_at = item.received_at;
        }
        late.oldest = std::min(late.oldest, at);
    }
    if (late.count == 0)
        return;
    // Clients show the last reading of each device. A batch of late readings sends the newest for that.
    if (out.size() == size_before)
        out.emplace_back(stored_reading{group, first + newest});
    out.emplace_back(late);
}

void hub::event_recorded(const security_event& event) {
    enqueue(event);
}

void hub::follow(const change& committed) {
    std::visit(overloaded{[this](const device_saved& item) { enqueue(item); },
                          [this](const device_removed& item) { enqueue(item); },
                          [this](const alert_saved& item) { enqueue(item); },
                          [this](const policy_saved& item) {
                              for (const device& affected : item.affected)
                                  enqueue(device_saved{affected});
                          },
                          [this](const session_ended& item) { end_session(item.session); },
                          [](const auto&) {}},
               committed);
}

void hub::end_session(const uuid& session) {
    // The order matters: the second step closes a session that authenticates between the two steps. The first
    // step makes later sessions fail.
    ended_.add(session);
    for (const auto& group : groups())
        group->executor->post([group, session] {
            for (live_session* client : group->sessions)
                client->close_if_of(session);
        });
}

std::size_t hub::size_of(const pending_event& event) noexcept {
    if (const auto* arrived = std::get_if<stored_reading>(&event))
        return sizeof event + arrived->get().payload.size();
    return sizeof event; // the other events have only short texts
}

void hub::enqueue(std::span<pending_event> events) {
    if (!is_active_ || events.empty())
        return;
    bool wake = false;
    {
        const lock_guard lock{mutex_};
        wake = pending_.empty();
        for (pending_event& event : events) {
            const std::size_t bytes = size_of(event);
            if (pending_.size() >= options_.max_pending ||
                bytes > (options_.max_pending_bytes - pending_bytes_) / free_space_divisor) {
                lost_.fetch_add(1, std::memory_order_relaxed);
                continue;
            }
            pending_.push_back(std::move(event));
            pending_bytes_ += bytes;
        }
        wake = wake && !pending_.empty();
    }
    if (wake)
        wake_up_.notify_one();
}

void hub::loop() {
    steady_point last_active = deps_.time.steady_now();
    std::vector<pending_event> events;
    for (;;) {
        {
            unique_lock lock{mutex_};
            wake_up_.wait_for(lock, linger_time,
                              [this]() REQUIRES(mutex_) { return stopping_ || !pending_.empty(); });
            if (stopping_)
                return;
            const auto delay = sessions_ > many_sessions ? options_.busy_delay : options_.collection_delay;
            wake_up_.wait_for(lock, delay, [this]() REQUIRES(mutex_) { return stopping_; });
            events.clear();
            events.swap(pending_);
            pending_bytes_ = 0;
        }
        const steady_point now = deps_.time.steady_now();
        if (sessions_ > 0)
            last_active = now;
        else if (now - last_active >= linger_time)
            is_active_ = false;
        auto batch = to_live_events(events);
        if (batch.empty())
            continue;
        const std::uint64_t lost = lost_;
        log_.append(std::move(batch), lost - std::exchange(lost_before_, lost));
        wake_sessions();
    }
}

std::vector<live_event> hub::to_live_events(const std::vector<pending_event>& events) const {
    std::vector<live_event> out;
    out.reserve(events.size());
    for (const pending_event& event : events)
        if (auto converted = to_live_event(event))
            out.push_back(std::move(*converted));
    return out;
}

/// Nothing if the device was deleted since, or if a simulated reading is of a device that is not simulated.
std::optional<live_event> hub::to_live_event(const pending_event& event) const {
    const auto of_device = [this](const device_id& id, live_kind kind, bool simulated,
                                  auto&& text) -> std::optional<live_event> {
        const auto device = deps_.devices.find(id);
        if (!device || (kind == live_kind::reading && simulated && !device->simulated))
            return std::nullopt;
        return live_event{.kind = kind,
                          .simulated = simulated,
                          .category = device->category,
                          .device = id,
                          .owner = device->owner,
                          .text = text()};
    };
    return std::visit(
        overloaded{
            [&](const stored_reading& stored) {
                const reading& item = stored.get();
                return of_device(item.device_id, live_kind::reading, item.simulated,
                                 [&] { return text_of(item); });
            },
            [&](const backfill& item) {
                return of_device(item.device, live_kind::reading, false, [&] {
                    return to_json(wire::live_backfill{.device_id = item.device,
                                                       .count = static_cast<std::int64_t>(item.count),
                                                       .oldest = item.oldest,
                                                       .newest = item.newest,
                                                       .received_at = item.received_at});
                });
            },
            [&](const device_saved& item) {
                return of_device(item.state.id, live_kind::device, false, [&] {
                    return to_json(
                        wire::to_live(item.state, item.kind,
                                      deps_.policies.expected_interval(item.state.id, item.state.category)));
                });
            },
            [&](const device_removed& item) {
                return std::optional{
                    live_event{.kind = live_kind::device,
                               .is_removal = true,
                               .device = item.id,
                               .owner = item.owner,
                               .text = to_json(wire::live_device_removal{.device_id = item.id})}};
            },
            [&](const alert_saved& item) -> std::optional<live_event> {
                alert shown = item.state;
                const auto text = [&] {
                    return to_json(wire::live_alert{.change = item.kind, .alert = wire::to_dto(shown)});
                };
                if (shown.device)
                    if (auto event_of_device =
                            of_device(*shown.device, live_kind::alert, shown.simulated, text))
                        return event_of_device;
                shown.device_deleted = shown.device.has_value(); // administrators still see the alert
                return live_event{.kind = live_kind::alert, .simulated = shown.simulated, .text = text()};
            },
            [&](const security_event& item) {
                return std::optional{live_event{.kind = live_kind::security_event,
                                                .simulated = item.simulated,
                                                .text = to_json(wire::to_live(item))}};
            }},
        event);
}

std::vector<std::shared_ptr<hub::executor_group>> hub::groups() const {
    const lock_guard lock{sessions_mutex_};
    std::vector<std::shared_ptr<executor_group>> out;
    out.reserve(groups_.size());
    for (const auto& [executor, group] : groups_)
        out.push_back(group);
    return out;
}

void hub::wake_sessions() {
    for (const auto& group : groups())
        if (!group->posted.exchange(true))
            group->executor->post([group] {
                group->posted = false;
                for (live_session* session : group->sessions)
                    session->flush();
            });
}

} // namespace breakwater::live
