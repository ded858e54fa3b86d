#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace breakwater::storage {

using import_id = std::int64_t;

/// How far a file was imported: what its beginning looks like, so that it is known again.
struct import_progress {
    std::array<std::uint8_t, 32> digest{}; ///< SHA-256 of how it is read, and of its first `bytes`
    std::uint64_t bytes = 0;
    std::uint64_t lines = 0;
    std::uint64_t readings = 0; ///< stored of them
    bool complete = false;      ///< it ended there
    timestamp at{};
};

/// What was imported at the server's shell. The newest `most_imports` are remembered.
class import_store {
public:
    static constexpr std::size_t most_imports = 1000;

    virtual ~import_store() = default;

    virtual result<std::vector<import_progress>> list() const = 0;
    virtual result<import_id> insert(const import_progress& added) = 0;
    virtual result<void> update(import_id id, const import_progress& changed) = 0;
};

} // namespace breakwater::storage
