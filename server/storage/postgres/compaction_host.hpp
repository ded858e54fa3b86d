#pragma once

#include "storage/engine/compactor.hpp"
#include "storage/postgres/writer.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace breakwater::storage::postgres {

/// Lets the compactor work on the database.
class compaction_host final : public engine::compaction_host {
public:
    compaction_host(connection::settings reader, writer& writer, shared_state& shared, lane_follower& lanes);

    result<void> read(const work& planned) override;
    result<void> write(const work& applied) override;
    result<void> trim(bool everything, const std::function<bool()>& stopping) override;

private:
    /// The lanes whose chunks this node deletes: its own, and those without a node.
    result<std::vector<std::int64_t>> lanes_to_trim();
    result<void> trim(std::int64_t lane, bool everything, const std::function<bool()>& stopping);
    /// The first ids of the damaged chunks of the lane before `limit`.
    result<std::vector<std::int64_t>> damaged_before(std::int64_t lane, reading_id limit);
    /// Removes devices from the index that no longer exist: another node has deleted them.
    result<void> drop_deleted();

    const connection::settings reader_;
    writer& writer_;
    shared_state& shared_;
    lane_follower& lanes_;
    std::unique_ptr<connection> db_;
};

} // namespace breakwater::storage::postgres
