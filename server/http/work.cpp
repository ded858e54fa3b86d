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
    const auto options = [&plan](work kind) -> work_options& { return plan[static_cast<std::size_t>(kind)]; };
    // Control and command mostly wait for the disk, so they may have more threads than processors.
    options(work::control) = {.threads = 4};
    options(work::command) = {.threads = 4};
    options(work::query) = {.threads = share, .priority = thread_priority::background};
    options(work::report) = {.threads = share,
                             .max_queue = 256,
                             .max_running_per_account = share - 1, // one account never holds all threads
                             .priority = thread_priority::long_running,
                             .deadline = seconds{30}};
    options(work::bulk) = {.threads = 2, .priority = thread_priority::background, .deadline = seconds{30}};
    options(work::hashing) = {.threads = 2, .max_queue = 64, .priority = thread_priority::background};
    options(work::registration) = {.max_queue = 64, .priority = thread_priority::background};
    return plan;
}

work_pools::work_pools(const work_plan& plan) {
    for (std::size_t i = 0; i < work_classes; ++i) {
        const work_options& options = plan[i];
        deadlines_[i] = options.deadline;
        pools_[i] = std::make_unique<blocking_pool>(blocking_pool::options{
            .name = "bw-" + std::string{to_string(static_cast<work>(i))},
            .threads = options.threads,
            .max_queue = options.max_queue,
            .max_queue_per_account = options.max_queue_per_account != 0
                                         ? options.max_queue_per_account
                                         : std::max<std::size_t>(options.max_queue / 2, 1),
            .max_running_per_account = options.max_running_per_account,
            .max_bytes = options.max_bytes,
            .priority = options.priority});
    }
}

} // namespace breakwater::http
