#include "telemetry/fair_room.hpp"

#include <algorithm>

namespace breakwater::telemetry {

bool fair_room::take(user_id account, std::size_t readings, std::size_t bytes, std::size_t limit) {
    if (readings_ + readings > std::min(limit, limits_.max_readings))
        return false;
    const auto entry = bytes_of_accounts_.find(account);
    const std::size_t used = entry == bytes_of_accounts_.end() ? 0 : entry->second;
    const std::size_t available = limits_.max_bytes - std::min(bytes_, limits_.max_bytes);
    if (used + bytes > available)
        return false;
    readings_ += readings;
    bytes_ += bytes;
    bytes_of_accounts_[account] += bytes;
    return true;
}

void fair_room::give_back(user_id account, std::size_t readings, std::size_t bytes) {
    readings_ -= readings;
    bytes_ -= bytes;
    const auto entry = bytes_of_accounts_.find(account);
    entry->second -= bytes;
    if (entry->second == 0)
        bytes_of_accounts_.erase(entry);
}

} // namespace breakwater::telemetry
