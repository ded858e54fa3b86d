#include "storage/sqlite/backup.hpp"

#include "storage/engine/backup_file.hpp"

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>

namespace breakwater::storage::sqlite {

namespace {

constexpr int pages_per_step = 256;

result<void> copy_pages(connection& source, sqlite3* target, backup_source::progress& report) {
    std::uint64_t page_bytes = 0;
    {
        statement query = source.prepare("PRAGMA page_size");
        if (const auto row = query.step(); !row)
            return std::unexpected(row.error());
        page_bytes = static_cast<std::uint64_t>(query.integer(0));
    }
    const std::unique_ptr<sqlite3_backup, decltype(&sqlite3_backup_finish)> copy{
        sqlite3_backup_init(target, "main", source.handle(), "main"), &sqlite3_backup_finish};
    if (copy == nullptr)
        return fail(errc::storage_unavailable, "The backup could not be started.");
    for (;;) {
        const int code = sqlite3_backup_step(copy.get(), pages_per_step);
        if (code != SQLITE_OK && code != SQLITE_DONE) {
            if ((code & 0xff) == SQLITE_FULL)
                return fail(errc::storage_full, "There is not enough disk space for the backup.");
            return fail(errc::storage_unavailable,
                        std::string{"The backup failed: "} + sqlite3_errstr(code) + '.');
        }
        const auto total = static_cast<std::uint64_t>(sqlite3_backup_pagecount(copy.get()));
        const auto remaining = static_cast<std::uint64_t>(sqlite3_backup_remaining(copy.get()));
        if (report)
            report((total - remaining) * page_bytes, total * page_bytes);
        if (code == SQLITE_DONE)
            return {};
    }
}

} // namespace

result<void> copy_database(const connection::settings& source, const std::filesystem::path& target,
                           backup_source::progress report) {
    auto backup = engine::backup_file::create(target);
    if (!backup)
        return pass(std::move(backup));

    auto db = connection::open(source);
    if (!db)
        return pass(std::move(db));
    // One read transaction for all steps: otherwise each commit of the writer would restart the copy.
    auto begun = (*db)->execute_script("BEGIN; SELECT count(*) FROM sqlite_schema;");
    if (!begun)
        return begun;
    sqlite3* copy = nullptr;
    const int opened =
        sqlite3_open_v2(backup->path().c_str(), &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> closing{copy, &sqlite3_close};
    if (opened != SQLITE_OK)
        return fail(errc::storage_unavailable, "Can't open " + backup->path().string() + '.');
    if (auto copied = copy_pages(**db, copy, report); !copied)
        return copied;
    return backup->finish();
}

} // namespace breakwater::storage::sqlite
