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
    endpoint server;
    std::string email;
    std::string password;
    std::size_t devices = 2000;
    std::size_t threads = 16; ///< connections that create devices in parallel
};

/// Creates the devices through the API and returns an access token for each. `progress` receives the number
/// of devices so far, from one thread at a time. The error is the first one that occurred, a sentence.
[[nodiscard]] std::expected<std::vector<std::string>, std::string>
create_fleet(const fleet_plan& plan, const std::function<void(std::size_t)>& progress);

/// The payload of the weather station with this number: about 230 bytes of compact JSON.
[[nodiscard]] std::string weather_payload(std::size_t device);

/// The payload of the reading number `step` of a weather station: like the one above, with values that vary
/// over time.
[[nodiscard]] std::string weather_payload_at(std::size_t step);

/// The body of a batch of `size` readings of one station, half a minute apart, beginning with number `first`.
[[nodiscard]] std::string batch_body(std::size_t size, std::size_t first = 0);
/// The heads of POST /device/readings/batch requests, one per token; the body is the same for all.
[[nodiscard]] std::vector<std::string>
batch_requests(std::string_view host, const std::vector<std::string>& tokens, std::size_t body_size);

/// Complete POST /device/readings requests, one per token.
[[nodiscard]] std::vector<std::string> reading_requests(std::string_view host,
                                                        const std::vector<std::string>& tokens);

} // namespace breakwater::bench
