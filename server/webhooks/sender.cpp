#include "webhooks/sender.hpp"

#include "base/thread.hpp"
#include "webhooks/curl_transport.hpp"

#include <utility>

namespace breakwater::webhooks {

sender::sender(storage::database& store, const clock& time, random_source& random,
               const sender_options& chosen)
    : way_{std::make_unique<curl_transport>(curl_transport::options{.local = chosen.local})},
      dispatcher_{{store, *way_, time, random}, chosen.user_agent},
      thread_{start_thread("bw-webhooks", [this] { loop(); }, thread_priority::background)} {}

sender::~sender() {
    stopping_ = true;
    way_->interrupt();
    thread_.join();
}

void sender::loop() {
    std::vector<attempt_outcome> over;
    while (!stopping_)
        over = way_->wait(dispatcher_.step(std::move(over)));
    dispatcher_.settle(std::move(over));
}

} // namespace breakwater::webhooks
