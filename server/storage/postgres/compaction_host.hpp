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
    compaction_host(connection::settings reader, writer& writer, shared_state& shared);

    result<void> read(const work& planned) override;
    result<void> write(const work& applied) override;
    result<void> trim(bool everything, const std::function<bool()>& stopping) override;

private:
    /// Whether a chunk before `limit` is known or found to be damaged: their first ids.
    result<std::vector<std::int64_t>> damaged_before(reading_id limit);

    const connection::settings reader_;
    writer& writer_;
    shared_state& shared_;
    std::unique_ptr<connection> db_;
};

} // namespace breakwater::storage::postgres
