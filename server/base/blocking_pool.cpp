#include "base/blocking_pool.hpp"

#include <algorithm>
#include <utility>

namespace breakwater {

namespace {

blocking_pool::options with_defaults(blocking_pool::options settings) {
    if (settings.max_queue_per_account == 0)
        settings.max_queue_per_account = settings.max_queue;
    if (settings.max_running_per_account == 0)
        settings.max_running_per_account = settings.threads;
    return settings;
}

} // namespace

blocking_pool::blocking_pool(options settings) : options_{with_defaults(std::move(settings))} {
    threads_.reserve(options_.threads);
    for (std::size_t i = 0; i < options_.threads; ++i)
        threads_.push_back(start_thread(options_.name, [this] { run(); }, options_.priority));
}

blocking_pool::~blocking_pool() {
    {
        const lock_guard lock{mutex_};
        stopping_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_)
        thread.join();
}

bool blocking_pool::has_capacity(std::size_t bytes) const {
    return depth_ < options_.max_queue && bytes <= options_.max_bytes - std::min(bytes_, options_.max_bytes);
}

blocking_pool::admission blocking_pool::submit(std::string_view account, std::size_t bytes, task work) {
    std::vector<task> displaced_tasks;
    admission outcome = admission::accepted;
    {
        const lock_guard lock{mutex_};
        const std::string name{account};
        const auto entry = shares_.find(name);
        const std::size_t account_depth = entry == shares_.end() ? 0 : entry->second.tasks.size();
        const std::size_t account_bytes = entry == shares_.end() ? 0 : entry->second.bytes;
        // Only the limit of the whole queue applies to the first task of an account. Otherwise a task larger
        // than the account's share would be refused every time.
        const bool over_share = account_depth >= options_.max_queue_per_account ||
                                (account_depth > 0 && account_bytes + bytes > options_.max_bytes / 2);
        if (stopping_) {
            outcome = admission::full;
        } else if (over_share) {
            outcome = admission::share_full;
            ++share_full_;
        } else {
            while (outcome == admission::accepted && !has_capacity(bytes)) {
                task victim = displace(account_depth + 1, account_bytes + bytes);
                if (victim)
                    displaced_tasks.push_back(std::move(victim));
                else
                    outcome = admission::full;
            }
            if (outcome == admission::full)
                ++full_;
        }
        if (outcome == admission::accepted) {
            share& account_share = shares_[name];
            if (account_share.tasks.empty())
                accounts_.push_back(name);
            account_share.tasks.push_back({std::move(work), bytes});
            account_share.bytes += bytes;
            ++depth_;
            bytes_ += bytes;
        }
    }
    if (outcome == admission::accepted)
        wake_.notify_one();
    for (task& victim : displaced_tasks)
        victim(disposition::displaced);
    return outcome;
}

blocking_pool::task blocking_pool::displace(std::size_t depth, std::size_t bytes) {
    const bool by_bytes = depth_ < options_.max_queue;
    const auto largest = std::ranges::max_element(shares_, {}, [by_bytes](const auto& entry) {
        return by_bytes ? entry.second.bytes : entry.second.tasks.size();
    });
    if (largest == shares_.end())
        return {};
    share& account_share = largest->second;
    if (by_bytes ? account_share.bytes <= bytes : account_share.tasks.size() <= depth)
        return {};
    task victim = std::move(account_share.tasks.back().work);
    account_share.bytes -= account_share.tasks.back().bytes;
    bytes_ -= account_share.tasks.back().bytes;
    --depth_;
    ++displaced_;
    account_share.tasks.pop_back();
    if (account_share.tasks.empty()) {
        std::erase(accounts_, largest->first);
        shares_.erase(largest);
    }
    return victim;
}

std::size_t blocking_pool::depth() const {
    const lock_guard lock{mutex_};
    return depth_;
}

blocking_pool::counters blocking_pool::count() const {
    const lock_guard lock{mutex_};
    return {
        .depth = depth_, .bytes = bytes_, .full = full_, .share_full = share_full_, .displaced = displaced_};
}

/// Skips no more accounts than there are threads: only accounts with running tasks are skipped.
std::deque<std::string>::iterator blocking_pool::next_account() {
    return std::ranges::find_if(accounts_, [this](const std::string& name) REQUIRES(mutex_) {
        const auto entry = running_.find(name);
        return entry == running_.end() || entry->second < options_.max_running_per_account;
    });
}

blocking_pool::next_task blocking_pool::take_next() {
    const auto position = next_account();
    std::string name = std::move(*position);
    accounts_.erase(position);
    ++running_[name];
    const auto entry = shares_.find(name);
    share& account_share = entry->second;
    waiting_task next = std::move(account_share.tasks.front());
    account_share.tasks.pop_front();
    account_share.bytes -= next.bytes;
    --depth_;
    bytes_ -= next.bytes;
    if (account_share.tasks.empty())
        shares_.erase(entry);
    else
        accounts_.push_back(name);
    return {std::move(next), std::move(name)};
}

void blocking_pool::finish_task(const std::string& account) {
    const auto entry = running_.find(account);
    if (--entry->second == 0)
        running_.erase(entry);
    // Another task of this account may run now, and a sleeping thread may have to run it.
    if (depth_ > 0)
        wake_.notify_one();
}

void blocking_pool::run() {
    unique_lock lock{mutex_};
    for (;;) {
        wake_.wait(lock, [this]() REQUIRES(mutex_) {
            return depth_ == 0 ? stopping_ : next_account() != accounts_.end();
        });
        if (depth_ == 0)
            return; // stopping, and the queue is empty
        next_task next = take_next();
        lock.unlock();
        next.task.work(disposition::run);
        next.task.work = nullptr; // releases its resources outside the lock
        lock.lock();
        finish_task(next.account);
    }
}

} // namespace breakwater
