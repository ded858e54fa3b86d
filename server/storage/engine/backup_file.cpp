#include "storage/engine/backup_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <utility>

namespace breakwater::storage::engine {

namespace {

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

result<backup_file> backup_file::create(const std::filesystem::path& target) {
    if (std::error_code ignored; std::filesystem::exists(std::filesystem::symlink_status(target, ignored)))
        return std::unexpected(already_exists(target));
    const std::filesystem::path path = target.string() + ".partial";
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return std::unexpected(errno == EEXIST ? already_exists(path) : file_error("create", path));
    return backup_file{target, path, fd};
}

backup_file::backup_file(backup_file&& other) noexcept
    : target_{std::move(other.target_)},
      path_{std::move(other.path_)},
      fd_{std::exchange(other.fd_, -1)},
      finished_{other.finished_} {}

backup_file::~backup_file() {
    if (fd_ < 0)
        return;
    ::close(fd_);
    if (!finished_)
        for (const char* suffix : {"", "-journal", "-wal", "-shm"}) // of a database that was being written
            ::unlink((path_.string() + suffix).c_str());
}

result<void> backup_file::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(fd_, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return std::unexpected(file_error("write", path_));
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

result<void> backup_file::finish() {
    if (::fsync(fd_) != 0)
        return std::unexpected(file_error("sync", path_));
    if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target_.c_str(), RENAME_NOREPLACE) != 0)
        return std::unexpected(errno == EEXIST ? already_exists(target_) : file_error("create", target_));
    finished_ = true;
    return sync_folder_of(target_);
}

} // namespace breakwater::storage::engine
