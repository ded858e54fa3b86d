#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <string_view>

namespace breakwater::storage::engine {

/// A backup under its temporary name (mode 0600). The destructor deletes it unless it is finished.
class backup_file {
public:
    /// `bad_state` if `target` or its temporary name exists; `storage_full` or `storage_unavailable` if the
    /// file can't be created.
    static result<backup_file> create(const std::filesystem::path& target);
    backup_file(backup_file&& other) noexcept;
    backup_file& operator=(backup_file&&) = delete;
    ~backup_file();

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    /// Appends the bytes.
    result<void> write(std::string_view bytes);
    /// Makes the file durable and gives it its name. `bad_state` if another file got this name meanwhile.
    result<void> finish();

private:
    backup_file(std::filesystem::path target, std::filesystem::path path, int fd)
        : target_{std::move(target)}, path_{std::move(path)}, fd_{fd} {}

    std::filesystem::path target_;
    std::filesystem::path path_;
    int fd_;
    bool finished_ = false;
};

} // namespace breakwater::storage::engine
