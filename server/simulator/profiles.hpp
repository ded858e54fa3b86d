#pragma once

#include "base/clock.hpp"
#include "domain/category.hpp"

#include <cstdint>
#include <string>

namespace breakwater::simulator {

/// What a device of a category would say at a time, as compact JSON with `timestamp`, `category` and
/// `"__simulated__":true`. Deterministic in (category, seed, at): a plausible daily curve with smooth noise,
/// so that two neighbouring readings are near each other; `seed` makes each device its own.
[[nodiscard]] std::string simulated_payload(category kind, std::uint64_t seed, timestamp at);

} // namespace breakwater::simulator
