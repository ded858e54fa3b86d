#pragma once

#include "base/mutex.hpp"
#include "domain/change.hpp"

#include <vector>

namespace breakwater::storage {

/// Receives each committed change.
class change_follower {
public:
    virtual ~change_follower() = default;
    /// Runs on a thread of the backend, never twice at the same time. All writes of this process wait for it.
    /// Must not block, throw, or subscribe. May call `catalogue::write_async`.
    ///
    /// Changes of this process arrive in the order of their commits, before they are acknowledged. One
    /// exception: if the outcome of a commit becomes known only after its units have failed
    /// (`catalogue`, Failures), its changes arrive after that.
    ///
    /// Changes of other processes arrive in the order of their commits too, but later: others may have
    /// acknowledged them before. Each has the state that its object has when it arrives, which may be newer
    /// than the change. If an account or device no longer exists, its removal arrives instead. If an alert no
    /// longer exists, nothing arrives.
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

    /// Called by the backend, from one thread at a time, in the order that `change_follower::follow`
    /// describes.
    void deliver(const change& committed);

private:
    mutex mutex_;
    std::vector<change_follower*> followers_ GUARDED_BY(mutex_);
};

} // namespace breakwater::storage
