#pragma once

#include "base/result.hpp"
#include "domain/user.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace breakwater::storage {

/// Accounts. A `snapshot` gives access to the const members only; a `transaction` to all.
class user_store {
public:
    virtual ~user_store() = default;

    virtual result<std::optional<user>> find(user_id id) const = 0;
    /// REQUIRES: `email` is normalised.
    virtual result<std::optional<user>> find_by_email(std::string_view email) const = 0;
    virtual result<std::vector<user>> list() const = 0; ///< ordered by id

    /// Returns the new id; ignores `inserted.id`. `bad_state` if another account has the address.
    virtual result<user_id> insert(const user& inserted) = 0;
    /// Writes all members except id and created_at. `not_found`; `bad_state` if another account has the
    /// address.
    virtual result<void> update(const user& updated) = 0;
    /// Also removes the account's devices, their readings and its refresh tokens. `not_found`.
    virtual result<void> remove(user_id id) = 0;
};

} // namespace breakwater::storage
