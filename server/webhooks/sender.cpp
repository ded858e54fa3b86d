#include "webhooks/sender.hpp"

#include "base/thread.hpp"
#include "webhooks/curl_transport.hpp"

#include <utility>

namespace breakwater::webhooks {

namespace {

/// `interrupt` ends the wait earlier.
constexpr std::chrono::minutes max_wait{1};

} // namespace

sender::sender(storage::catalogue& store, const clock& time, const sender_options& options)
    : transport_{std::make_unique<curl_transport>(curl_transport::options{.local = options.local})},
      destination_{
          {.store = store,
           .time = time,
           .start = [this](attempt delivery,
                           attempt_completion done) { start(std::move(delivery), std::move(done)); }},
          options.user_agent},
      thread_{start_thread("bw-webhooks", [this] { loop(); }, thread_priority::background)} {}

sender::~sender() {
    stopping_ = true;
    transport_->interrupt();
    thread_.join();
}

void sender::start(attempt delivery, attempt_completion done) {
    {
        const lock_guard lock{mutex_};
        added_.push_back({.delivery = std::move(delivery), .done = std::move(done)});
    }
    transport_->interrupt();
}

void sender::loop() {
    std::unordered_map<message_id, attempt_completion> running;
    while (!stopping_) {
        std::vector<started_attempt> added;
        {
            const lock_guard lock{mutex_};
            added = std::exchange(added_, {});
        }
        for (started_attempt& started : added) {
            running.emplace(started.delivery.id, std::move(started.done));
            transport_->start(std::move(started.delivery));
        }
        for (attempt_outcome& outcome : transport_->wait(max_wait)) {
            auto finished = running.extract(outcome.id);
            finished.mapped()(std::move(outcome));
        }
    }
}

} // namespace breakwater::webhooks
