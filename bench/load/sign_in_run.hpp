#pragma once

#include "load/endpoint.hpp"
#include "load/histogram.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

namespace breakwater::bench {

/// What a hundred connections of one address do beside honest sign-ins.
enum class sign_in_flood : std::uint8_t { none, sign_in, registration };

struct sign_in_options {
    endpoint to; ///< the server itself; its TRUSTED_PROXIES names this machine
    std::string email;
    std::string password;
    sign_in_flood flood = sign_in_flood::none;
    unsigned connections = 100; ///< of the flood
    std::chrono::duration<double> length{10};
};

struct sign_in_result {
    histogram latency;             ///< of honest sign-ins, one after the other, each from another address
    std::uint64_t busy = 0;        ///< of these, answered 503
    std::uint64_t wrong = 0;       ///< answered neither 200 nor 503, or not at all
    std::uint64_t flood_calls = 0; ///< answers that the flood got
};

/// Blocks for `length`; ends early where `stop` is set.
[[nodiscard]] sign_in_result run_sign_ins(const sign_in_options& chosen, const std::atomic<bool>& stop);

} // namespace breakwater::bench
