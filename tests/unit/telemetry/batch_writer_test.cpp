#include "telemetry/batch_writer.hpp"

#include "support/fake_database.hpp"
#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace breakwater::telemetry {
namespace {

class batch_writer_test : public testing::Test {
protected:
    batch_writer& make(std::size_t max_pending = 1000, std::size_t max_batch = 100) {
        writer.emplace(
            store, batch_writer::options{.max_pending = max_pending, .max_batch = max_batch},
            [this](std::span<const reading> batch, const result<void>& outcome) {
                settled.emplace_back(batch.size(), outcome.has_value());
            },
            [this](const reading& what, batch_writer::completion done) {
                orphans.push_back(what.device_id);
                done(fail(errc::unauthenticated, "gone"));
            });
        return *writer;
    }

    reading some(std::string payload = "{}") {
        reading made;
        made.device_id = device;
        made.payload = std::move(payload);
        return made;
    }

    bool submit(std::string payload = "{}", std::size_t bound = SIZE_MAX) {
        reading what = some(std::move(payload));
        batch_writer::completion done = [this](result<reading> outcome) {
            outcomes.push_back(std::move(outcome));
        };
        return writer->try_submit(1, what, done, bound);
    }

    std::size_t stored() const {
        return static_cast<std::size_t>(
            std::ranges::count_if(outcomes, [](const auto& one) { return one.has_value(); }));
    }

    test::fake_database store;
    test::seeded_random random;
    const device_id device = uuid::random(random);
    std::vector<std::pair<std::size_t, bool>> settled;
    std::vector<device_id> orphans;
    std::vector<result<reading>> outcomes;
    std::optional<batch_writer> writer;
};

TEST_F(batch_writer_test, nobody_hears_of_a_reading_before_its_commit) {
    make();
    store.hold();
    ASSERT_TRUE(submit());
    EXPECT_TRUE(outcomes.empty());
    store.commit_now();
    ASSERT_EQ(outcomes.size(), 1U);
    EXPECT_EQ(outcomes[0]->id, 1);
    EXPECT_EQ(outcomes[0]->payload, "{}");
}

TEST_F(batch_writer_test, what_comes_while_the_unit_is_queued_goes_with_it) {
    make();
    store.hold();
    for (int i = 0; i < 7; ++i)
        ASSERT_TRUE(submit("{\"n\":" + std::to_string(i) + "}"));
    EXPECT_EQ(store.write_queue_depth(), 1U) << "one unit of work for all";
    EXPECT_EQ(writer->pending(), 7U);
    store.commit_now();
    EXPECT_EQ(store.commits(), 1U);
    EXPECT_EQ(writer->pending(), 0U);
    ASSERT_EQ(outcomes.size(), 7U);
    for (std::size_t i = 0; i < 7; ++i) {
        EXPECT_EQ(outcomes[i]->id, static_cast<reading_id>(i + 1));
        EXPECT_EQ(outcomes[i]->payload, "{\"n\":" + std::to_string(i) + "}") << "in the order of arrival";
    }
    EXPECT_EQ(settled, (std::vector<std::pair<std::size_t, bool>>{{7, true}}));
}

TEST_F(batch_writer_test, a_batch_has_a_bound_and_the_rest_follows_by_itself) {
    make(1000, 10);
    store.hold();
    for (int i = 0; i < 35; ++i)
        ASSERT_TRUE(submit());
    store.commit_now();
    EXPECT_EQ(stored(), 35U);
    EXPECT_EQ(store.largest_unit(), 10U);
    EXPECT_EQ(settled,
              (std::vector<std::pair<std::size_t, bool>>{{10, true}, {10, true}, {10, true}, {5, true}}));
}

TEST_F(batch_writer_test, past_the_bound_it_refuses_and_leaves_the_reading_alone) {
    make(3);
    store.hold();
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(submit());
    reading what = some("{\"kept\":1}");
    bool called = false;
    batch_writer::completion done = [&called](const result<reading>&) { called = true; };
    EXPECT_FALSE(writer->try_submit(1, what, done, SIZE_MAX));
    EXPECT_EQ(what.payload, "{\"kept\":1}");
    EXPECT_TRUE(done);
    EXPECT_FALSE(called);
    store.commit_now();
    EXPECT_EQ(stored(), 3U);
    EXPECT_TRUE(writer->try_submit(1, what, done, SIZE_MAX)) << "there is room again";
    EXPECT_FALSE(submit("{}", 1)) << "a caller's own bound is lower";
    store.commit_now();
    EXPECT_TRUE(called);
}

TEST_F(batch_writer_test, a_failed_transaction_fails_its_batch_and_no_other) {
    make(1000, 2);
    store.fail_commits(error{.code = errc::storage_full, .detail = "The disk is full."});
    EXPECT_TRUE(submit());
    ASSERT_EQ(outcomes.size(), 1U);
    EXPECT_EQ(outcomes[0].error().code, errc::storage_full);
    EXPECT_EQ(outcomes[0].error().detail, "The disk is full.");
    EXPECT_TRUE(store.readings().empty());

    store.fail_commits(std::nullopt);
    EXPECT_TRUE(submit());
    EXPECT_EQ(stored(), 1U);
    EXPECT_EQ(settled, (std::vector<std::pair<std::size_t, bool>>{{1, false}, {1, true}}));
}

TEST_F(batch_writer_test, a_refused_unit_fails_all_that_waits_and_the_next_is_tried) {
    make(1000, 2);
    store.hold();
    for (int i = 0; i < 5; ++i)
        ASSERT_TRUE(submit());
    // The first batch's unit is queued already; the next one meets a full queue.
    store.refuse_units(fail_later(errc::overloaded, "full", std::chrono::seconds{1}).error());
    store.commit_now();
    ASSERT_EQ(outcomes.size(), 5U);
    EXPECT_EQ(stored(), 2U);
    EXPECT_EQ(outcomes[4].error().code, errc::overloaded);
    EXPECT_EQ(writer->pending(), 0U);

    EXPECT_TRUE(submit());
    ASSERT_EQ(outcomes.size(), 6U);
    EXPECT_EQ(outcomes[5].error().code, errc::overloaded) << "on the caller's thread";
    store.refuse_units(std::nullopt);
    EXPECT_TRUE(submit());
    store.commit_now();
    EXPECT_EQ(stored(), 3U);
}

TEST_F(batch_writer_test, a_reading_whose_device_is_gone_costs_the_others_nothing) {
    make();
    store.hold();
    const device_id gone = uuid::random(random);
    store.lose(gone);
    ASSERT_TRUE(submit());
    reading what = some();
    what.device_id = gone;
    std::optional<errc> told;
    batch_writer::completion done = [&told](const result<reading>& outcome) { told = outcome.error().code; };
    ASSERT_TRUE(writer->try_submit(1, what, done, SIZE_MAX));
    ASSERT_TRUE(submit());
    store.commit_now();
    EXPECT_EQ(stored(), 2U);
    EXPECT_EQ(told, errc::unauthenticated);
    EXPECT_EQ(orphans, std::vector{gone});
}

TEST_F(batch_writer_test, a_completion_may_be_empty) {
    make();
    reading what = some();
    batch_writer::completion nobody;
    EXPECT_TRUE(writer->try_submit(1, what, nobody, SIZE_MAX));
    store.fail_commits(error{.code = errc::storage_unavailable, .detail = "x"});
    what = some();
    EXPECT_TRUE(writer->try_submit(1, what, nobody, SIZE_MAX));
    EXPECT_EQ(store.readings().size(), 1U);
}

TEST_F(batch_writer_test, what_was_prepared_reaches_the_store_beside_what_was_not) {
    make();
    store.hold();
    std::size_t heard = 0;
    const auto submit_bundle = [&](std::size_t count) {
        batch_writer::bundle what{.readings = std::vector<reading>(count, some())};
        what.prepared = store.prepare(what.readings);
        batch_writer::bundle_completion done = [&heard](result<std::span<reading>> outcome) {
            ASSERT_TRUE(outcome);
            heard += outcome->size();
            for (const reading& each : *outcome)
                EXPECT_GT(each.id, 0);
        };
        return writer->try_submit_bundle(1, what, done, SIZE_MAX);
    };
    ASSERT_TRUE(submit());
    ASSERT_TRUE(submit_bundle(3));
    ASSERT_TRUE(submit_bundle(1)); // too few to be prepared
    ASSERT_TRUE(submit());
    ASSERT_TRUE(submit_bundle(2));
    ASSERT_TRUE(submit());
    EXPECT_EQ(writer->pending_bytes(), 9 * batch_writer::size_of(some()) + 3 + 2) << "the work counts, too";
    store.commit_now();
    EXPECT_EQ(heard, 6U);
    EXPECT_EQ(stored(), 3U);
    EXPECT_EQ(store.readings().size(), 9U);
    EXPECT_EQ(store.prepared_appends(), (std::vector<std::size_t>{3, 2}));
}

TEST_F(batch_writer_test, loses_nothing_from_many_threads_and_answers_each_once) {
    make(100'000, 64);
    store.hold();
    constexpr int threads = 4;
    constexpr int each = 5000;
    std::atomic<int> answered{0};
    std::atomic<bool> finished{false};
    std::jthread committer{[&] {
        while (!finished)
            if (store.commit_now() == 0)
                std::this_thread::yield();
        while (store.commit_now() != 0) {
        }
    }};
    {
        std::vector<std::jthread> uploaders;
        for (int t = 0; t < threads; ++t)
            uploaders.emplace_back([&, t] {
                for (int i = 0; i < each; ++i) {
                    reading what = some(std::to_string(t * each + i));
                    batch_writer::completion done = [&answered](const result<reading>& outcome) {
                        answered += outcome ? 1 : 0;
                    };
                    while (!writer->try_submit(1, what, done, SIZE_MAX))
                        std::this_thread::yield();
                }
            });
    }
    writer->drain();
    finished = true;
    committer.join();
    EXPECT_EQ(answered, threads * each);
    std::set<std::string> seen;
    for (const reading& row : store.readings())
        seen.insert(row.payload);
    EXPECT_EQ(seen.size(), static_cast<std::size_t>(threads * each));
    EXPECT_LE(store.largest_unit(), 64U);
}

TEST_F(batch_writer_test, who_sends_what_is_large_leaves_room_for_others) {
    constexpr std::size_t large = 100'000;
    make();
    store.hold();
    EXPECT_TRUE(submit()); // is under way
    // Of 32 MiB one account gets half.
    constexpr user_id flood = 1;
    constexpr user_id honest = 2;
    const auto send = [&](user_id account, std::size_t size) {
        reading what = some(std::string(size, 'x'));
        batch_writer::completion done = [this](result<reading> outcome) {
            outcomes.push_back(std::move(outcome));
        };
        return writer->try_submit(account, what, done, SIZE_MAX);
    };
    std::size_t taken = 0;
    while (send(flood, large))
        ++taken;
    EXPECT_EQ(taken, (std::size_t{16} << 20) / (large + batch_writer::size_of(some(""))));
    EXPECT_LE(writer->pending_bytes(), std::size_t{17} << 20);
    EXPECT_FALSE(send(flood, large));
    for (int i = 0; i < 50; ++i)
        EXPECT_TRUE(send(honest, large)) << "its neighbour does not pay";
    store.commit_now();
    while (writer->pending() > 0)
        store.commit_now();
    EXPECT_EQ(writer->pending_bytes(), 0U);
    EXPECT_TRUE(send(flood, large)) << "there is room again";
    store.commit_now();
    for (const auto& [size, kept] : settled)
        EXPECT_LE(size * large, std::size_t{5} << 20) << "a transaction is bounded in bytes";
}

} // namespace
} // namespace breakwater::telemetry
