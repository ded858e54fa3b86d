#include "storage/sqlite/open_writer.hpp"

#include "storage/sqlite/open_reader.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace breakwater::storage::sqlite {

namespace {

/// Creates only the folder itself: if its parent is missing too, the path is more likely a typing mistake.
result<void> create_folder_of(const std::filesystem::path& file) {
    const auto folder = file.parent_path();
    if (folder.empty() || ::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST)
        return {};
    return fail(errc::storage_unavailable,
                "Can't create the folder " + folder.string() + ": " + std::strerror(errno) + '.');
}

/// Creates the file with mode 0600. SQLite gives the log and its index the same mode.
result<void> create_file(const std::filesystem::path& file) {
    const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(errc::storage_unavailable,
                    "Can't open " + file.string() + ": " + std::strerror(errno) + '.');
    ::close(fd);
    return {};
}

/// A log from before a crash may contain transactions that were never synced, and after a failed sync the
/// kernel may never write them. New commits must not depend on such a log. So all of it is moved into the
/// database, which is synced, and the log restarts.
result<void> empty_log(connection& db) {
    const int code =
        sqlite3_wal_checkpoint_v2(db.handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    if ((code & 0xff) == SQLITE_BUSY)
        return fail(errc::storage_unavailable, "Another program is reading the database, which must first be "
                                               "recovered after a crash. Close that program and try again.");
    if (code != SQLITE_OK)
        return std::unexpected(db.record_failure(code));
    return {};
}

} // namespace

result<locked_database> open_writer(const connection::settings& options) {
    if (auto created = create_folder_of(options.file); !created)
        return pass(std::move(created));
    if (auto checked = refuse_other_files(options.file); !checked)
        return pass(std::move(checked));
    auto lock = file_lock::acquire(options.file);
    if (!lock)
        return pass(std::move(lock));
    if (auto created = create_file(options.file); !created)
        return pass(std::move(created));
    auto db = connection::open(options);
    if (!db)
        return pass(std::move(db));
    if (auto emptied = empty_log(**db); !emptied)
        return pass(std::move(emptied));
    return locked_database{std::move(*lock), std::move(*db)};
}

} // namespace breakwater::storage::sqlite
