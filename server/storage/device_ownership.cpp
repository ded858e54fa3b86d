#include "storage/device_ownership.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace breakwater::storage {

ownership_feed::subscription::subscription(ownership_feed& feed, ownership_follower& follower)
    : feed_{feed}, follower_{follower} {
    const lock_guard lock{feed_.mutex_};
    feed_.followers_.push_back(&follower_);
}

ownership_feed::subscription::~subscription() {
    const lock_guard lock{feed_.mutex_};
    std::erase(feed_.followers_, &follower_);
}

result<void> ownership_feed::take_over(transaction& tx, std::span<const device_id> devices) {
    const lock_guard lock{mutex_};
    for (ownership_follower* follower : followers_)
        if (auto done = follower->take_over(tx, devices); !done)
            return done;
    return {};
}

void ownership_feed::finish(std::span<const device_id> devices, std::move_only_function<void()> done) {
    struct countdown {
        std::atomic<std::size_t> left{1};
        std::move_only_function<void()> done;
        void step() {
            if (left.fetch_sub(1) == 1)
                done();
        }
    };
    const auto all = std::make_shared<countdown>();
    all->done = std::move(done);
    {
        const lock_guard lock{mutex_};
        for (ownership_follower* follower : followers_) {
            ++all->left;
            follower->finish(devices, [all] { all->step(); });
        }
    }
    all->step();
}

result<void> ownership_feed::hand_over(transaction& tx, std::span<const device_id> devices) {
    const lock_guard lock{mutex_};
    for (ownership_follower* follower : followers_)
        if (auto done = follower->hand_over(tx, devices); !done)
            return done;
    return {};
}

} // namespace breakwater::storage
