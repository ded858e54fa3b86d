#include "storage/sqlite/backup.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

namespace breakwater::storage::sqlite {

namespace {

constexpr int pages_per_step = 256;

error file_error(std::string_view operation, const std::filesystem::path& path) {
    const auto code = errno == ENOSPC || errno == EDQUOT ? errc::storage_full : errc::storage_unavailable;
    return {.code = code,
            .detail =
                "Can't " + std::string{operation} + ' ' + path.string() + ": " + std::strerror(errno) + '.'};
}

error already_exists(const std::filesystem::path& path) {
    return {.code = errc::bad_state,
            .detail = path.string() + " exists already. A backup does not overwrite files."};
}

/// The backup under its temporary name; the destructor deletes it unless it is finished.
struct unfinished_backup {
    std::filesystem::path path;
    int fd = -1;
    bool finished = false;
    ~unfinished_backup() {
        if (fd < 0)
            return;
        ::close(fd);
        if (!finished) {
            for (const char* suffix : {"", "-journal", "-wal", "-shm"})
                ::unlink((path.string() + suffix).c_str());
        }
    }
};

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

result<void> sync_folder_of(const std::filesystem::path& path) {
    const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."};
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = fd >= 0 && ::fsync(fd) == 0;
    const auto failure = file_error("sync", folder);
    if (fd >= 0)
        ::close(fd);
    if (!synced)
        return std::unexpected(failure);
    return {};
}

} // namespace

result<void> copy_database(const connection::settings& source, const std::filesystem::path& target,
                           backup_source::progress report) {
    if (std::error_code ignored; std::filesystem::exists(std::filesystem::symlink_status(target, ignored)))
        return std::unexpected(already_exists(target));
    unfinished_backup backup{.path = target.string() + ".partial"};
    backup.fd = ::open(backup.path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (backup.fd < 0)
        return std::unexpected(errno == EEXIST ? already_exists(backup.path)
                                               : file_error("create", backup.path));

    auto db = connection::open(source);
    if (!db)
        return pass(std::move(db));
    // One read transaction for all steps: otherwise each commit of the writer would restart the copy.
    auto begun = (*db)->execute_script("BEGIN; SELECT count(*) FROM sqlite_schema;");
    if (!begun)
        return begun;
    sqlite3* copy = nullptr;
    const int opened =
        sqlite3_open_v2(backup.path.c_str(), &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> closing{copy, &sqlite3_close};
    if (opened != SQLITE_OK)
        return fail(errc::storage_unavailable, "Can't open " + backup.path.string() + '.');
    if (auto copied = copy_pages(**db, copy, report); !copied)
        return copied;
    if (::fsync(backup.fd) != 0)
        return std::unexpected(file_error("sync", backup.path));
    if (::renameat2(AT_FDCWD, backup.path.c_str(), AT_FDCWD, target.c_str(), RENAME_NOREPLACE) != 0)
        return std::unexpected(errno == EEXIST ? already_exists(target) : file_error("create", target));
    backup.finished = true;
    return sync_folder_of(target);
}

} // namespace breakwater::storage::sqlite
