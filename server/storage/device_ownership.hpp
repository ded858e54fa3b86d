#pragma once

#include "base/ids.hpp"
#include "base/mutex.hpp"
#include "base/result.hpp"

#include <functional>
#include <span>
#include <vector>

namespace breakwater::storage {

class transaction;

/// Keeps something in memory about the devices that this process owns. The calls come from threads of the
/// backend, and must not block, except for the I/O of their transaction.
class ownership_follower {
public:
    virtual ~ownership_follower() = default;

    /// This process becomes the owner of the devices with this unit of work. Load what the former owner has
    /// stored about them; its readings are all there. The unit may fail, or run again.
    virtual result<void> take_over(transaction& tx, std::span<const device_id> devices) = 0;
    /// Another process asks for the devices. This one has stored its last reading of them. Finish the work on
    /// these readings, then call `done`, once, on any thread.
    virtual void finish(std::span<const device_id> /*devices*/, std::move_only_function<void()> done) {
        done();
    }
    /// The devices leave this process with this unit of work. Store what the next owner needs to know, and
    /// forget them after the commit.
    virtual result<void> hand_over(transaction& /*tx*/, std::span<const device_id> /*devices*/) { return {}; }
};

/// Calls the followers in this process, in the order of their subscriptions. Any thread may subscribe.
class ownership_feed {
public:
    /// The destructor waits for a call in progress, and ends the subscription.
    class subscription {
    public:
        subscription(ownership_feed& feed, ownership_follower& follower);
        ~subscription();
        subscription(const subscription&) = delete;
        subscription& operator=(const subscription&) = delete;

    private:
        ownership_feed& feed_;
        ownership_follower& follower_;
    };

    // For the backend. `finish` calls `done` after all followers have finished.
    result<void> take_over(transaction& tx, std::span<const device_id> devices);
    void finish(std::span<const device_id> devices, std::move_only_function<void()> done);
    result<void> hand_over(transaction& tx, std::span<const device_id> devices);

private:
    mutex mutex_;
    std::vector<ownership_follower*> followers_ GUARDED_BY(mutex_);
};

/// Which devices this process owns. If several processes use one database, only the owner of a device stores,
/// compacts and expires its readings, enforces its limits and evaluates its rules (decision 0042). The
/// defaults are for a database that serves one process.
class device_ownership {
public:
    using acquire_handler = std::move_only_function<void(result<void>)>;

    virtual ~device_ownership() = default;

    /// False also for a device that no process owns. Doesn't block; any thread may call.
    [[nodiscard]] virtual bool owns(const device_id& /*device*/) const { return true; }
    /// Makes this process the owner, if it isn't. `done` is called once, either at once on the caller's
    /// thread, or later on a thread of the backend: it must not block. Errors:
    /// - `not_found`: the device doesn't exist;
    /// - `overloaded`: the present owner did not give it up in time, or too many devices are asked for;
    /// - those of the storage.
    ///
    /// After any error the process may still become the owner. Any thread may call.
    virtual void acquire(const device_id& /*device*/, acquire_handler done) { done({}); }

    /// Followers subscribe here, before they ask what this process owns.
    [[nodiscard]] ownership_feed& ownership_changes() noexcept { return changes_; }

private:
    ownership_feed changes_;
};

} // namespace breakwater::storage
