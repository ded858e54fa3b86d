#include "http/work.hpp"

#include <algorithm>
#include <string>

namespace breakwater::http {

std::string_view to_string(work value) noexcept {
    switch (value) {
    case work::control: return "control";
    case work::command: return "command";
    case work::query: return "query";
    case work::report: return "report";
    case work::bulk: return "bulk";
    case work::hashing: return "hashing";
    case work::registration: return "registration";
    }
    return "unknown";
}

work_plan default_work_plan(std::size_t processors) {
    const std::size_t share = std::max<std::size_t>(2, processors / 2);
    using std::chrono::seconds;
    work_plan plan;
    const auto of = [&plan](work kind) -> work_options& { return plan[static_cast<std::size_t>(kind)]; };
    // Both wait for the disk more than they compute.
    of(work::control) = {.threads = 4};
    of(work::command) = {.threads = 4};
    of(work::query) = {.threads = share, .priority = thread_priority::background};
    of(work::report) = {.threads = share,
                        .max_queue = 256,
                        .max_running_of_one = share - 1, // an account never holds them all
                        .priority = thread_priority::long_running,
                        .deadline = seconds{30}};
    of(work::bulk) = {.threads = 2, .priority = thread_priority::background, .deadline = seconds{30}};
    of(work::hashing) = {.threads = 2, .max_queue = 64, .priority = thread_priority::background};
    of(work::registration) = {.max_queue = 64, .priority = thread_priority::background};
    return plan;
}

work_pools::work_pools(const work_plan& plan) {
    for (std::size_t i = 0; i < work_classes; ++i) {
        const work_options& chosen = plan[i];
        deadlines_[i] = chosen.deadline;
        pools_[i] = std::make_unique<blocking_pool>(blocking_pool::options{
            .name = "bw-" + std::string{to_string(static_cast<work>(i))},
            .threads = chosen.threads,
            .max_queue = chosen.max_queue,
            .max_queue_of_one = chosen.max_queue_of_one != 0 ? chosen.max_queue_of_one
                                                             : std::max<std::size_t>(chosen.max_queue / 2, 1),
            .max_running_of_one = chosen.max_running_of_one,
            .max_bytes = chosen.max_bytes,
            .priority = chosen.priority});
    }
}

} // namespace breakwater::http
