#include "storage/sqlite/compaction_host.hpp"

#include <algorithm>
#include <utility>

namespace breakwater::storage::sqlite {

namespace {

constexpr reading_id rows_per_trim = 2000; ///< one or two milliseconds of the writer's time
constexpr reading_id min_rows_to_trim = 4096;
/// Free pages (of 4 KiB) that stay in the file for new data: 16 MiB, or a tenth of the file.
constexpr std::int64_t min_free_pages = 4096;
constexpr std::int64_t free_page_divisor = 10;
// Pages released per transaction: fewer when units of work wait for the writer.
constexpr const char* release_many = "PRAGMA incremental_vacuum(1024)";
constexpr const char* release_few = "PRAGMA incremental_vacuum(64)";

result<std::int64_t> number_of(connection& db, const char* sql) {
    statement query = db.prepare(sql);
    const auto row = query.step();
    if (!row)
        return std::unexpected(row.error());
    return query.integer(0);
}

} // namespace

compaction_host::compaction_host(connection::settings reader, writer& writer, shared_state& shared)
    : reader_{std::move(reader)}, writer_{writer}, shared_{shared} {}

result<void> compaction_host::with_connection(const std::function<result<void>(connection&)>& call) {
    if (db_ == nullptr) {
        auto opened = connection::open(reader_);
        if (!opened)
            return pass(std::move(opened));
        db_ = std::move(*opened);
    }
    auto done = call(*db_);
    if (db_->take_medium_failure())
        db_.reset();
    return done;
}

result<void> compaction_host::read(const work& planned) {
    return with_connection([&](connection& db) -> result<void> {
        if (auto begun = db.run("BEGIN"); !begun)
            return begun;
        series_tables tables{db};
        auto done = planned(tables);
        if (auto ended = db.run("COMMIT"); !ended && done)
            return ended;
        return done;
    });
}

result<void> compaction_host::write(const work& applied) {
    return writer_.run([&](connection& db, writer_memory&) -> result<void> {
        series_tables tables{db};
        return applied(tables);
    });
}

result<void> compaction_host::trim(bool everything, const std::function<bool()>& stopping) {
    return with_connection([&](connection& db) -> result<void> {
        if (auto trimmed = trim(db, everything, stopping); !trimmed)
            return trimmed;
        return release_free_pages(db, stopping);
    });
}

/// Deletes the compacted rows at the front of the write buffer, oldest first: whole pages, in the order in
/// which they were filled.
result<void> compaction_host::trim(connection& db, bool everything, const std::function<bool()>& stopping) {
    const reading_id limit = shared_.buffered.first_uncompacted();
    const auto first = number_of(db, "SELECT ifnull(min(id), 0) FROM write_buffer");
    if (!first)
        return std::unexpected(first.error());
    if (*first == 0 || (!everything && limit - *first < min_rows_to_trim))
        return {};
    for (reading_id from = *first; from < limit && !stopping(); from += rows_per_trim) {
        auto trimmed = writer_.run([&](connection& writing, writer_memory& memory) -> result<void> {
            if (auto saved = save_last_reading_id(writing, memory); !saved)
                return saved;
            return writing.run("DELETE FROM write_buffer WHERE id < ?1",
                               std::min(from + rows_per_trim, limit));
        });
        if (!trimmed)
            return trimmed;
    }
    return {};
}

result<void> compaction_host::release_free_pages(connection& db, const std::function<bool()>& stopping) {
    while (!stopping()) {
        const auto free_pages = number_of(db, "PRAGMA freelist_count");
        const auto pages = number_of(db, "PRAGMA page_count");
        if (!free_pages || !pages)
            return std::unexpected(!free_pages ? free_pages.error() : pages.error());
        if (*free_pages <= std::max(min_free_pages, *pages / free_page_divisor))
            return {};
        const char* const step = writer_.depth() == 0 ? release_many : release_few;
        auto released =
            writer_.run([step](connection& writing, writer_memory&) { return writing.run(step); });
        if (!released)
            return released;
    }
    return {};
}

} // namespace breakwater::storage::sqlite
