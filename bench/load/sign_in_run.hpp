#pragma once

#include "load/endpoint.hpp"
#include "load/histogram.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

namespace breakwater::bench {

/// The requests that the flood sends from one address during the measured sign-ins.
enum class sign_in_flood : std::uint8_t { none, sign_in, registration };

struct sign_in_options {
    endpoint server; ///< its TRUSTED_PROXIES must include this machine
    std::string email;
    std::string password;
    sign_in_flood flood = sign_in_flood::none;
    unsigned connections = 100; ///< of the flood
    std::chrono::duration<double> length{10};
};

struct sign_in_result {
    histogram latency;             ///< of the measured sign-ins, one at a time, each from another address
    std::uint64_t busy = 0;        ///< measured sign-ins with status 503
    std::uint64_t wrong = 0;       ///< measured sign-ins with neither 200 nor 503, or without a response
    std::uint64_t flood_calls = 0; ///< responses to the flood
};

/// Blocks for `length`; ends early when `stop` is set.
[[nodiscard]] sign_in_result run_sign_ins(const sign_in_options& options, const std::atomic<bool>& stop);

} // namespace breakwater::bench
