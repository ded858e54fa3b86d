#pragma once

#include "base/result.hpp"
#include "domain/user.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace breakwater::storage {

/// Accounts. The const members read; the others are only reachable through a `transaction`.
class user_store {
public:
    virtual ~user_store() = default;

    virtual result<std::optional<user>> find(user_id id) const = 0;
    /// `email` normalised.
    virtual result<std::optional<user>> find_by_email(std::string_view email) const = 0;
    /// In the order of their ids.
    virtual result<std::vector<user>> list() const = 0;

    /// Gives `added.id`. `bad_state` where the address is taken.
    virtual result<user_id> insert(const user& added) = 0;
    /// Writes every member but id and created_at. `not_found`; `bad_state` where the address is taken.
    virtual result<void> update(const user& changed) = 0;
    /// Its devices, their readings and its refresh tokens go with it. `not_found`.
    virtual result<void> remove(user_id id) = 0;
};

} // namespace breakwater::storage
