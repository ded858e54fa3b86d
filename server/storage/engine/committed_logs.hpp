#pragma once

#include "storage/audit_log.hpp"
#include "storage/change_feed.hpp"
#include "storage/change_log.hpp"
#include "storage/engine/write_queue.hpp"

#include <functional>
#include <utility>
#include <vector>

namespace breakwater::storage::engine {

/// Notifies the listener of each appended event after the commit.
class observed_audit_log final : public storage::audit_log {
public:
    observed_audit_log(storage::audit_log& log, const std::function<void(const security_event&)>& listener,
                       actions& after) noexcept
        : log_{log}, listener_{listener}, after_{after} {}
    result<std::vector<security_event>> list(const event_query& query) const override {
        return log_.list(query);
    }
    result<event_id> append(const security_event& event) override {
        auto id = log_.append(event);
        if (id && listener_) {
            security_event recorded = event;
            recorded.id = *id;
            // The action outlives this object; the listener belongs to the writer.
            after_.push_back(
                {.call = [&listener = listener_, recorded = std::move(recorded)] { listener(recorded); },
                 .is_of_caller = false});
        }
        return id;
    }
    result<std::int64_t> expire(timestamp before, std::int64_t max_count) override {
        return log_.expire(before, max_count);
    }
    result<std::int64_t> take_expired_count() override { return log_.take_expired_count(); }

private:
    storage::audit_log& log_;
    const std::function<void(const security_event&)>& listener_;
    actions& after_;
};

/// Delivers each published change after the commit.
class delivered_change_log final : public storage::change_log {
public:
    delivered_change_log(storage::change_log& log, change_feed& feed, actions& after) noexcept
        : log_{log}, feed_{feed}, after_{after} {}
    result<std::vector<logged_change>> after(change_position position, std::size_t limit) const override {
        return log_.after(position, limit);
    }
    result<change_position> last() const override { return log_.last(); }
    result<void> publish(change made) override {
        if (auto logged = log_.publish(made); !logged)
            return logged;
        after_.push_back(
            {.call = [&feed = feed_, made = std::move(made)] { feed.deliver(made); }, .is_of_caller = false});
        return {};
    }

private:
    storage::change_log& log_;
    change_feed& feed_;
    actions& after_;
};

} // namespace breakwater::storage::engine
