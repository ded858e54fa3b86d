#pragma once

#include "base/mutex.hpp"
#include "storage/catalogue.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

namespace breakwater::storage::engine {

/// `ahead`: a client waits for the result. `behind`: the work can wait.
enum class priority : std::uint8_t { ahead, behind };

/// A unit of work that waits for its transaction.
struct queued_unit {
    catalogue::unit_of_work work;
    catalogue::completion done;
    result<void> outcome{};
};

/// Something that runs after a commit.
struct action {
    std::move_only_function<void()> call;
    /// The caller of the unit of work gave it. It may use what the caller owns, so it must not run after the
    /// completion of the unit.
    bool is_of_caller = true;
};
using actions = std::vector<action>;

/// The failure of every write to a database that is open in read-only mode.
[[nodiscard]] inline std::unexpected<error> refuse_read_only() {
    return fail(errc::bad_state, "The database is open in read-only mode.");
}

/// Runs the actions. Logs an exception and goes on.
void run_actions(actions& after) noexcept;
/// Calls the completion of each unit with its outcome. Logs an exception and goes on.
void complete(std::vector<queued_unit>& group) noexcept;

/// Orders the units of work for the one thread of a backend that writes. Takes all waiting units of priority
/// `ahead` (up to `max_group`) as one group. After each such group, or when there is none, takes one unit of
/// priority `behind`. So a unit ahead never waits for more than one unit behind, and units behind always make
/// progress (decision 0026). Any thread may call.
class write_queue {
public:
    /// Commits the units and calls their completions. Runs on the queue's thread, once for each group.
    using group_runner = std::function<void(std::vector<queued_unit>& group)>;

    /// Starts the thread. `max_queued`: for each priority.
    write_queue(std::size_t max_queued, std::size_t max_group, group_runner run_group);
    /// Runs all submitted units of work.
    ~write_queue();
    write_queue(const write_queue&) = delete;
    write_queue& operator=(const write_queue&) = delete;

    /// As `catalogue::write_async` and `write_behind_async`.
    void submit(catalogue::unit_of_work work, catalogue::completion done, priority level);
    /// As `catalogue::write` and `write_behind`.
    result<void> run(catalogue::unit_of_work work, priority level);
    /// The number of units that wait.
    [[nodiscard]] std::size_t depth() const;

private:
    void loop();
    bool take_group(std::vector<queued_unit>& group);

    const std::size_t max_queued_;
    const std::size_t max_group_;
    const group_runner run_group_;

    mutable mutex mutex_;
    condition_variable arrived_;
    std::deque<queued_unit> ahead_ GUARDED_BY(mutex_);
    std::deque<queued_unit> behind_ GUARDED_BY(mutex_);
    bool behind_is_next_ GUARDED_BY(mutex_) = false; ///< the last group was one of units ahead
    bool idle_ GUARDED_BY(mutex_) = false;
    bool stopping_ GUARDED_BY(mutex_) = false;
    std::thread thread_; ///< last: the thread uses all other members
};

} // namespace breakwater::storage::engine
