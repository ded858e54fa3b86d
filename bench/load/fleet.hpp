#pragma once

#include "load/endpoint.hpp"

#include <cstddef>
#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::bench {

struct fleet_plan {
    endpoint to;
    std::string email;
    std::string password;
    std::size_t devices = 2000;
    std::size_t threads = 16; ///< connections that make devices side by side
};

/// Makes the devices through the API and gets each its token. `progress` is called from one thread at a time
/// with how many there are. The error is the first that happened, as a sentence.
[[nodiscard]] std::expected<std::vector<std::string>, std::string>
make_fleet(const fleet_plan& plan, const std::function<void(std::size_t)>& progress);

/// What the weather station with this number says: about 230 bytes of compact JSON.
[[nodiscard]] std::string weather_payload(std::size_t device);

/// What one weather station says at the `step`-th of its readings: like the one above, with values that
/// wander as they do outside.
[[nodiscard]] std::string weather_payload_at(std::size_t step);

/// The body of a batch of `size` readings, half a minute apart, from the `first`-th of a station on.
[[nodiscard]] std::string batch_body(std::size_t size, std::size_t first = 0);
/// POST /device/readings/batch, up to the body that all share.
[[nodiscard]] std::vector<std::string>
batch_requests(std::string_view host, const std::vector<std::string>& tokens, std::size_t body_size);

/// POST /device/readings, whole, one request a token.
[[nodiscard]] std::vector<std::string> reading_requests(std::string_view host,
                                                        const std::vector<std::string>& tokens);

} // namespace breakwater::bench
