#pragma once

#include "domain/user.hpp"

#include <functional>
#include <map>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace breakwater::storage {

struct user_state {
    breakwater::role role = breakwater::role::user;
    std::int64_t session_version = 1;
};

/// Every account's role and session version in memory: an access token is checked against it at each call, so
/// a changed password or role, or a deleted user, ends sessions at once. Same rules as `device_registry`.
class user_registry {
public:
    [[nodiscard]] std::optional<user_state> find(user_id id) const;
    /// Of the account with that address, which is normalised.
    [[nodiscard]] std::optional<user_id> find_id(std::string_view email) const;
    void put(const user& current);
    void remove(user_id id);

private:
    mutable std::shared_mutex mutex_;
    struct account {
        user_state state;
        std::string email;
    };
    std::unordered_map<user_id, account> users_;
    std::map<std::string, user_id, std::less<>> by_email_;
};

} // namespace breakwater::storage
