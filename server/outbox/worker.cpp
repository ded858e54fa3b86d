#include "outbox/worker.hpp"

#include "base/thread.hpp"

namespace breakwater::outbox {

worker::worker(const dispatcher::dependencies& deps, const std::vector<route>& routes)
    : dispatcher_{deps, routes},
      thread_{start_thread("bw-outbox", [this] { loop(); }, thread_priority::background)} {}

worker::~worker() {
    stopping_ = true;
    dispatcher_.wake();
    thread_.join();
}

void worker::loop() {
    while (!stopping_)
        dispatcher_.wait(dispatcher_.step());
    dispatcher_.record_outcomes();
}

} // namespace breakwater::outbox
