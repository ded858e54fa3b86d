#pragma once

namespace breakwater {

/// Combines lambdas into one callable, for std::visit.
template <class... Cases>
struct overloaded : Cases... {
    using Cases::operator()...;
};

} // namespace breakwater
