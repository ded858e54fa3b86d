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

/// A closed loop: each connection sends a request, waits for its answer, sends the next. With a `rate` an
/// open one: requests are due at even intervals, whatever the answers do, and a latency begins when its
/// request was due, so that none hides by holding up those behind it (Tene, "How NOT to Measure Latency",
/// 2015).
struct load_plan {
    endpoint to;
    std::vector<std::string>
        requests;            ///< whole, as bytes; connection c of C sends c, c+C, c+2C, … and begins anew
    std::string shared_body; ///< sent after each: the requests then end with their headers
    std::size_t connections = 64;
    std::size_t threads = 1;
    std::chrono::milliseconds warm_up{500}; ///< before anything is counted
    std::chrono::milliseconds duration{5000};
    std::uint64_t max_requests = 0; ///< altogether, the warm-up's too; 0: as many as fit
    double rate = 0;                ///< requests a second of all connections together; 0: a closed loop
    unsigned expected_status = 200;
};

struct load_result {
    histogram latencies;
    std::map<unsigned, std::uint64_t> statuses; ///< of all answers, the warm-up's too
    std::uint64_t broken = 0;     ///< connections that failed under a request, and answers that made no sense
    std::uint64_t unanswered = 0; ///< requests still open a while after the end
    std::chrono::duration<double> measured{0};
    std::string first_problem; ///< an unexpected answer, or why a connection failed

    [[nodiscard]] double per_second() const noexcept {
        return measured.count() > 0 ? static_cast<double>(latencies.count()) / measured.count() : 0;
    }
    /// Answers with another status than the expected one, and all that failed.
    [[nodiscard]] std::uint64_t unexpected(unsigned expected_status) const noexcept;
};

/// Runs the plan on its own threads. `progress` is called about once a second, on the calling thread, with
/// the time and the answers so far; `stop` ends the run early. What can't connect at all is in
/// `first_problem`.
[[nodiscard]] load_result
run_load(const load_plan& plan, const std::atomic<bool>& stop,
         const std::function<void(std::chrono::duration<double>, std::uint64_t)>& progress);

} // namespace breakwater::bench
