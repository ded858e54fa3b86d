#include "telemetry/group_writer.hpp"

#include "support/fake_database.hpp"
#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace breakwater::telemetry {
namespace {

class group_writer_test : public testing::Test {
protected:
    group_writer& make(std::size_t max_pending = 1000, std::size_t max_per_transaction = 100) {
        writer.emplace(
            store,
            group_writer::options{.max_pending = max_pending, .max_per_transaction = max_per_transaction},
            [this](const events::committed_readings& group, const result<void>& outcome) {
                batches.emplace_back(group->readings().size(), outcome.has_value());
            });
        return *writer;
    }

    reading make_reading(std::string payload = "{}") {
        reading created;
        created.device_id = device;
        created.payload = std::move(payload);
        return created;
    }

    bool submit(std::string payload = "{}", std::size_t limit = SIZE_MAX) {
        reading item = make_reading(std::move(payload));
        return submit(
            1, item, [this](result<reading> outcome) { outcomes.push_back(std::move(outcome)); }, limit);
    }

    /// Moves from `item` if the writer accepts it.
    bool submit(user_id account, reading& item, std::move_only_function<void(result<reading>)> done,
                std::size_t limit = SIZE_MAX) {
        group_writer::completion on_stored =
            [done = std::move(done)](const result<events::committed_upload>& upload) mutable {
                if (upload)
                    done(upload->readings().front());
                else
                    done(std::unexpected(upload.error()));
            };
        group_writer::prepared_readings unprepared;
        return writer->try_submit(account, {&item, 1}, unprepared, on_stored, limit);
    }

    std::size_t stored() const {
        return static_cast<std::size_t>(
            std::ranges::count_if(outcomes, [](const auto& outcome) { return outcome.has_value(); }));
    }

    test::fake_database store;
    test::seeded_random random;
    const device_id device = uuid::random(random);
    std::vector<std::pair<std::size_t, bool>> batches;
    std::vector<result<reading>> outcomes;
    std::optional<group_writer> writer;
};

TEST_F(group_writer_test, completes_a_reading_only_after_its_commit) {
    make();
    store.hold();
    ASSERT_TRUE(submit());
    EXPECT_TRUE(outcomes.empty());
    store.commit_now();
    ASSERT_EQ(outcomes.size(), 1U);
    EXPECT_EQ(outcomes[0]->id, 1);
    EXPECT_EQ(outcomes[0]->payload, "{}");
}

TEST_F(group_writer_test, adds_readings_to_a_unit_of_work_that_is_still_queued) {
    make();
    store.hold();
    for (int i = 0; i < 7; ++i)
        ASSERT_TRUE(submit("{\"n\":" + std::to_string(i) + "}"));
    EXPECT_EQ(store.waiting(), 1U) << "one unit of work for all readings";
    EXPECT_EQ(writer->pending(), 7U);
    store.commit_now();
    EXPECT_EQ(store.commits(), 1U);
    EXPECT_EQ(writer->pending(), 0U);
    ASSERT_EQ(outcomes.size(), 7U);
    for (std::size_t i = 0; i < 7; ++i) {
        EXPECT_EQ(outcomes[i]->id, static_cast<reading_id>(i + 1));
        EXPECT_EQ(outcomes[i]->payload, "{\"n\":" + std::to_string(i) + "}") << "in the order of arrival";
    }
    EXPECT_EQ(batches, (std::vector<std::pair<std::size_t, bool>>{{7, true}}));
}

TEST_F(group_writer_test, limits_a_batch_and_writes_the_rest_in_further_batches) {
    make(1000, 10);
    store.hold();
    for (int i = 0; i < 35; ++i)
        ASSERT_TRUE(submit());
    store.commit_now();
    EXPECT_EQ(stored(), 35U);
    EXPECT_EQ(store.largest_unit(), 10U);
    EXPECT_EQ(batches,
              (std::vector<std::pair<std::size_t, bool>>{{10, true}, {10, true}, {10, true}, {5, true}}));
}

TEST_F(group_writer_test, refuses_a_reading_past_the_limit_and_leaves_it_untouched) {
    make(3);
    store.hold();
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(submit());
    reading item = make_reading("{\"kept\":1}");
    bool called = false;
    group_writer::completion done = [&called](const result<events::committed_upload>&) { called = true; };
    group_writer::prepared_readings unprepared;
    EXPECT_FALSE(writer->try_submit(1, {&item, 1}, unprepared, done, SIZE_MAX));
    EXPECT_EQ(item.payload, "{\"kept\":1}");
    EXPECT_TRUE(done);
    EXPECT_FALSE(called);
    store.commit_now();
    EXPECT_EQ(stored(), 3U);
    EXPECT_TRUE(writer->try_submit(1, {&item, 1}, unprepared, done, SIZE_MAX)) << "there is room again";
    EXPECT_FALSE(submit("{}", 1)) << "the caller's own limit is lower";
    store.commit_now();
    EXPECT_TRUE(called);
}

TEST_F(group_writer_test, a_failed_transaction_fails_only_its_own_batch) {
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
    EXPECT_EQ(batches, (std::vector<std::pair<std::size_t, bool>>{{1, false}, {1, true}}));
}

TEST_F(group_writer_test, a_refused_unit_of_work_fails_all_queued_readings_and_the_next_one_is_tried) {
    make(1000, 2);
    store.hold();
    for (int i = 0; i < 5; ++i)
        ASSERT_TRUE(submit());
    // The first group is queued in the database already; the next one finds the queue full.
    store.refuse_units(fail_with_retry(errc::overloaded, "full", std::chrono::seconds{1}).error());
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

TEST_F(group_writer_test, a_reading_of_a_deleted_device_does_not_affect_the_others) {
    make();
    store.hold();
    const device_id deleted = uuid::random(random);
    store.lose(deleted);
    ASSERT_TRUE(submit());
    reading item = make_reading();
    item.device_id = deleted;
    append_outcome last = append_outcome::none;
    ASSERT_TRUE(submit(1, item, [&last](const result<reading>& stored) { last = stored->outcome; }));
    ASSERT_TRUE(submit());
    store.commit_now();
    EXPECT_EQ(stored(), 2U);
    EXPECT_EQ(last, append_outcome::no_device);
}

TEST_F(group_writer_test, a_completion_may_be_empty) {
    make();
    reading item = make_reading();
    group_writer::completion no_completion;
    group_writer::prepared_readings unprepared;
    EXPECT_TRUE(writer->try_submit(1, {&item, 1}, unprepared, no_completion, SIZE_MAX));
    store.fail_commits(error{.code = errc::storage_unavailable, .detail = "x"});
    item = make_reading();
    EXPECT_TRUE(writer->try_submit(1, {&item, 1}, unprepared, no_completion, SIZE_MAX));
    EXPECT_EQ(store.readings().size(), 1U);
}

TEST_F(group_writer_test, stores_prepared_and_unprepared_readings_together) {
    make();
    store.hold();
    std::size_t completed = 0;
    const auto submit_batch = [&](std::size_t count) {
        std::vector<reading> readings(count, make_reading());
        auto prepared = store.prepare(readings);
        group_writer::completion done = [&completed](result<events::committed_upload> outcome) {
            ASSERT_TRUE(outcome);
            completed += outcome->readings().size();
            for (const reading& stored_reading : outcome->readings())
                EXPECT_EQ(stored_reading.outcome, append_outcome::stored);
        };
        return writer->try_submit(1, readings, prepared, done, SIZE_MAX);
    };
    ASSERT_TRUE(submit());
    ASSERT_TRUE(submit_batch(3));
    ASSERT_TRUE(submit_batch(1)); // too few to be prepared
    ASSERT_TRUE(submit());
    ASSERT_TRUE(submit_batch(2));
    ASSERT_TRUE(submit());
    EXPECT_EQ(writer->pending_bytes(), 9 * group_writer::size_of(make_reading()) + 3 + 2)
        << "the prepared data counts, too";
    store.commit_now();
    EXPECT_EQ(completed, 6U);
    EXPECT_EQ(stored(), 3U);
    EXPECT_EQ(store.readings().size(), 9U);
    EXPECT_EQ(store.prepared_appends(), (std::vector<std::size_t>{3, 2}));
}

TEST_F(group_writer_test, stores_every_reading_of_many_threads_and_completes_each_once) {
    make(100'000, 64);
    store.hold();
    constexpr int threads = 4;
    constexpr int readings_per_thread = 5000;
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
                for (int i = 0; i < readings_per_thread; ++i) {
                    reading item = make_reading(std::to_string(t * readings_per_thread + i));
                    while (!submit(1, item, [&answered](const result<reading>& outcome) {
                        answered += outcome ? 1 : 0;
                    }))
                        std::this_thread::yield();
                }
            });
    }
    writer->drain();
    finished = true;
    committer.join();
    EXPECT_EQ(answered, threads * readings_per_thread);
    std::set<std::string> payloads;
    for (const reading& row : store.readings())
        payloads.insert(row.payload);
    EXPECT_EQ(payloads.size(), static_cast<std::size_t>(threads * readings_per_thread));
    EXPECT_LE(store.largest_unit(), 64U);
}

TEST_F(group_writer_test, an_account_with_large_readings_leaves_room_for_others) {
    constexpr std::size_t large = 100'000;
    make();
    store.hold();
    EXPECT_TRUE(submit()); // its transaction is running
    // A single account gets half of the 32 MiB.
    constexpr user_id flood = 1;
    constexpr user_id honest = 2;
    const auto send = [&](user_id account, std::size_t size) {
        reading item = make_reading(std::string(size, 'x'));
        return submit(account, item,
                      [this](result<reading> outcome) { outcomes.push_back(std::move(outcome)); });
    };
    std::size_t accepted = 0;
    while (send(flood, large))
        ++accepted;
    EXPECT_EQ(accepted, (std::size_t{16} << 20) / (large + group_writer::size_of(make_reading(""))));
    EXPECT_LE(writer->pending_bytes(), std::size_t{17} << 20);
    EXPECT_FALSE(send(flood, large));
    for (int i = 0; i < 50; ++i)
        EXPECT_TRUE(send(honest, large)) << "the flood does not affect the other account";
    store.commit_now();
    while (writer->pending() > 0)
        store.commit_now();
    EXPECT_EQ(writer->pending_bytes(), 0U);
    EXPECT_TRUE(send(flood, large)) << "there is room again";
    store.commit_now();
    for (const auto& [size, kept] : batches)
        EXPECT_LE(size * large, std::size_t{5} << 20) << "a transaction is bounded in bytes";
}

} // namespace
} // namespace breakwater::telemetry
