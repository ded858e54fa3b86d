#pragma once

#include "audit/recorder.hpp"
#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "base/random.hpp"
#include "events/event_bus.hpp"
#include "identity/authenticator.hpp"
#include "identity/live_tickets.hpp"
#include "live/ended_sessions.hpp"
#include "live/event_log.hpp"
#include "net/io_executor.hpp"
#include "registry/device_registry.hpp"
#include "registry/policy_registry.hpp"
#include "storage/change_feed.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <variant>
#include <vector>

namespace breakwater::live {

class live_session;

struct hub_options {
    /// Authenticated live sessions. A session that does not authenticate is closed after ten seconds.
    std::size_t max_sessions = 5000;
    std::size_t max_sessions_per_user = 50;   ///< authenticated live sessions
    std::chrono::seconds token_lifetime{930}; ///< of an access token, including the leeway of its check
    std::size_t max_ended = 65'536;           ///< ended sign-in sessions that the hub remembers
    std::size_t max_pending = 50'000;         ///< queued events; further events are lost
    /// Size of the queue in bytes. The queue accepts an event only if it needs at most a sixteenth of the
    /// free bytes. So large events are lost first when the queue fills up.
    std::size_t max_pending_bytes = 16U << 20;
    std::chrono::milliseconds collection_delay{10}; ///< how long an event waits for others to join its batch
    std::chrono::milliseconds busy_delay{40};       ///< replaces `collection_delay` beyond 100 live sessions
    event_log::bounds log{};
};

struct hub_counters {
    std::size_t sessions = 0;     ///< open live sessions, authenticated or not
    std::uint64_t events = 0;     ///< events that were numbered, including lost ones
    std::uint64_t deliveries = 0; ///< each event counts once for each session that received it
    std::uint64_t gaps = 0;       ///< messages that told a session that it missed events
    std::uint64_t lost = 0;       ///< events that did not fit into the queue
};

/// Distributes events to live sessions. A live session is one connection. A sign-in session is the family of
/// a person's refresh tokens, and may have several live sessions. The listener functions only queue events;
/// only the end of a sign-in session takes effect at once. The hub's own thread waits for `collection_delay`
/// after the first queued event. Then it turns all queued events into one `event_batch`, which all live
/// sessions read.
class hub final : public events::event_listener, public storage::change_follower {
public:
    struct dependencies {
        const registry::device_registry& devices;
        const registry::policy_registry& policies;
        const identity::authenticator& authenticator;
        identity::live_tickets& tickets;
        breakwater::audit::recorder& audit;
        const clock& time;
        random_source& random;
    };
    hub(const dependencies& deps, const hub_options& options);
    ~hub() override;
    hub(const hub&) = delete;
    hub& operator=(const hub&) = delete;

    /// Issues a one-time ticket. `unauthenticated` if the sign-in session has ended. `rate_limited` if the
    /// user has too many unused tickets, `overloaded` if all users together have too many. Blocks.
    [[nodiscard]] result<std::string> issue_ticket(const identity::principal& principal);
    /// Stops the delivery of events, and waits for tickets that are being redeemed. Call after the last
    /// connection has closed, while the I/O executors still exist.
    void stop();
    [[nodiscard]] hub_counters counters() const;

    void readings_stored(const events::committed_readings& group) override;
    void event_recorded(const security_event& event) override;
    /// The end of a sign-in session closes its live sessions at once.
    void follow(const change& committed) override;

private:
    friend class live_session;
    struct stored_reading {
        events::committed_readings group;
        std::size_t index = 0; ///< in `group->readings()`

        [[nodiscard]] const reading& get() const { return group->readings()[index]; }
    };
    /// Late readings that a device sent in one batch.
    struct backfill {
        breakwater::device_id device;
        std::size_t count = 0;
        timestamp oldest; ///< the oldest time of measuring (`measured_at`)
        timestamp newest; ///< the newest time of measuring
        timestamp received_at;
    };
    using pending_event =
        std::variant<stored_reading, backfill, security_event, device_saved, device_removed, alert_saved>;
    /// The live sessions of one I/O thread. Only that thread uses `sessions`. `executor` never changes.
    struct executor_group {
        net::io_executor* executor = nullptr;
        std::vector<live_session*> sessions;
        std::atomic<bool> posted{false}; ///< a task that sends events is posted and has not begun
    };

    // For the sessions.
    void add_session(live_session& session, net::io_executor& executor);
    void remove_session(live_session& session, net::io_executor& executor);
    /// Counts an authenticated live session. False if the user or the server has too many already.
    [[nodiscard]] bool acquire_slot(user_id user);
    void release_slot(user_id user);
    [[nodiscard]] const std::string& epoch() const noexcept { return epoch_; }
    /// Consumes the ticket, then calls `done` on the thread of the executor.
    void redeem_ticket(std::string_view ticket, net::io_executor& executor,
                       identity::live_tickets::completion done);

    /// Appends the events of one upload.
    static void append_upload(std::vector<pending_event>& out, const events::committed_readings& group,
                              std::size_t index);
    [[nodiscard]] static std::size_t size_of(const pending_event& event) noexcept;
    void enqueue(pending_event event) { enqueue(std::span{&event, 1}); }
    /// Moves from `events`.
    void enqueue(std::span<pending_event> events);
    void end_session(const uuid& session);
    void loop();
    [[nodiscard]] std::vector<live_event> to_live_events(const std::vector<pending_event>& events) const;
    [[nodiscard]] std::optional<live_event> to_live_event(const pending_event& event) const;
    void wake_sessions();
    [[nodiscard]] std::vector<std::shared_ptr<executor_group>> groups() const;

    const dependencies deps_;
    const hub_options options_;
    const std::string epoch_; ///< identifies this run of the server; the cursors of other runs are invalid
    ended_sessions ended_;
    event_log log_;

    std::atomic<std::size_t> sessions_{0};
    std::atomic<std::uint64_t> deliveries_{0};
    std::atomic<std::uint64_t> gaps_{0};
    std::atomic<std::uint64_t> lost_{0};
    std::uint64_t lost_before_ = 0; ///< `lost_` at the last batch; used by the hub's thread only
    /// Whether a live session is open, or was open within about the last minute and may resume. If not, the
    /// hub queues no events.
    std::atomic<bool> is_active_{false};

    mutable mutex mutex_;
    condition_variable wake_up_;
    std::vector<pending_event> pending_ GUARDED_BY(mutex_);
    std::size_t pending_bytes_ GUARDED_BY(mutex_) = 0;
    bool stopping_ GUARDED_BY(mutex_) = false;
    condition_variable redeemed_;
    std::size_t redemptions_ GUARDED_BY(mutex_) = 0; ///< tickets that are being redeemed
    mutable mutex sessions_mutex_;
    std::unordered_map<net::io_executor*, std::shared_ptr<executor_group>>
        groups_ GUARDED_BY(sessions_mutex_);
    std::unordered_map<user_id, std::size_t>
        slots_ GUARDED_BY(sessions_mutex_);                  ///< authenticated live sessions of each user
    std::size_t used_slots_ GUARDED_BY(sessions_mutex_) = 0; ///< of all users
    std::thread thread_;
};

} // namespace breakwater::live
