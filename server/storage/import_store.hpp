#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace breakwater::storage {

using import_id = std::int64_t;

/// How far a file was imported. The digest recognises the file in a later import.
struct import_progress {
    std::array<std::uint8_t, 32> digest{}; ///< SHA-256 of the import options and the first `bytes`
    std::uint64_t bytes = 0;
    std::uint64_t lines = 0;
    std::uint64_t readings = 0; ///< stored from these lines
    bool complete = false;      ///< the file ended there
    timestamp at{};
};

/// Progress of the imports of `breakwater import`. Keeps the newest `max_imports`.
class import_store {
public:
    static constexpr std::size_t max_imports = 1000;

    virtual ~import_store() = default;

    virtual result<std::vector<import_progress>> list() const = 0; ///< newest first
    virtual result<import_id> insert(const import_progress& progress) = 0;
    virtual result<void> update(import_id id, const import_progress& progress) = 0;
};

} // namespace breakwater::storage
