#pragma once

#include "load/endpoint.hpp"
#include "load/histogram.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace breakwater::bench {

/// Without a `rate`, a closed loop: each connection sends a request, waits for the response, and sends the
/// next. With a `rate`, an open loop: requests are due at even intervals, independent of the responses, and a
/// latency is counted from the time the request was due. So a slow response can't hide the delay of the
/// requests behind it (Tene, "How NOT to Measure Latency", 2015).
struct load_plan {
    endpoint server;
    /// Complete requests, as bytes. Connection c of C sends c, c+C, c+2C, …, and starts over at the end.
    std::vector<std::string> requests;
    std::string shared_body; ///< sent after each request; the requests then contain only their heads
    std::size_t connections = 64;
    std::size_t threads = 1;
    std::chrono::milliseconds warm_up{500}; ///< not counted in the latencies
    std::chrono::milliseconds duration{5000};
    std::uint64_t max_requests = 0; ///< in total, including the warm-up; 0: unlimited
    double rate = 0;                ///< requests per second, over all connections; 0: a closed loop
    unsigned expected_status = 200;
};

struct load_result {
    histogram latencies;
    std::map<unsigned, std::uint64_t> statuses; ///< of all responses, including the warm-up
    std::uint64_t broken = 0;     ///< connections that failed during a request, and invalid responses
    std::uint64_t unanswered = 0; ///< requests without a response five seconds after the end
    std::chrono::duration<double> measured{0};
    std::string first_problem; ///< an unexpected response, or the reason why a connection failed

    [[nodiscard]] double per_second() const noexcept {
        return measured.count() > 0 ? static_cast<double>(latencies.count()) / measured.count() : 0;
    }
    /// The number of responses with another status, and of failed and unanswered requests.
    [[nodiscard]] std::uint64_t unexpected(unsigned expected_status) const noexcept;
};

/// Runs the plan on its own threads. `progress` is called about once a second, on the calling thread, with
/// the elapsed time and the number of responses. `stop` ends the run early. If the server can't be reached,
/// `first_problem` has the reason.
[[nodiscard]] load_result
run_load(const load_plan& plan, const std::atomic<bool>& stop,
         const std::function<void(std::chrono::duration<double>, std::uint64_t)>& progress);

} // namespace breakwater::bench
