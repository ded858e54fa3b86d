#pragma once

#include "base/mutex.hpp"
#include "storage/catalogue.hpp"
#include "storage/sqlite/stores.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace breakwater::storage::sqlite {

/// A fixed number of connections for reading, opened when first needed. Any thread may call.
class reader_pool {
public:
    /// `before_each`: called with the connection at the beginning of each read, inside its transaction.
    reader_pool(connection::settings options, std::size_t size, shared_state& shared,
                std::function<result<void>(connection&)> before_each = {});

    /// Runs `work` in one read transaction, and so over one snapshot. Waits while all connections are in use.
    /// Fails with `overloaded` when the thread's work is cancelled (`cancellation_scope`).
    result<void> read(catalogue::query& work);

private:
    result<void> run_cancellably(connection& db, catalogue::query& work);

    using slot = std::unique_ptr<connection>;
    slot take();
    void give_back(slot used);

    const connection::settings options_;
    shared_state& shared_;
    const std::function<result<void>(connection&)> before_each_;
    mutex mutex_;
    condition_variable returned_;
    std::vector<slot> idle_ GUARDED_BY(mutex_); ///< an empty slot is a connection that isn't open yet
};

} // namespace breakwater::storage::sqlite
