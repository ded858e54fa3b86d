#pragma once

#include "base/result.hpp"
#include "domain/device.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace breakwater::storage {

/// Selects devices, ordered by creation time and then by id. Every member that is set narrows the selection.
struct device_query {
    std::optional<user_id> owner;
    std::optional<device_status> status;
    std::optional<breakwater::category> category;
    std::string name_contains; ///< ignores case and accents (`folded`); empty: any name
    /// Keyset of a cursor: only devices after this position.
    struct position {
        timestamp created_at;
        device_id id;
    };
    std::optional<position> after;
    std::optional<std::size_t> limit; ///< empty: no limit
};

class device_store {
public:
    virtual ~device_store() = default;

    virtual result<std::optional<device>> find(device_id id) const = 0;
    virtual result<std::vector<device>> list(const device_query& query) const = 0;
    /// Number of devices of the account. Stops counting at `limit`.
    virtual result<std::int64_t> count(user_id owner, std::int64_t limit) const = 0;

    virtual result<void> insert(const device& inserted) = 0;
    /// Writes all members except id, created_at and first_reading_at. `not_found`.
    virtual result<void> update(const device& updated) = 0;
    /// Also removes the device's readings: no query returns them any more, and `series_store::purge` frees
    /// their space. Its alerts stay and keep its name. `not_found`.
    virtual result<void> remove(device_id id) = 0;
};

} // namespace breakwater::storage
