#pragma once

#include "base/mutex.hpp"
#include "storage/leases.hpp"
#include "storage/postgres/connection.hpp"
#include "storage/postgres/ownership.hpp"
#include "storage/postgres/writer.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <thread>

namespace breakwater::storage::postgres {

/// Shows the other nodes that this one lives, removes nodes that don't, and adopts their devices. See
/// docs/decisions/0042-nodes.md. It works on a thread of its own, over a connection that serves nothing else.
class membership {
public:
    struct settings {
        connection::settings server;
        std::chrono::milliseconds interval{500}; ///< between two beats
        int beats_until_dead = 6;                ///< as `options::beats_until_dead`
    };

    membership(settings options, const uuid& server, writer& writer, ownership& devices, const clock& time);
    /// Stops after the current beat.
    ~membership();
    membership(const membership&) = delete;
    membership& operator=(const membership&) = delete;

    /// As `lease_holder::holds`. False once half of the time has passed after which others remove this node.
    /// So a process that was stopped does none of this work when it goes on. What it was doing then is safe
    /// also: its commits check the epoch of its lane.
    [[nodiscard]] bool holds(lease work) const noexcept;

private:
    /// Another node, as this one has seen it.
    struct neighbour {
        uuid server;
        std::int64_t beat = 0;
        int beats_missed = 0;
    };

    void loop();
    result<void> beat();
    result<void> show_life(connection& db);
    result<void> require_schema(connection& db);
    result<void> watch(connection& db);
    result<void> remove(connection& db, std::int64_t lane, const neighbour& dead);
    result<void> keep_leases(connection& db);
    result<void> take_leases(connection& db);
    result<void> adopt(connection& db);

    const settings settings_;
    const uuid server_;
    writer& writer_;
    ownership& devices_;
    const clock& time_;
    std::unique_ptr<connection> db_;
    std::map<std::int64_t, neighbour> neighbours_; ///< by lane
    std::chrono::steady_clock::time_point beat_began_{};
    std::atomic<unsigned> held_{0}; ///< a bit for each lease
    std::atomic<std::chrono::steady_clock::time_point> held_until_{};
    bool failing_ = false; ///< so that a failure is logged once

    mutex mutex_;
    condition_variable woken_;
    bool stopping_ GUARDED_BY(mutex_) = false;
    std::thread thread_; ///< last: the thread uses all other members
};

} // namespace breakwater::storage::postgres
