#include "contract/backend.hpp"

#include <algorithm>
#include <future>
#include <numeric>
#include <semaphore>
#include <stdexcept>
#include <thread>

namespace breakwater::storage::contract {
namespace {

class units_of_work : public stored {
protected:
    /// Keeps the writer inside a unit of work until `release`, so that what comes meanwhile becomes one
    /// group.
    void hold_writer() {
        db_->write_async(
            [this](transaction&) -> result<void> {
                holding_.release();
                go_on_.acquire();
                return {};
            },
            [](const result<void>&) {});
        holding_.acquire();
    }
    void release_writer() { go_on_.release(); }

    static database::unit_of_work adding(std::string email, bool then_fails = false) {
        return [email = std::move(email), then_fails](transaction& tx) -> result<void> {
            auto added = tx.users().insert({.email = email});
            if (!added)
                return pass(std::move(added));
            if (then_fails)
                return fail(errc::conflict, "changed its mind");
            return {};
        };
    }

    std::vector<std::string> emails() {
        std::vector<std::string> out;
        read([&](const snapshot& state) {
            const auto all = state.users().list();
            for (const auto& each : *all)
                out.push_back(each.email);
        });
        return out;
    }

private:
    std::binary_semaphore holding_{0};
    std::binary_semaphore go_on_{0};
};
INSTANTIATE_TEST_SUITE_P(, units_of_work, testing::ValuesIn(backends()), backend_name);

using texts = std::vector<std::string>;

TEST_P(units_of_work, leave_no_trace_when_they_fail) {
    bool ran = false;
    const auto done = db_->write([&](transaction& tx) -> result<void> {
        tx.after_commit([&] { ran = true; });
        if (auto added = tx.audit().append({.created_at = at(1)}); !added)
            return pass(std::move(added));
        return adding("ann@example.com", true)(tx);
    });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, errc::conflict);
    EXPECT_EQ(done.error().detail, "changed its mind");
    EXPECT_FALSE(ran);
    EXPECT_EQ(emails(), texts{});
    read([](const snapshot& state) { EXPECT_TRUE(state.audit().list({})->empty()); });
}

TEST_P(units_of_work, that_throw_are_rolled_back_and_dont_stop_the_writer) {
    const auto done = db_->write([&](transaction& tx) -> result<void> {
        (void)tx.users().insert({.email = "ann@example.com"});
        throw std::runtime_error{"a bug"};
    });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, errc::internal);
    EXPECT_EQ(done.error().detail.find("a bug"), std::string::npos) << "the text stays inside";
    write(adding("bob@example.com"));
    EXPECT_EQ(emails(), texts{"bob@example.com"});
}

TEST_P(units_of_work, see_what_they_changed_and_readers_dont_before_the_commit) {
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
    std::vector<int> order; // only touched on the writer's thread
    for (int i = 0; i < 6; ++i) {
        auto told = std::make_shared<std::promise<result<void>>>();
        outcomes.push_back(told->get_future());
        db_->write_async(
            [&, i,
             inner = adding("u" + std::to_string(i) + "@example.com", i % 3 == 1)](transaction& tx) mutable {
                tx.after_commit([&order, i] { order.push_back(i); });
                if (i == 5)
                    throw std::runtime_error{"a bug"};
                return inner(tx);
            },
            [told, &order, i](result<void> outcome) {
                order.push_back(100 + i);
                told->set_value(std::move(outcome));
            });
    }
    release_writer();
    std::vector<bool> succeeded;
    for (auto& each : outcomes)
        succeeded.push_back(each.get().has_value());
    EXPECT_EQ(succeeded, (std::vector<bool>{true, false, true, true, false, false}));
    EXPECT_EQ(emails(), (texts{"u0@example.com", "u2@example.com", "u3@example.com"}));
    // What waits for a commit runs in order, before anyone hears of it, and not for what was rolled back.
    const auto heard = [&](int i) { return std::ranges::find(order, 100 + i); };
    std::vector<int> ran;
    std::ranges::copy_if(order, std::back_inserter(ran), [](int i) { return i < 100; });
    EXPECT_EQ(ran, (std::vector<int>{0, 2, 3}));
    for (const int i : ran)
        EXPECT_LT(std::ranges::find(order, i), heard(i));
}

TEST_P(units_of_work, are_refused_when_too_many_wait) {
    reopen({.max_queued_writes = 3, .max_group = 2});
    hold_writer();
    std::counting_semaphore<> finished{0};
    for (int i = 0; i < 3; ++i)
        db_->write_async(adding("u" + std::to_string(i) + "@example.com"), [&](const result<void>& outcome) {
            EXPECT_TRUE(outcome);
            finished.release();
        });
    EXPECT_EQ(db_->write_queue_depth(), 3U);
    std::optional<error> refused;
    db_->write_async(adding("late@example.com"),
                     [&](const result<void>& outcome) { refused = outcome.error(); });
    ASSERT_TRUE(refused) << "refused at once, by the caller's thread";
    EXPECT_EQ(refused->code, errc::overloaded);
    EXPECT_TRUE(refused->retry_after);
    release_writer();
    for (int i = 0; i < 3; ++i)
        finished.acquire();
    write(adding("last@example.com"));
    EXPECT_EQ(emails(), (texts{"u0@example.com", "u1@example.com", "u2@example.com", "last@example.com"}));
}

TEST_P(units_of_work, of_many_threads_are_all_done_once) {
    const auto ann = add_user("ann@example.com");
    const auto device = add_device(ann, "one").id;
    constexpr int threads = 8;
    constexpr int each = 50;
    std::vector<std::vector<reading_id>> given(threads);
    std::vector<std::thread> running;
    for (int t = 0; t < threads; ++t)
        running.emplace_back([&, t] {
            for (int i = 0; i < each; ++i) {
                std::vector<reading> batch{{.device_id = device, .received_at = at(i), .payload = "{}"},
                                           {.device_id = device, .received_at = at(i), .payload = "{}"}};
                const bool fails = i % 10 == 9;
                const auto done = db_->write([&](transaction& tx) -> result<void> {
                    if (auto added = tx.readings().append(batch); !added || !fails)
                        return added;
                    return fail(errc::conflict, "changed its mind");
                });
                ASSERT_EQ(done.has_value(), !fails);
                if (!fails)
                    for (const reading& kept : batch)
                        given[static_cast<std::size_t>(t)].push_back(kept.id);
                read([&](const snapshot& state) { EXPECT_TRUE(*state.devices().find(device)); });
            }
        });
    for (auto& thread : running)
        thread.join();
    std::vector<reading_id> expected;
    for (const auto& ids : given) {
        EXPECT_TRUE(std::ranges::is_sorted(ids, std::less_equal{}));
        expected.insert(expected.end(), ids.begin(), ids.end());
    }
    std::ranges::sort(expected);
    EXPECT_EQ(expected.size(), std::size_t{threads * 45 * 2});
    EXPECT_EQ(std::ranges::adjacent_find(expected), expected.end());
    reopen();
    read([&](const snapshot& state) {
        std::vector<reading_id> found;
        const auto all =
            state.readings().page({.device_id = device}, reading_order::oldest_first, {}, 10'000);
        for (const auto& one : *all)
            found.push_back(one.id);
        std::ranges::sort(found);
        EXPECT_EQ(found, expected);
    });
}

TEST_P(units_of_work, that_were_taken_in_are_finished_at_shutdown) {
    hold_writer();
    for (int i = 0; i < 20; ++i)
        db_->write_async(adding("u" + std::to_string(i) + "@example.com"),
                         [](const result<void>& outcome) { EXPECT_TRUE(outcome); });
    std::thread closing{[&] { db_.reset(); }};
    release_writer();
    closing.join();
    reopen();
    EXPECT_EQ(emails().size(), 20U);
}

TEST_P(units_of_work, cant_be_nested) {
    write([&](transaction&) -> result<void> {
        const auto inner = db_->write(adding("ann@example.com"));
        EXPECT_FALSE(inner);
        return {};
    });
    EXPECT_EQ(emails(), texts{});
}

} // namespace
} // namespace breakwater::storage::contract
