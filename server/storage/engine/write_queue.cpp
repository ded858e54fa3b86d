#include "storage/engine/write_queue.hpp"

#include "base/log.hpp"
#include "base/thread.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <semaphore>
#include <utility>

namespace breakwater::storage::engine {

namespace {

template <class Call>
void guarded(std::string_view message, Call&& call) noexcept {
    try {
        call();
    } catch (const std::exception& exception) {
        log::write(log::level::error, message, {{"what", exception.what()}});
    }
}

} // namespace

void run_actions(actions& after) noexcept {
    for (action& next : after)
        guarded("an action after a commit threw", next.call);
}

void complete(std::vector<queued_unit>& group) noexcept {
    for (queued_unit& finished : group)
        guarded("a completion of a write threw", [&] { finished.done(std::move(finished.outcome)); });
}

write_queue::write_queue(std::size_t max_queued, std::size_t max_group, group_runner run_group)
    : max_queued_{max_queued},
      max_group_{max_group},
      run_group_{std::move(run_group)},
      thread_{start_thread("db writer", [this] { loop(); })} {}

write_queue::~write_queue() {
    {
        const lock_guard lock{mutex_};
        stopping_ = true;
    }
    arrived_.notify_one();
    thread_.join();
}

void write_queue::submit(catalogue::unit_of_work work, catalogue::completion done, priority level) {
    bool accepted = false;
    bool wake = false;
    {
        const lock_guard lock{mutex_};
        std::deque<queued_unit>& queue = level == priority::ahead ? ahead_ : behind_;
        accepted = !stopping_ && queue.size() < max_queued_;
        if (accepted) {
            queue.push_back(queued_unit{std::move(work), std::move(done)});
            wake = std::exchange(idle_, false);
        }
    }
    if (wake)
        arrived_.notify_one();
    if (!accepted)                             // then `done` has not been moved from
        done(fail_with_retry(errc::overloaded, // NOLINT(bugprone-use-after-move)
                             "The server's write queue is full. Try again later.", std::chrono::seconds{1}));
}

result<void> write_queue::run(catalogue::unit_of_work work, priority level) {
    if (std::this_thread::get_id() == thread_.get_id())
        return fail(errc::internal, "A unit of work can't wait for another write.");
    result<void> outcome;
    std::binary_semaphore finished{0};
    submit(
        std::move(work),
        [&](result<void> unit_outcome) {
            outcome = std::move(unit_outcome);
            finished.release();
        },
        level);
    finished.acquire();
    return outcome;
}

std::size_t write_queue::depth() const {
    const lock_guard lock{mutex_};
    return ahead_.size() + behind_.size();
}

void write_queue::loop() {
    std::vector<queued_unit> group;
    while (take_group(group)) {
        run_group_(group);
        group.clear();
    }
}

bool write_queue::take_group(std::vector<queued_unit>& group) {
    unique_lock lock{mutex_};
    while (ahead_.empty() && behind_.empty()) {
        if (stopping_)
            return false;
        idle_ = true;
        arrived_.wait(lock);
    }
    idle_ = false;
    const bool behind = ahead_.empty() || (behind_is_next_ && !behind_.empty());
    behind_is_next_ = !behind;
    std::deque<queued_unit>& queue = behind ? behind_ : ahead_;
    const std::size_t count = behind ? 1 : std::min(queue.size(), max_group_);
    const auto end = queue.begin() + static_cast<std::ptrdiff_t>(count);
    group.assign(std::make_move_iterator(queue.begin()), std::make_move_iterator(end));
    queue.erase(queue.begin(), end);
    return true;
}

} // namespace breakwater::storage::engine
