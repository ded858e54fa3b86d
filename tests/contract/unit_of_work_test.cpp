#include "contract/backend.hpp"

#include <algorithm>
#include <atomic>
#include <functional>
#include <future>
#include <numeric>
#include <semaphore>
#include <stdexcept>
#include <thread>

namespace breakwater::storage::contract {
namespace {

class units_of_work : public storage_test {
protected:
    /// Blocks the writer in a unit of work until `release_writer`, so that the units written meanwhile become
    /// one group.
    void hold_writer() {
        db_->write_async(
            [this](transaction&) -> result<void> {
                started_.release();
                released_.acquire();
                return {};
            },
            [](const result<void>&) {});
        started_.acquire();
    }
    void release_writer() { released_.release(); }

    static catalogue::unit_of_work add_user_work(std::string email, bool fails_after = false) {
        return [email = std::move(email), fails_after](transaction& tx) -> result<void> {
            auto added = tx.users().insert({.email = email});
            if (!added)
                return pass(std::move(added));
            if (fails_after)
                return fail(errc::conflict, "rolled back");
            return {};
        };
    }

    std::vector<std::string> emails() {
        std::vector<std::string> out;
        read([&](const snapshot& state) {
            const auto all = state.users().list();
            for (const user& account : *all)
                out.push_back(account.email);
        });
        return out;
    }

private:
    std::binary_semaphore started_{0};
    std::binary_semaphore released_{0};
};
INSTANTIATE_TEST_SUITE_P(, units_of_work, testing::ValuesIn(backends()), backend_name);

using texts = std::vector<std::string>;

TEST_P(units_of_work, change_nothing_when_they_fail) {
    bool ran = false;
    const auto done = db_->write([&](transaction& tx) -> result<void> {
        tx.after_commit([&] { ran = true; });
        if (auto added = tx.audit().append({.created_at = at(1)}); !added)
            return pass(std::move(added));
        return add_user_work("ann@example.com", true)(tx);
    });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, errc::conflict);
    EXPECT_EQ(done.error().detail, "rolled back");
    EXPECT_FALSE(ran);
    EXPECT_EQ(emails(), texts{});
    read([](const snapshot& state) { EXPECT_TRUE(state.audit().list({})->empty()); });
}

TEST_P(units_of_work, that_throw_are_rolled_back_and_do_not_stop_the_writer) {
    const auto done = db_->write([&](transaction& tx) -> result<void> {
        (void)tx.users().insert({.email = "ann@example.com"});
        throw std::runtime_error{"a bug"};
    });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, errc::internal);
    EXPECT_EQ(done.error().detail.find("a bug"), std::string::npos) << "the text must not leave the server";
    write(add_user_work("bob@example.com"));
    EXPECT_EQ(emails(), texts{"bob@example.com"});
}

TEST_P(units_of_work, see_their_own_changes_and_readers_see_them_after_the_commit) {
    write([&](transaction& tx) -> result<void> {
        const auto id = *tx.users().insert({.email = "ann@example.com"});
        EXPECT_TRUE(*tx.users().find(id));
        std::thread{[&] { EXPECT_EQ(emails(), texts{}); }}.join();
        return {};
    });
    EXPECT_EQ(emails(), texts{"ann@example.com"});
}

TEST_P(units_of_work, fail_alone_in_a_group) {
    hold_writer();
    std::vector<std::future<result<void>>> outcomes;
    std::vector<int> order; // units and completions run one at a time
    for (int i = 0; i < 6; ++i) {
        auto completed = std::make_shared<std::promise<result<void>>>();
        outcomes.push_back(completed->get_future());
        db_->write_async(
            [&, i, inner = add_user_work("u" + std::to_string(i) + "@example.com", i % 3 == 1)](
                transaction& tx) mutable {
                tx.after_commit([&order, i] { order.push_back(i); });
                if (i == 5)
                    throw std::runtime_error{"a bug"};
                return inner(tx);
            },
            [completed, &order, i](result<void> outcome) {
                order.push_back(100 + i);
                completed->set_value(std::move(outcome));
            });
    }
    release_writer();
    std::vector<bool> succeeded;
    for (auto& outcome : outcomes)
        succeeded.push_back(outcome.get().has_value());
    EXPECT_EQ(succeeded, (std::vector<bool>{true, false, true, true, false, false}));
    EXPECT_EQ(emails(), (texts{"u0@example.com", "u2@example.com", "u3@example.com"}));
    // `after_commit` actions run in order and before the completions; not for units that were rolled back.
    const auto completion_of = [&](int i) { return std::ranges::find(order, 100 + i); };
    std::vector<int> ran;
    std::ranges::copy_if(order, std::back_inserter(ran), [](int i) { return i < 100; });
    EXPECT_EQ(ran, (std::vector<int>{0, 2, 3}));
    for (const int i : ran)
        EXPECT_LT(std::ranges::find(order, i), completion_of(i));
}

TEST_P(units_of_work, and_the_calls_after_them_never_overlap_and_may_submit_further_units) {
    std::atomic<int> running{0};
    std::atomic<int> calls{0};
    std::atomic<bool> overlapped{false};
    const auto call = [&] {
        if (running++ != 0)
            overlapped = true;
        std::this_thread::yield();
        --running;
        ++calls;
    };
    struct : change_follower {
        std::function<void()> call;
        void follow(const change&) override { call(); }
    } follower;
    follower.call = call;
    const change_feed::subscription follows{db_->feed(), follower};
    std::counting_semaphore<> finished{0};
    std::function<void(int)> submit = [&](int further) {
        db_->write_async(
            [&](transaction& tx) {
                call();
                tx.after_commit(call);
                return tx.changes().publish(rule_changed{1});
            },
            [&, further](const result<void>& outcome) {
                EXPECT_TRUE(outcome);
                call();
                if (further > 0)
                    submit(further - 1);
                finished.release();
            });
    };
    constexpr int threads = 4;
    std::vector<std::thread> submitting;
    for (int i = 0; i < threads; ++i)
        submitting.emplace_back([&] { submit(9); });
    for (auto& thread : submitting)
        thread.join();
    for (int i = 0; i < threads * 10; ++i)
        finished.acquire();
    EXPECT_FALSE(overlapped);
    EXPECT_EQ(calls, threads * 10 * 4) << "unit, action, delivery and completion, each once";
}

TEST_P(units_of_work, are_refused_when_the_queue_is_full) {
    reopen({.max_queued_writes = 3, .max_group = 2});
    hold_writer();
    std::counting_semaphore<> finished{0};
    for (int i = 0; i < 3; ++i)
        db_->write_async(add_user_work("u" + std::to_string(i) + "@example.com"),
                         [&](const result<void>& outcome) {
                             EXPECT_TRUE(outcome);
                             finished.release();
                         });
    EXPECT_EQ(db_->write_queue_depth(), 3U);
    std::optional<error> refused;
    db_->write_async(add_user_work("late@example.com"),
                     [&](const result<void>& outcome) { refused = outcome.error(); });
    ASSERT_TRUE(refused) << "refused at once, on the caller's thread";
    EXPECT_EQ(refused->code, errc::overloaded);
    EXPECT_TRUE(refused->retry_after);
    release_writer();
    for (int i = 0; i < 3; ++i)
        finished.acquire();
    write(add_user_work("last@example.com"));
    EXPECT_EQ(emails(), (texts{"u0@example.com", "u1@example.com", "u2@example.com", "last@example.com"}));
}

TEST_P(units_of_work, from_many_threads_run_exactly_once_each) {
    const auto ann = add_user("ann@example.com");
    const auto device = add_device(ann, "one").id;
    constexpr int threads = 8;
    constexpr int units_per_thread = 50;
    std::vector<std::vector<reading_id>> ids_by_thread(threads);
    std::vector<std::thread> running;
    for (int t = 0; t < threads; ++t)
        running.emplace_back([&, t] {
            for (int i = 0; i < units_per_thread; ++i) {
                std::vector<reading> batch{{.device_id = device, .received_at = at(i), .payload = "{}"},
                                           {.device_id = device, .received_at = at(i), .payload = "{}"}};
                const bool fails = i % 10 == 9;
                const auto done = db_->write([&](transaction& tx) -> result<void> {
                    if (auto added = tx.readings().append(batch); !added || !fails)
                        return added;
                    return fail(errc::conflict, "rolled back");
                });
                ASSERT_EQ(done.has_value(), !fails);
                if (!fails)
                    for (const reading& added : batch)
                        ids_by_thread[static_cast<std::size_t>(t)].push_back(added.id);
                read([&](const snapshot& state) { EXPECT_TRUE(*state.devices().find(device)); });
            }
        });
    for (auto& thread : running)
        thread.join();
    std::vector<reading_id> expected;
    for (const auto& ids : ids_by_thread) {
        EXPECT_TRUE(std::ranges::is_sorted(ids, std::less_equal{}));
        expected.insert(expected.end(), ids.begin(), ids.end());
    }
    std::ranges::sort(expected);
    EXPECT_EQ(expected.size(), std::size_t{threads * 45 * 2});
    EXPECT_EQ(std::ranges::adjacent_find(expected), expected.end());
    reopen();
    read([&](const snapshot& state) {
        std::vector<reading_id> stored;
        const auto all =
            state.readings().page({.device_id = device}, reading_order::oldest_first, {}, 10'000);
        for (const reading& item : *all)
            stored.push_back(item.id);
        std::ranges::sort(stored);
        EXPECT_EQ(stored, expected);
    });
}

TEST_P(units_of_work, that_were_accepted_are_finished_at_shutdown) {
    hold_writer();
    for (int i = 0; i < 20; ++i)
        db_->write_async(add_user_work("u" + std::to_string(i) + "@example.com"),
                         [](const result<void>& outcome) { EXPECT_TRUE(outcome); });
    std::thread closing{[&] { db_.reset(); }};
    release_writer();
    closing.join();
    reopen();
    EXPECT_EQ(emails().size(), 20U);
}

TEST_P(units_of_work, cannot_be_nested) {
    write([&](transaction&) -> result<void> {
        const auto inner = db_->write(add_user_work("ann@example.com"));
        EXPECT_FALSE(inner);
        return {};
    });
    EXPECT_EQ(emails(), texts{});
}

} // namespace
} // namespace breakwater::storage::contract
