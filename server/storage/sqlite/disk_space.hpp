#pragma once

#include <sys/statvfs.h>

#include <cstdint>

namespace breakwater::storage::sqlite {

/// Whether less than `min_bytes` of the disk are available to the server. Some network and FUSE file systems
/// don't report their size (`f_blocks` is 0); those are not full.
[[nodiscard]] inline bool is_nearly_full(const struct statvfs& disk, std::uint64_t min_bytes) noexcept {
    return disk.f_blocks != 0 && std::uint64_t{disk.f_bavail} * disk.f_frsize < min_bytes;
}

} // namespace breakwater::storage::sqlite
