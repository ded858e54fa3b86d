#pragma once

#include "base/mutex.hpp"
#include "domain/change.hpp"

#include <vector>

namespace breakwater::storage {

/// Receives each committed change, in the order of the commits. If other processes use the database, it also
/// receives their changes. Such a change has the present state of its object, which may be newer than the
/// change, and is left out if the object is an alert that no longer exists.
class change_follower {
public:
    virtual ~change_follower() = default;
    /// Runs on a thread of the backend, never twice at the same time. A change of this process is delivered
    /// before it is acknowledged, or later if the outcome of its commit was in doubt. All writes wait for it.
    /// Must not block, throw, or subscribe. May call `catalogue::write_async`.
    virtual void follow(const change& committed) = 0;
};

/// Hands committed changes to the followers in this process, in the order of their subscriptions. So a
/// follower finds those registries up to date that subscribed before it. Any thread may subscribe.
class change_feed {
public:
    /// The destructor waits for a delivery in progress, and ends the subscription.
    class subscription {
    public:
        subscription(change_feed& feed, change_follower& follower);
        ~subscription();
        subscription(const subscription&) = delete;
        subscription& operator=(const subscription&) = delete;

    private:
        change_feed& feed_;
        change_follower& follower_;
    };

    /// Called by the backend, in the order of the commits, from one thread at a time.
    void deliver(const change& committed);

private:
    mutex mutex_;
    std::vector<change_follower*> followers_ GUARDED_BY(mutex_);
};

} // namespace breakwater::storage
