#include "base/blocking_pool.hpp"

#include <algorithm>
#include <utility>

namespace breakwater {

namespace {

blocking_pool::options complete(blocking_pool::options chosen) {
    if (chosen.max_queue_of_one == 0)
        chosen.max_queue_of_one = chosen.max_queue;
    if (chosen.max_running_of_one == 0)
        chosen.max_running_of_one = chosen.threads;
    return chosen;
}

} // namespace

blocking_pool::blocking_pool(options chosen) : options_{complete(std::move(chosen))} {
    threads_.reserve(options_.threads);
    for (std::size_t i = 0; i < options_.threads; ++i)
        threads_.push_back(start_thread(options_.name, [this] { run(); }, options_.priority));
}

blocking_pool::~blocking_pool() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_)
        thread.join();
}

bool blocking_pool::has_room(std::size_t bytes) const {
    return depth_ < options_.max_queue && bytes <= options_.max_bytes - std::min(bytes_, options_.max_bytes);
}

blocking_pool::admission blocking_pool::submit(std::string_view account, std::size_t bytes, task work) {
    std::vector<task> pushed_out;
    admission answer = admission::taken;
    {
        const std::lock_guard lock{mutex_};
        const std::string name{account};
        const auto known = shares_.find(name);
        const std::size_t depth_of_one = known == shares_.end() ? 0 : known->second.tasks.size();
        const std::size_t bytes_of_one = known == shares_.end() ? 0 : known->second.bytes;
        // The first task of an account is measured by what all may hold, so that no size is refused for ever.
        const bool over_share = depth_of_one >= options_.max_queue_of_one ||
                                (depth_of_one > 0 && bytes_of_one + bytes > options_.max_bytes / 2);
        if (stopping_) {
            answer = admission::full;
        } else if (over_share) {
            answer = admission::share_full;
            ++share_full_;
        } else {
            while (answer == admission::taken && !has_room(bytes)) {
                task loser = displace(depth_of_one + 1, bytes_of_one + bytes);
                if (loser)
                    pushed_out.push_back(std::move(loser));
                else
                    answer = admission::full;
            }
            if (answer == admission::full)
                ++full_;
        }
        if (answer == admission::taken) {
            share& its = shares_[name];
            if (its.tasks.empty())
                turns_.push_back(name);
            its.tasks.push_back({std::move(work), bytes});
            its.bytes += bytes;
            ++depth_;
            bytes_ += bytes;
        }
    }
    if (answer == admission::taken)
        wake_.notify_one();
    for (task& loser : pushed_out)
        loser(turn::displaced);
    return answer;
}

blocking_pool::task blocking_pool::displace(std::size_t depth, std::size_t bytes) {
    const bool by_bytes = depth_ < options_.max_queue;
    const auto most = std::ranges::max_element(shares_, {}, [by_bytes](const auto& each) {
        return by_bytes ? each.second.bytes : each.second.tasks.size();
    });
    if (most == shares_.end())
        return {};
    share& its = most->second;
    if (by_bytes ? its.bytes <= bytes : its.tasks.size() <= depth)
        return {};
    task loser = std::move(its.tasks.back().work);
    its.bytes -= its.tasks.back().bytes;
    bytes_ -= its.tasks.back().bytes;
    --depth_;
    ++displaced_;
    its.tasks.pop_back();
    if (its.tasks.empty()) {
        std::erase(turns_, most->first);
        shares_.erase(most);
    }
    return loser;
}

std::size_t blocking_pool::depth() const {
    const std::lock_guard lock{mutex_};
    return depth_;
}

blocking_pool::counters blocking_pool::count() const {
    const std::lock_guard lock{mutex_};
    return {
        .depth = depth_, .bytes = bytes_, .full = full_, .share_full = share_full_, .displaced = displaced_};
}

/// Past at most as many as there are threads: no others run what would keep them waiting.
std::deque<std::string>::iterator blocking_pool::next_turn() {
    return std::ranges::find_if(turns_, [this](const std::string& name) {
        const auto its = running_.find(name);
        return its == running_.end() || its->second < options_.max_running_of_one;
    });
}

blocking_pool::next_task blocking_pool::take_next() {
    const auto first = next_turn();
    std::string name = std::move(*first);
    turns_.erase(first);
    ++running_[name];
    const auto at = shares_.find(name);
    share& its = at->second;
    waiting_task next = std::move(its.tasks.front());
    its.tasks.pop_front();
    its.bytes -= next.bytes;
    --depth_;
    bytes_ -= next.bytes;
    if (its.tasks.empty())
        shares_.erase(at);
    else
        turns_.push_back(name);
    return {std::move(next), std::move(name)};
}

void blocking_pool::ended(const std::string& account) {
    const auto its = running_.find(account);
    if (--its->second == 0)
        running_.erase(its);
    // What waited for this one to end may be for a thread that sleeps.
    if (depth_ > 0)
        wake_.notify_one();
}

void blocking_pool::run() {
    std::unique_lock lock{mutex_};
    for (;;) {
        wake_.wait(lock, [this] { return depth_ == 0 ? stopping_ : next_turn() != turns_.end(); });
        if (depth_ == 0)
            return; // stopping, and all of it done
        next_task next = take_next();
        lock.unlock();
        next.task.work(turn::run);
        next.task.work = nullptr; // what it holds is released outside the lock
        lock.lock();
        ended(next.account);
    }
}

} // namespace breakwater
