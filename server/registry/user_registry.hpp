#pragma once

#include "base/mutex.hpp"
#include "domain/user.hpp"
#include "storage/change_feed.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace breakwater::registry {

struct user_state {
    breakwater::role role = breakwater::role::user;
    std::int64_t session_version = 1;
};

/// Holds the role and session version of every account in memory. Each request checks its access token
/// against them, so a changed password or role, or a deleted account, ends sessions at once. The rules of
/// `device_registry` apply.
class user_registry final : public storage::change_follower {
public:
    [[nodiscard]] std::optional<user_state> find(user_id id) const;
    /// REQUIRES: `email` is normalised.
    [[nodiscard]] std::optional<user_id> find_id(std::string_view email) const;
    void put(const user& stored);
    void remove(user_id id);
    void follow(const change& committed) override;

private:
    mutable shared_mutex mutex_;
    struct account {
        user_state state;
        std::string email;
    };
    std::unordered_map<user_id, account> users_ GUARDED_BY(mutex_);
    std::map<std::string, user_id, std::less<>> by_email_ GUARDED_BY(mutex_);
};

} // namespace breakwater::registry
