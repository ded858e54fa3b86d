#include "load/report.hpp"

#include <fmt/format.h>

#include <cmath>

namespace breakwater::bench {

namespace {

double millis(std::chrono::nanoseconds of) {
    return std::chrono::duration<double, std::milli>(of).count();
}

} // namespace

std::string describe(const load_plan& plan, const load_result& result) {
    const histogram& seen = result.latencies;
    std::string out =
        fmt::format("http://{}{}, {} connections on {} thread{}, {:.1f} s\n", plan.to.host, plan.to.target,
                    plan.connections, plan.threads, plan.threads == 1 ? "" : "s", result.measured.count());
    out += fmt::format("  requests   {:.0f} a second, {} measured\n", result.per_second(), seen.count());
    out += fmt::format(
        "  latency    p50 {:.2f} ms   p90 {:.2f} ms   p99 {:.2f} ms   p99.9 {:.2f} ms   max {:.2f} ms\n",
        millis(seen.percentile(0.5)), millis(seen.percentile(0.9)), millis(seen.percentile(0.99)),
        millis(seen.percentile(0.999)), millis(seen.max()));
    out += "  answers   ";
    for (const auto& [status, count] : result.statuses)
        out += fmt::format(" {}: {}", status, count);
    out += '\n';
    if (const auto bad = result.unexpected(plan.expected_status); bad != 0) {
        out += fmt::format("  NOT AS EXPECTED: {} of the answers are not {} ({} broken, {} unanswered).\n",
                           bad, plan.expected_status, result.broken, result.unanswered);
        if (!result.first_problem.empty())
            out += fmt::format("  The first: {}\n", result.first_problem);
    }
    return out;
}

std::string machine_line(const load_plan& plan, const load_result& result) {
    const auto micros = [&result](double share) {
        return std::chrono::ceil<std::chrono::microseconds>(result.latencies.percentile(share)).count();
    };
    std::uint64_t answers = 0; // the warm-up's too
    for (const auto& [status, count] : result.statuses)
        answers += count;
    return fmt::format(
        "rate={:.0f} p50_us={} p90_us={} p95_us={} p99_us={} p999_us={} measured={} answers={} "
        "unexpected={}\n",
        std::floor(result.per_second()), micros(0.5), micros(0.9), micros(0.95), micros(0.99), micros(0.999),
        result.latencies.count(), answers, result.unexpected(plan.expected_status));
}

} // namespace breakwater::bench
