#pragma once

#include "base/clock.hpp"
#include "base/io_lane.hpp"
#include "base/random.hpp"
#include "events/event_bus.hpp"
#include "http/access.hpp"
#include "http/message.hpp"
#include "http/websocket.hpp"
#include "live/ended_sessions.hpp"
#include "live/event_log.hpp"
#include "live/tickets.hpp"
#include "storage/audit_recorder.hpp"
#include "storage/device_registry.hpp"
#include "storage/policy_registry.hpp"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <variant>
#include <vector>

namespace breakwater::live {

class live_session;

struct hub_options {
    std::size_t max_sessions = 5000; ///< that have said who they are; the others have seconds to do so
    std::size_t max_sessions_of_one = 50;
    std::chrono::seconds token_lifetime{930}; ///< of an access token, with the leeway its check allows
    std::size_t max_ended = 65'536;           ///< sign-ins that ended and are remembered
    std::size_t max_pending = 50'000; ///< events that wait for the hub's thread; past it they are lost
    /// Of their payloads and texts. An event is taken while it is at most a sixteenth of what is free: where
    /// it gets tight, the large ones are lost first.
    std::size_t max_pending_bytes = 16U << 20;
    std::chrono::milliseconds gather{10};      ///< how long events wait for others to be sent with them
    std::chrono::milliseconds gather_many{40}; ///< the same with more than a hundred sessions
    event_log::bounds log{};
};

struct hub_counters {
    std::size_t sessions = 0;
    std::uint64_t events = 0;
    std::uint64_t deliveries = 0; ///< of events to sessions
    std::uint64_t gaps = 0;       ///< told to sessions that were too slow
    std::uint64_t lost = 0;       ///< events that came faster than they could be told
};

/// Where what happens meets those who watch: notes it down while it happens, and has its own thread make one
/// batch of it, some times a second, that all sessions read.
class hub final : public events::event_listener {
public:
    struct parts {
        const storage::device_registry& devices;
        const storage::policy_registry& policies;
        storage::audit_recorder& denials;
        const clock& time;
        random_source& random;
        /// An alert as the API shows it: a JSON object.
        std::function<std::string(const alert&)> alert_json = [](const alert&) { return std::string{"{}"}; };
    };
    hub(const parts& with, const hub_options& chosen);
    ~hub() override;
    hub(const hub&) = delete;
    hub& operator=(const hub&) = delete;

    using authenticator = std::function<result<http::principal>(std::string_view token)>;
    /// Makes whom a genuine token was issued to the actor of the refusal, however old it is.
    using attribution = std::function<void(security_event& refusal, std::string_view token)>;
    /// Who decides who somebody is: of an access token, and whether what it said still holds. Before the
    /// first connection.
    void use(const http::access_policy& access, authenticator authenticate, attribution attribute);

    /// A listener for a connection that asks to be live. I/O threads.
    [[nodiscard]] std::unique_ptr<http::websocket_listener> open(const http::request& asked);
    /// `unauthenticated` where the sign-in has ended, `rate_limited`, `overloaded`.
    [[nodiscard]] result<std::string> issue_ticket(const http::principal& to);
    /// Nothing is told from now on. After the last connection ended, and while the I/O lanes still are.
    void stop();
    [[nodiscard]] hub_counters counters() const;

    void stored(std::span<const reading> arrived) override;
    void batch_stored(const events::stored_batch& arrived) override;
    void recorded(const security_event& event) override;
    void changed(const device& what, events::device_change how) override;
    void removed(const device_id& gone, user_id owner) override;
    void alerted(const alert& what, alert_change how) override;
    void session_ended(const uuid& session) override;

private:
    friend class live_session;
    struct change {
        device what;
        events::device_change how;
    };
    struct removal {
        device_id gone;
        user_id owner;
    };
    struct alarm {
        alert what;
        alert_change how;
    };
    using happening = std::variant<reading, events::backfill, security_event, change, removal, alarm>;
    /// The sessions of one I/O thread, touched by that alone but for `posted`.
    struct lane_group {
        io_lane* lane = nullptr;
        std::vector<live_session*> sessions;
        std::atomic<bool> posted{false};
    };

    // For the sessions.
    void enter(live_session& added, io_lane& lane);
    void leave(live_session& gone, io_lane& lane);
    /// False where there are too many already, of this person or of all.
    [[nodiscard]] bool take_place(user_id user);
    void give_place(user_id user);
    [[nodiscard]] const std::string& epoch() const noexcept { return epoch_; }

    [[nodiscard]] static std::size_t size_of(const happening& what) noexcept;
    void note(happening what);
    void loop();
    [[nodiscard]] std::vector<live_event> describe(const std::vector<happening>& what) const;
    [[nodiscard]] std::optional<live_event> describe(const happening& what) const;
    void wake_sessions();
    [[nodiscard]] std::vector<std::shared_ptr<lane_group>> groups() const;

    const parts with_;
    const hub_options options_;
    const std::string epoch_; ///< of this run: numbers of another one mean nothing
    const http::access_policy* access_ = nullptr;
    authenticator authenticate_;
    attribution attribute_;
    tickets tickets_;
    ended_sessions ended_;
    event_log log_;

    std::atomic<std::size_t> sessions_{0};
    std::atomic<std::uint64_t> deliveries_{0};
    std::atomic<std::uint64_t> gaps_{0};
    std::atomic<std::uint64_t> lost_{0};
    std::uint64_t lost_before_ = 0;      ///< the last batch; the hub's thread's own
    std::atomic<bool> listening_{false}; ///< somebody is there, or was lately and may come back

    mutable std::mutex mutex_;
    std::condition_variable happened_;
    std::vector<happening> pending_;
    std::size_t pending_bytes_ = 0;
    bool stopping_ = false;
    mutable std::mutex sessions_mutex_;
    std::unordered_map<io_lane*, std::shared_ptr<lane_group>> groups_;
    std::unordered_map<user_id, std::size_t> places_;
    std::size_t taken_places_ = 0;
    std::thread thread_;
};

} // namespace breakwater::live
