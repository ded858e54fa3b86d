#pragma once

namespace breakwater {

/// Lambdas as one callable, for std::visit.
template <class... Cases>
struct overloaded : Cases... {
    using Cases::operator()...;
};

} // namespace breakwater
