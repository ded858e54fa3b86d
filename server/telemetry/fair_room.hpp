#pragma once

#include "domain/user.hpp"

#include <cstddef>
#include <unordered_map>

namespace breakwater::telemetry {

/// Room for readings that wait for something, shared by the accounts of their devices. An account may add
/// readings only if its bytes then don't exceed the bytes that were still free. So one flooding account gets
/// half of the room, and two get a third each: there is always room for another account. Not thread-safe.
class fair_room {
public:
    struct options {
        std::size_t max_readings;
        std::size_t max_bytes;
    };
    explicit fair_room(const options& limits) noexcept : limits_{limits} {}

    /// Returns false, and takes nothing, if there would be more than `limit` (at most `max_readings`)
    /// readings, or the account has no room for the bytes.
    [[nodiscard]] bool take(user_id account, std::size_t readings, std::size_t bytes, std::size_t limit);
    /// The opposite of a successful `take`.
    void give_back(user_id account, std::size_t readings, std::size_t bytes);
    [[nodiscard]] std::size_t readings() const noexcept { return readings_; }
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

private:
    const options limits_;
    std::size_t readings_ = 0;
    std::size_t bytes_ = 0;
    std::unordered_map<user_id, std::size_t> bytes_of_accounts_; ///< only accounts with readings
};

} // namespace breakwater::telemetry
