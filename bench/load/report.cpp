#include "load/report.hpp"

#include <fmt/format.h>

#include <cmath>

namespace breakwater::bench {

namespace {

double millis(std::chrono::nanoseconds time) {
    return std::chrono::duration<double, std::milli>(time).count();
}

} // namespace

std::string describe(const load_plan& plan, const load_result& result) {
    const histogram& latencies = result.latencies;
    std::string out = fmt::format("http://{}{}, {} connections on {} thread{}, {:.1f} s\n", plan.server.host,
                                  plan.server.target, plan.connections, plan.threads,
                                  plan.threads == 1 ? "" : "s", result.measured.count());
    out +=
        fmt::format("  requests   {:.0f} per second, {} measured\n", result.per_second(), latencies.count());
    out += fmt::format(
        "  latency    p50 {:.2f} ms   p90 {:.2f} ms   p99 {:.2f} ms   p99.9 {:.2f} ms   max {:.2f} ms\n",
        millis(latencies.percentile(0.5)), millis(latencies.percentile(0.9)),
        millis(latencies.percentile(0.99)), millis(latencies.percentile(0.999)), millis(latencies.max()));
    out += "  responses ";
    for (const auto& [status, count] : result.statuses)
        out += fmt::format(" {}: {}", status, count);
    out += '\n';
    if (const auto unexpected = result.unexpected(plan.expected_status); unexpected != 0) {
        out += fmt::format("  UNEXPECTED: {} requests did not return {} ({} broken, {} unanswered).\n",
                           unexpected, plan.expected_status, result.broken, result.unanswered);
        if (!result.first_problem.empty())
            out += fmt::format("  First problem: {}\n", result.first_problem);
    }
    return out;
}

std::string machine_line(const load_plan& plan, const load_result& result) {
    const auto micros = [&result](double share) {
        return std::chrono::ceil<std::chrono::microseconds>(result.latencies.percentile(share)).count();
    };
    std::uint64_t answers = 0; // including the warm-up
    for (const auto& [status, count] : result.statuses)
        answers += count;
    return fmt::format(
        "rate={:.0f} p50_us={} p90_us={} p95_us={} p99_us={} p999_us={} measured={} answers={} "
        "unexpected={}\n",
        std::floor(result.per_second()), micros(0.5), micros(0.9), micros(0.95), micros(0.99), micros(0.999),
        result.latencies.count(), answers, result.unexpected(plan.expected_status));
}

} // namespace breakwater::bench
