#pragma once

#include "base/mutex.hpp"
#include "storage/change_feed.hpp"
#include "storage/device_ownership.hpp"
#include "storage/postgres/connection.hpp"
#include "storage/postgres/lane_follower.hpp"
#include "storage/postgres/writer.hpp"

#include <boost/unordered/unordered_flat_set.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace breakwater::storage::postgres {

/// The devices that this node owns, and how they come and go (docs/decisions/0042-nodes.md):
///
/// - A node that needs a device takes it, if its owner is not among the nodes. Otherwise it writes that it
///   wants the device, and notifies the owner.
/// - The owner stores no more readings of the device, lets its followers finish, and gives the device to the
///   node that wants it, in one transaction with what the followers save. Then it notifies that node.
/// - The new owner takes ids from a new run, reads what it lacks in its index, and lets its followers load
///   the device, all in one transaction.
///
/// A thread of its own waits for the notifications, and looks twice a second for what it was not notified of.
class ownership final : public change_follower {
public:
    struct settings {
        connection::settings server;
        std::chrono::milliseconds interval{500};  ///< between two looks without a notification
        std::chrono::milliseconds max_wait{2000}; ///< as `options::max_handover`
        std::size_t max_wanted = 100'000;         ///< devices that this node asks for at a time
    };

    /// `on_due` is called when a device that was taken over is due for compaction.
    ownership(settings options, writer& writer, shared_state& shared, lane_follower& lanes,
              ownership_feed& followers, change_feed& changes, std::function<void()> on_due);
    ~ownership() override { stop(); }
    ownership(const ownership&) = delete;
    ownership& operator=(const ownership&) = delete;

    /// Takes the devices without any owner, loads those that former processes of this lane had, and starts
    /// the thread. REQUIRES: the writer has started.
    result<void> start();
    /// Ends the thread. Those who wait for a device get an error. REQUIRES: the writer has not left.
    void stop();

    /// As in `device_ownership`.
    [[nodiscard]] bool owns(const device_id& device) const;
    void acquire(const device_id& device, device_ownership::acquire_handler done);
    /// Takes some devices of a lane without a node. Returns how many. Blocks.
    result<std::size_t> adopt_from(std::int64_t lane);
    /// Forgets deleted devices.
    void follow(const change& committed) override;

private:
    using steady_clock = std::chrono::steady_clock;
    struct waiter {
        steady_clock::time_point deadline;
        device_ownership::acquire_handler done;
    };
    /// What became of the devices that a unit of work asked for.
    struct claim_outcome {
        std::vector<device_id> gained;
        std::vector<device_id> missing; ///< they don't exist
    };
    /// Devices that this node gives up.
    struct departure {
        std::vector<device_key> keys;
        std::vector<device_id> ids;
    };

    enum class answer : std::uint8_t {
        owned,
        refused,
        later,
        later_by_claim, ///< the caller must submit a claim
    };

    void loop();
    result<void> look();
    answer want(const device_id& device, device_ownership::acquire_handler& done);
    void submit_claim();
    result<void> claim(writer::access& open, const std::vector<device_id>& devices, claim_outcome& outcome);
    result<void> ask_owners(writer::access& open, std::span<const device_key> devices);
    /// Makes this node work for the devices when the transaction commits, in which it became their owner.
    result<void> gain(writer::access& open, const std::vector<device_key>& keys,
                      const std::vector<device_id>& ids);
    void complete_claim(const claim_outcome& outcome, const result<void>& done);
    /// Claims again what this node still wants.
    void claim_again();
    /// Answers those who waited too long.
    void refuse_late();
    /// Begins to give up the devices that other nodes want.
    result<void> depart();
    result<void> close(const departure& leaving);
    void hand_over(std::shared_ptr<const departure> leaving);
    result<void> hand_over(writer::access& open, const departure& leaving);

    const settings settings_;
    writer& writer_;
    shared_state& shared_;
    lane_follower& lanes_;
    ownership_feed& followers_;
    const std::function<void()> on_due_;
    std::unique_ptr<connection> db_; ///< of the thread

    mutable mutex mutex_;
    boost::unordered_flat_set<device_id, std::hash<device_id>> owned_ GUARDED_BY(mutex_);
    /// Devices that this node asks for, until it owns them, and who waits for them.
    std::unordered_map<device_id, std::vector<waiter>> wanted_ GUARDED_BY(mutex_);
    std::vector<device_id> unclaimed_ GUARDED_BY(mutex_); ///< of `wanted_`: for the next unit of work
    bool claiming_ GUARDED_BY(mutex_) = false;            ///< a unit of work claims devices
    std::unordered_set<device_id> departing_ GUARDED_BY(mutex_);
    /// Departures whose last unit of work failed.
    std::vector<std::shared_ptr<const departure>> unfinished_ GUARDED_BY(mutex_);

    std::atomic<bool> stopping_{false};
    bool failing_ = false; ///< so that a failure is logged once
    const change_feed::subscription follows_;
    std::thread thread_; ///< last: the thread uses all other members
};

} // namespace breakwater::storage::postgres
