#pragma once

#include "storage/sqlite/fold.hpp"
#include "storage/sqlite/stores.hpp"
#include "storage/sqlite/writer.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace breakwater::storage::sqlite {

/// Moves hot readings into blocks, sweeps away what was moved, and gives the room back. It works out what is
/// to be written on a thread and a connection of its own; the writer is asked for small units of work only.
class compactor {
public:
    /// From so many hot readings on, devices that were quiet for long are folded too, with what they have: a
    /// bound on the table, and on the memory and the start-up time that it costs.
    static constexpr reading_id most_hot = 500'000;

    /// What has been hot for so long is folded whenever somebody looks, however little it is: retention sees
    /// only what is in blocks.
    static constexpr std::chrono::hours longest_hot{24};

    /// With `by_itself` it works whenever it is told of something (`wake`); else only when it is called.
    compactor(connection::settings how, writer& to, shared_state& shared, bool by_itself);
    /// Stops after the unit of work under way. REQUIRES: the writer still works.
    ~compactor();
    compactor(const compactor&) = delete;
    compactor& operator=(const compactor&) = delete;

    /// A device is due. Any thread may call; doesn't block.
    void wake();
    /// Works until nothing is due, `everything`: until nothing is hot. How many readings were moved. Blocks;
    /// one call at a time works, others wait.
    result<std::size_t> run(bool everything);

private:
    void loop();
    result<std::size_t> work(bool everything);
    [[nodiscard]] bool stopping() const;
    [[nodiscard]] std::vector<device_key> next_devices(bool everything);
    result<std::size_t> fold(const std::vector<device_key>& devices);
    result<std::vector<fold_plan>> plan(const std::vector<device_key>& devices);
    result<void> sweep(bool everything);
    result<void> give_back_room();
    const connection::settings how_;
    writer& writer_;
    shared_state& shared_;
    std::mutex working_;
    std::unique_ptr<connection> db_; ///< under working_

    mutable std::mutex mutex_;
    std::condition_variable asked_;
    bool due_ = false;
    bool stopping_ = false;
    std::thread thread_; ///< last: starts when all else is there
};

} // namespace breakwater::storage::sqlite
