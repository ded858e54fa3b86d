#pragma once

#include "base/result.hpp"
#include "domain/device.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace breakwater::storage {

/// Which devices, in the order of their creation (ties by id). Every member narrows.
struct device_query {
    std::optional<user_id> owner;
    std::optional<device_status> status;
    std::optional<breakwater::category> category;
    std::string name_contains; ///< with case and accents left aside (`folded`); empty: any
    /// Only what comes after this one: the keyset of a cursor.
    struct position {
        timestamp created_at;
        device_id id;
    };
    std::optional<position> after;
    std::optional<std::size_t> limit; ///< none: all
};

class device_store {
public:
    virtual ~device_store() = default;

    virtual result<std::optional<device>> find(device_id id) const = 0;
    virtual result<std::vector<device>> list(const device_query& query) const = 0;
    /// How many devices the account has; counting ends at `most`.
    virtual result<std::int64_t> count(user_id owner, std::int64_t most) const = 0;

    virtual result<void> insert(const device& added) = 0;
    /// Writes every member but id, created_at and first_heard_at. `not_found`.
    virtual result<void> update(const device& changed) = 0;
    /// Its readings go with it: out of reach at once, their room is freed by `reading_store::purge`. Its
    /// alerts stay, with its name. `not_found`.
    virtual result<void> remove(device_id id) = 0;
};

} // namespace breakwater::storage
