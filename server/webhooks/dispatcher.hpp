#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "storage/database.hpp"
#include "webhooks/rate_limit.hpp"
#include "webhooks/transport.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace breakwater::webhooks {

struct delivery_counters {
    std::uint64_t delivered = 0;
    std::uint64_t failed = 0; ///< attempts
    std::uint64_t dead = 0;   ///< messages
    std::int64_t pending = 0; ///< as it was when last looked at
};

/// Decides which messages are sent when, and puts down what came of it: at most `max_under_way` at once, one
/// of a webhook, so many a minute, again after a while where it was in vain. A receiver that says when it
/// wants to be asked again (Retry-After, RFC 9110 section 10.2.3) gets nothing before, for
/// `longest_retry_after` at most; one that says it is gone (410, section 15.5.11) gets nothing any more: its
/// webhook is disabled, on record. One thread, but for `counters`.
class dispatcher {
public:
    static constexpr std::size_t max_under_way = 8;

    struct parts {
        storage::database& store;
        transport& way;
        const clock& time;
        random_source& random;
    };
    dispatcher(const parts& with, std::string user_agent) : with_{with}, user_agent_{std::move(user_agent)} {}

    /// Puts down how attempts went and starts what is due. For how long there is nothing more to do, unless
    /// an attempt ends or a message is put in line. Blocks for the store.
    std::chrono::milliseconds step(std::vector<attempt_outcome> over);
    /// The first half of it alone: nothing is started.
    void settle(std::vector<attempt_outcome> over);

    [[nodiscard]] delivery_counters counters() const noexcept;

private:
    struct job {
        webhook_id webhook = 0;
        std::int64_t attempts = 0; ///< before this one
        std::string url{};
    };
    /// A webhook's receiver wants nothing before that.
    struct quiet {
        steady_point until{};
        std::string url{}; ///< whose wish it is: another address has its own
    };
    struct settlement {
        attempt_outcome outcome;
        job of;
        timestamp at{};
        std::optional<timestamp> next{}; ///< of one that failed
        bool given_up = false;           ///< set while it is written
    };

    [[nodiscard]] result<void> write(storage::transaction& tx, settlement& each) const;
    [[nodiscard]] static result<std::optional<webhook>> left_by(storage::transaction& tx,
                                                                const settlement& each);
    [[nodiscard]] static result<void> disable(storage::transaction& tx, webhook changed, timestamp now);
    [[nodiscard]] std::chrono::milliseconds quiet_for(const storage::outgoing_delivery& what,
                                                      steady_point now) const;
    void count(const settlement& each);
    [[nodiscard]] bool is_busy(webhook_id id) const;
    void start(storage::outgoing_delivery& what);
    std::chrono::milliseconds start_due();

    parts with_;
    std::string user_agent_;
    rate_limit rate_;
    std::unordered_map<delivery_id, job> under_way_; ///< until it is put down how they went
    std::unordered_map<webhook_id, quiet> quiet_;    ///< forgotten when it is over
    std::vector<settlement> unwritten_;
    steady_point write_again_at_{};
    bool write_failed_ = false;
    bool read_failed_ = false;
    std::atomic<std::uint64_t> delivered_{0};
    std::atomic<std::uint64_t> failed_{0};
    std::atomic<std::uint64_t> dead_{0};
    std::atomic<std::int64_t> pending_{0};
};

} // namespace breakwater::webhooks
