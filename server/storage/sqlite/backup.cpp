#include "storage/sqlite/backup.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

namespace breakwater::storage::sqlite {

namespace {

constexpr int pages_a_step = 256;

error could_not(std::string_view what, const std::filesystem::path& path) {
    const auto code = errno == ENOSPC || errno == EDQUOT ? errc::storage_full : errc::storage_unavailable;
    return {.code = code,
            .detail = "Can't " + std::string{what} + ' ' + path.string() + ": " + std::strerror(errno) + '.'};
}

error already_there(const std::filesystem::path& path) {
    return {.code = errc::bad_state,
            .detail = path.string() + " exists already; a backup overwrites nothing."};
}

/// The file under its temporary name, gone unless it was finished.
struct unfinished {
    std::filesystem::path path;
    int fd = -1;
    bool finished = false;
    ~unfinished() {
        if (fd < 0)
            return;
        ::close(fd);
        if (!finished) {
            for (const char* suffix : {"", "-journal", "-wal", "-shm"})
                ::unlink((path.string() + suffix).c_str());
        }
    }
};

result<void> copy_pages(connection& source, sqlite3* target,
                        std::move_only_function<void(std::size_t, std::size_t)>& progress) {
    const std::unique_ptr<sqlite3_backup, decltype(&sqlite3_backup_finish)> copy{
        sqlite3_backup_init(target, "main", source.handle(), "main"), &sqlite3_backup_finish};
    if (copy == nullptr)
        return fail(errc::storage_unavailable, "The backup could not be begun.");
    for (;;) {
        const int code = sqlite3_backup_step(copy.get(), pages_a_step);
        if (code != SQLITE_OK && code != SQLITE_DONE) {
            if ((code & 0xff) == SQLITE_FULL)
                return fail(errc::storage_full, "There is no room for the backup.");
            return fail(errc::storage_unavailable,
                        std::string{"The backup failed: "} + sqlite3_errstr(code) + '.');
        }
        const auto total = static_cast<std::size_t>(sqlite3_backup_pagecount(copy.get()));
        if (progress)
            progress(total - static_cast<std::size_t>(sqlite3_backup_remaining(copy.get())), total);
        if (code == SQLITE_DONE)
            return {};
    }
}

result<void> sync_folder_of(const std::filesystem::path& path) {
    const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."};
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = fd >= 0 && ::fsync(fd) == 0;
    const auto failed = could_not("sync", folder);
    if (fd >= 0)
        ::close(fd);
    if (!synced)
        return std::unexpected(failed);
    return {};
}

} // namespace

result<void> copy_database(const connection::settings& from, const std::filesystem::path& to,
                           std::move_only_function<void(std::size_t, std::size_t)> progress) {
    if (std::error_code ignored; std::filesystem::exists(std::filesystem::symlink_status(to, ignored)))
        return std::unexpected(already_there(to));
    unfinished made{.path = to.string() + ".partial"};
    made.fd = ::open(made.path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (made.fd < 0)
        return std::unexpected(errno == EEXIST ? already_there(made.path) : could_not("create", made.path));

    auto source = connection::open(from);
    if (!source)
        return pass(std::move(source));
    // One read transaction for all steps: otherwise each commit of the writer would start the copy over.
    auto begun = (*source)->execute_script("BEGIN; SELECT count(*) FROM sqlite_schema;");
    if (!begun)
        return begun;
    sqlite3* target = nullptr;
    const int opened =
        sqlite3_open_v2(made.path.c_str(), &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> closing{target, &sqlite3_close};
    if (opened != SQLITE_OK)
        return fail(errc::storage_unavailable, "Can't open " + made.path.string() + '.');
    if (auto copied = copy_pages(**source, target, progress); !copied)
        return copied;
    if (::fsync(made.fd) != 0)
        return std::unexpected(could_not("sync", made.path));
    if (::renameat2(AT_FDCWD, made.path.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) != 0)
        return std::unexpected(errno == EEXIST ? already_there(to) : could_not("create", to));
    made.finished = true;
    return sync_folder_of(to);
}

} // namespace breakwater::storage::sqlite
