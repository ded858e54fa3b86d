#pragma once

#include <string>

namespace breakwater::storage::postgres {

/// What the operator sees of a node.
struct node_details {
    std::string name{};    ///< of its host, or what the operator chose
    std::string address{}; ///< where it listens
    std::string version{}; ///< of the program
};

} // namespace breakwater::storage::postgres
