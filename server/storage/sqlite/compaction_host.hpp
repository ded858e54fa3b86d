#pragma once

#include "storage/engine/compactor.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/writer.hpp"

#include <functional>
#include <memory>

namespace breakwater::storage::sqlite {

/// Lets the compactor work on a file. Also returns free pages to the file system.
class compaction_host final : public engine::compaction_host {
public:
    compaction_host(connection::settings reader, writer& writer, shared_state& shared);

    result<void> read(const work& planned) override;
    result<void> write(const work& applied) override;
    result<void> trim(bool everything, const std::function<bool()>& stopping) override;

private:
    /// Runs `call` with an open connection; after a disk failure the next call opens a new one.
    result<void> with_connection(const std::function<result<void>(connection&)>& call);
    result<void> trim(connection& db, bool everything, const std::function<bool()>& stopping);
    result<void> release_free_pages(connection& db, const std::function<bool()>& stopping);

    const connection::settings reader_;
    writer& writer_;
    shared_state& shared_;
    std::unique_ptr<connection> db_;
};

} // namespace breakwater::storage::sqlite
