#pragma once

#include <sys/statvfs.h>

#include <cstdint>

namespace breakwater::storage::sqlite {

/// Whether a disk has less than so many bytes left for us. Some network and FUSE file systems don't say how
/// large they are (no blocks at all); unknown is not full.
[[nodiscard]] inline bool is_nearly_full(const struct statvfs& disk, std::uint64_t least_bytes) noexcept {
    return disk.f_blocks != 0 && std::uint64_t{disk.f_bavail} * disk.f_frsize < least_bytes;
}

} // namespace breakwater::storage::sqlite
