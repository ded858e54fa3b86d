#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <utility>

namespace breakwater::storage::sqlite {

/// An exclusive lock on `<file>.lock` (flock(2)), held until this object is destroyed or the process ends.
class file_lock {
public:
    /// `storage_unavailable` if another process holds the lock; the error names that process.
    static result<file_lock> acquire(const std::filesystem::path& database);

    ~file_lock();
    file_lock(file_lock&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
    file_lock& operator=(file_lock&&) = delete;

private:
    explicit file_lock(int fd) noexcept : fd_{fd} {}
    int fd_;
};

} // namespace breakwater::storage::sqlite
