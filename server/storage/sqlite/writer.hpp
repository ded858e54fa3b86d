#pragma once

#include "storage/database.hpp"
#include "storage/sqlite/checkpointer.hpp"
#include "storage/sqlite/stores.hpp"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace breakwater::storage::sqlite {

/// The one thread that changes the file. It takes all units of work that wait in the lane `ahead` (up to
/// `max_group`) into one transaction and syncs once for all of them; after each such group, and where there
/// is none, a unit of the lane `behind` has a transaction of its own. So whoever is ahead never waits for
/// more than one that is behind, and that one always goes on. What happens when the disk fails, and why:
/// docs/decisions/0002-durability.md.
class writer {
public:
    struct settings {
        sqlite::connection::settings file;
        std::size_t max_queued = 8192;
        std::size_t max_group = 512;
        std::function<void(const security_event&)> on_recorded{}; ///< as `options::on_recorded`
    };

    /// What the backend itself does in the writer's transaction.
    using own_work = std::move_only_function<result<void>(connection&, writer_memory&)>;

    /// `db` is open, migrated, and this object's alone from now on; `memory` fits its content.
    writer(settings chosen, std::unique_ptr<connection> db, writer_memory memory, shared_state& shared);
    /// Finishes everything that was submitted, and moves the log into the database.
    ~writer();
    writer(const writer&) = delete;
    writer& operator=(const writer&) = delete;

    /// Who goes first: what somebody waits for, or what can wait.
    enum class lane : std::uint8_t { ahead, behind };

    /// As `database::write_async` and `write_behind_async`.
    void submit(database::unit_of_work work, database::completion done, lane where);
    /// As `database::write` and `write_behind`.
    result<void> run(database::unit_of_work work, lane where = lane::ahead);
    /// Behind.
    result<void> run(own_work work);
    /// Called on the writer's thread when a device is due to be folded, until it is replaced; must not block,
    /// nor call the writer.
    void on_due(std::function<void()> told);
    [[nodiscard]] std::size_t depth() const;
    [[nodiscard]] bool on_this_thread() const noexcept {
        return std::this_thread::get_id() == thread_.get_id();
    }
    /// The disk failed, and has not proven since that it keeps what it is told to.
    [[nodiscard]] bool suspect() const noexcept { return suspect_.load(std::memory_order_relaxed); }

private:
    struct unit {
        database::unit_of_work work;
        database::completion done;
        result<void> outcome{};
    };
    using actions = std::vector<std::move_only_function<void()>>;
    class open_transaction;

    void loop();
    void publish();
    bool take_group(std::vector<unit>& group);
    void run_group(std::vector<unit>& group);
    result<void> commit_group(std::vector<unit>& group, actions& after);
    result<void> run_unit(unit& next, open_transaction& within, bool alone);
    error abandon(error cause);
    result<void> recover();
    void checkpoint_when_due();

    const settings settings_;
    std::unique_ptr<connection> db_;
    writer_memory memory_;
    shared_state& shared_;
    int last_frames_ = 0;
    int checkpoint_at_;
    std::optional<checkpointer> checkpointer_; ///< until the last commit
    bool failing_ = false;                     ///< for the log: said once, not per group

    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<unit> ahead_;
    std::deque<unit> behind_;
    bool behind_is_next_ = false; ///< a group of the others has had its turn
    bool idle_ = false;
    bool stopping_ = false;
    std::function<void()> due_;
    std::atomic<bool> suspect_{false};
    std::thread thread_; ///< last: starts when all else is there
};

} // namespace breakwater::storage::sqlite
