#pragma once

#include "outbox/dispatcher.hpp"
#include "storage/change_feed.hpp"

#include <atomic>
#include <thread>
#include <variant>
#include <vector>

namespace breakwater::outbox {

/// Dispatches pending messages on its own thread, from construction to destruction. Attempts that have no
/// outcome by then are repeated after the next start, with the same message id.
class worker final : public storage::change_follower {
public:
    worker(const dispatcher::dependencies& deps, const std::vector<route>& routes);
    ~worker() override;
    worker(const worker&) = delete;
    worker& operator=(const worker&) = delete;

    /// Wakes the thread when a message was queued.
    void follow(const change& committed) override {
        if (std::holds_alternative<message_queued>(committed))
            dispatcher_.wake();
    }
    [[nodiscard]] delivery_counters counters(destination_kind kind) const {
        return dispatcher_.counters(kind);
    }

private:
    void loop();

    dispatcher dispatcher_;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

} // namespace breakwater::outbox
