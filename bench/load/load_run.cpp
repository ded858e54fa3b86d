#include "load/load_run.hpp"

#include "load/load_worker.hpp"

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

namespace breakwater::bench {

std::uint64_t load_result::unexpected(unsigned expected_status) const noexcept {
    std::uint64_t total = broken + unanswered;
    for (const auto& [status, count] : statuses)
        if (status != expected_status)
            total += count;
    return total;
}

load_result run_load(const load_plan& plan, const std::atomic<bool>& stop,
                     const std::function<void(std::chrono::duration<double>, std::uint64_t)>& progress) {
    using clock = load_worker::clock;
    std::vector<std::unique_ptr<load_worker>> workers;
    for (std::size_t i = 0; i < plan.threads; ++i) {
        workers.push_back(std::make_unique<load_worker>(plan, i, stop));
        if (!workers.back()->connect()) {
            load_result failed = workers.back()->result();
            failed.broken = std::max<std::uint64_t>(failed.broken, 1);
            return failed;
        }
    }

    const clock::time_point start = clock::now();
    const load_worker::schedule times{start + plan.warm_up, start + plan.warm_up + plan.duration};
    std::mutex mutex;
    std::condition_variable ended;
    std::size_t running = workers.size();
    std::vector<std::jthread> threads;
    for (const auto& worker : workers)
        threads.emplace_back([&, started = worker.get()] {
            started->run(times);
            const std::lock_guard lock{mutex};
            if (--running == 0)
                ended.notify_one();
        });
    {
        std::unique_lock lock{mutex};
        while (!ended.wait_for(lock, std::chrono::seconds{1}, [&] { return running == 0; })) {
            std::uint64_t answered = 0;
            for (const auto& worker : workers)
                answered += worker->answered();
            progress(clock::now() - start, answered);
        }
    }
    threads.clear();

    load_result all;
    all.measured = std::max(clock::duration::zero(), std::min(clock::now(), times.end) - times.count_from);
    for (const auto& worker : workers) {
        const load_result& part = worker->result();
        all.latencies.merge(part.latencies);
        for (const auto& [status, count] : part.statuses)
            all.statuses[status] += count;
        all.broken += part.broken;
        all.unanswered += part.unanswered;
        if (all.first_problem.empty())
            all.first_problem = part.first_problem;
    }
    return all;
}

} // namespace breakwater::bench
