#pragma once

#include "base/mutex.hpp"
#include "webhooks/transport.hpp"
#include "webhooks/webhook_destination.hpp"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace breakwater::webhooks {

struct sender_options {
    std::string user_agent;
    local_hosts local{}; ///< the setting WEBHOOK_LOCAL_HOSTS
};

/// Sends webhook messages over HTTP on its own thread, from construction to destruction. The destructor
/// cancels the running attempts, which then have no outcome. Destroy the outbox's worker first.
class sender {
public:
    sender(storage::catalogue& store, const clock& time, const sender_options& options);
    ~sender();
    sender(const sender&) = delete;
    sender& operator=(const sender&) = delete;

    [[nodiscard]] outbox::destination& destination() noexcept { return destination_; }

private:
    struct started_attempt {
        attempt delivery;
        attempt_completion done;
    };

    void start(attempt delivery, attempt_completion done);
    void loop();

    std::unique_ptr<transport> transport_;
    mutex mutex_;
    std::vector<started_attempt> added_ GUARDED_BY(mutex_); ///< not yet with the transport
    webhook_destination destination_;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

} // namespace breakwater::webhooks
