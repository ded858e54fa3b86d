#pragma once

#include "storage/database.hpp"
#include "storage/sqlite/stores.hpp"

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

namespace breakwater::storage::sqlite {

/// A fixed number of connections for reading, opened when first needed. Any thread may call.
class reader_pool {
public:
    reader_pool(connection::settings how, std::size_t size);

    /// Runs `work` inside one read transaction, so over one snapshot. Waits where all connections are taken.
    result<void> read(database::query& work);

private:
    using slot = std::unique_ptr<connection>;
    slot take();
    void give_back(slot used);

    const connection::settings how_;
    std::mutex mutex_;
    std::condition_variable returned_;
    std::vector<slot> idle_; ///< an empty slot is a connection not opened yet
};

} // namespace breakwater::storage::sqlite
