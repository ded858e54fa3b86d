#pragma once

#include <string>

namespace breakwater::storage::postgres {

/// What the operator sees of a node.
struct node_details {
    std::string name{};    ///< of its host, or what the operator chose
    std::string address{}; ///< where it listens
    std::string version{}; ///< of the program
};

/// `BRKS`; the key of the lock that each server holds: shared, unless it must be alone.
inline constexpr long long server_lock = 0x42524b53;

/// `BRKN`; the key of the lock under which nodes join and are removed.
inline constexpr long long nodes_lock = 0x42524b4e;

} // namespace breakwater::storage::postgres
