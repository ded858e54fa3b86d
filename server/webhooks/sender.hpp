#pragma once

#include "webhooks/dispatcher.hpp"

#include <atomic>
#include <memory>
#include <string>
#include <thread>

namespace breakwater::webhooks {

struct sender_options {
    std::string user_agent;
    local_hosts local{}; ///< WEBHOOK_LOCAL_HOSTS
};

/// Delivers what waits for webhooks, on a thread of its own, from its making to its end. What is under way
/// when it ends is sent again by the next, under the same number.
class sender {
public:
    sender(storage::database& store, const clock& time, random_source& random, const sender_options& chosen);
    ~sender();
    sender(const sender&) = delete;
    sender& operator=(const sender&) = delete;

    /// A message was put in line, and is durable. Any thread may call, also the store's; doesn't block.
    void wake() noexcept { way_->interrupt(); }
    [[nodiscard]] delivery_counters counters() const noexcept { return dispatcher_.counters(); }

private:
    void loop();

    std::unique_ptr<transport> way_;
    dispatcher dispatcher_;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

} // namespace breakwater::webhooks
