#pragma once

#include "base/clock.hpp"
#include "domain/category.hpp"

#include <cstdint>
#include <string>

namespace breakwater::simulator {

/// The payload of a simulated device at time `at`: compact JSON with `timestamp`, `category` and
/// `"__simulated__":true`. It depends only on (category, seed, at): a plausible daily curve with smooth
/// noise, so that consecutive readings are close to each other. Devices with different seeds differ.
[[nodiscard]] std::string simulated_payload(category kind, std::uint64_t seed, timestamp at);

} // namespace breakwater::simulator
