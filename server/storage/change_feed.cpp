#include "storage/change_feed.hpp"

namespace breakwater::storage {

change_feed::subscription::subscription(change_feed& feed, change_follower& follower)
    : feed_{feed}, follower_{follower} {
    const lock_guard lock{feed_.mutex_};
    feed_.followers_.push_back(&follower_);
}

change_feed::subscription::~subscription() {
    const lock_guard lock{feed_.mutex_};
    std::erase(feed_.followers_, &follower_);
}

void change_feed::deliver(const change& committed) {
    const lock_guard lock{mutex_};
    for (change_follower* follower : followers_)
        follower->follow(committed);
}

} // namespace breakwater::storage
