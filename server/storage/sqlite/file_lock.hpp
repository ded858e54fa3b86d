#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <utility>

namespace breakwater::storage::sqlite {

/// Holds `<file>.lock` against every other process, until it is destroyed or the process ends in any way
/// (flock(2)).
class file_lock {
public:
    /// `storage_unavailable`, naming the holder, where somebody else has it.
    static result<file_lock> acquire(const std::filesystem::path& database);

    ~file_lock();
    file_lock(file_lock&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
    file_lock& operator=(file_lock&&) = delete;

private:
    explicit file_lock(int fd) noexcept : fd_{fd} {}
    int fd_;
};

} // namespace breakwater::storage::sqlite
