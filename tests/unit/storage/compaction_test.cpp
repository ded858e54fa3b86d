#include "storage/blocks/block.hpp"
#include "storage/engine/write_buffer_index.hpp"
#include "storage/sqlite/sqlite_database.hpp"
#include "support/seeded_random.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <thread>

namespace breakwater::storage::sqlite {
namespace {

class compaction : public testing::Test {
protected:
    void SetUp() override {
        open();
        ASSERT_TRUE(db_->write([&](transaction& tx) -> result<void> {
            const auto owner = tx.users().insert({.email = "ann@example.com", .password_hash = "hash"});
            for (device_id* id : {&device_, &other_}) {
                *id = uuid::random(random_);
                if (auto inserted = tx.devices().insert({.id = *id, .owner = *owner, .name = "Mast"});
                    !inserted)
                    return inserted;
            }
            return {};
        }));
    }

    void open() {
        db_.reset();
        auto opened = sqlite::open({.file = file(), .background_compaction = false});
        ASSERT_TRUE(opened) << opened.error().detail;
        db_ = std::move(*opened);
    }

    /// Appends small batches, so that the readings stay in the write buffer.
    void add(const device_id& device, std::size_t count, std::int64_t from, const std::string& padding = "") {
        for (; count > 50; count -= 50, from += 50)
            append(device, 50, from, padding);
        append(device, count, from, padding);
    }

    void append(const device_id& device, std::size_t count, std::int64_t from, const std::string& padding) {
        std::vector<reading> batch;
        for (std::size_t i = 0; i < count; ++i) {
            const std::int64_t n = from + static_cast<std::int64_t>(i);
            batch.push_back({.device_id = device,
                             .received_at = timestamp{} + std::chrono::seconds{n},
                             .payload = R"({"n":)" + std::to_string(n) + R"(,"x":")" + padding + "\"}"});
        }
        ASSERT_TRUE(db_->write([&](transaction& tx) { return tx.readings().append(batch); }));
    }

    void compact(bool everything = true) { ASSERT_TRUE(db_->compact(everything)); }

    std::size_t count_of(const snapshot& view, const device_id& device) {
        return view.readings()
            .page({.device_id = device}, reading_order::oldest_first, {}, 1'000'000)
            ->size();
    }
    std::size_t count_of(const device_id& device) {
        std::size_t count = 0;
        EXPECT_TRUE(db_->read([&](const snapshot& view) -> result<void> {
            count = count_of(view, device);
            return {};
        }));
        return count;
    }

    std::int64_t sql(const char* text) {
        sqlite3* raw = nullptr;
        std::int64_t value = -1;
        EXPECT_EQ(sqlite3_open(file().c_str(), &raw), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(
                      raw, text,
                      [](void* out, int, char** values, char**) {
                          *static_cast<std::int64_t*>(out) =
                              values[0] == nullptr ? -1 : std::stoll(values[0]);
                          return 0;
                      },
                      &value, nullptr),
                  SQLITE_OK)
            << sqlite3_errmsg(raw);
        sqlite3_close(raw);
        return value;
    }

    [[nodiscard]] std::filesystem::path file() const { return folder_ / "store.db"; }

    std::unique_ptr<database> db_;
    device_id device_;
    device_id other_;

private:
    test::temp_folder folder_;
    test::seeded_random random_;
};

TEST_F(compaction, empties_the_write_buffer) {
    add(device_, 700, 0);
    add(other_, 10, 0);
    compact();
    EXPECT_EQ(sql("SELECT count(*) FROM write_buffer"), 0);
    EXPECT_EQ(sql("SELECT sum(count) FROM block_entries"), 710);
    EXPECT_EQ(count_of(device_), 700U);
    EXPECT_EQ(db_->compact(true).value(), 0U);
}

TEST_F(compaction, waits_until_a_device_has_enough_readings) {
    add(device_, engine::write_buffer_index::compaction_size - 1, 0);
    EXPECT_EQ(db_->compact(false).value(), 0U);
    add(device_, 1, 10'000);
    add(other_, 1, 0);
    EXPECT_EQ(db_->compact(false).value(), engine::write_buffer_index::compaction_size);
    EXPECT_EQ(sql("SELECT count(*) FROM block_entries"), 1);
    EXPECT_EQ(count_of(other_), 1U);
}

TEST_F(compaction, returns_to_a_device_for_which_a_plan_had_no_room) {
    const std::string padding(33'000, 'x'); // 512 of them fill a plan
    add(device_, engine::write_buffer_index::compaction_size, 0, padding);
    add(other_, engine::write_buffer_index::compaction_size, 0, padding);
    EXPECT_GT(db_->compact(false).value(), 1000U);
    EXPECT_GT(sql("SELECT count(DISTINCT device) FROM block_entries"), 1);
}

TEST_F(compaction, adds_to_small_blocks) {
    for (int i = 0; i < 60; ++i) {
        add(device_, 10, i * 10);
        compact();
    }
    EXPECT_LE(sql("SELECT count(*) FROM block_entries"), 3);
    EXPECT_EQ(count_of(device_), 600U);
}

TEST_F(compaction, does_not_change_an_open_snapshot) {
    add(device_, 30, 0);
    ASSERT_TRUE(db_->read([&](const snapshot& before) -> result<void> {
        EXPECT_EQ(count_of(before, device_), 30U);
        for (int i = 1; i <= 3; ++i)
            std::thread{[&] {
                add(device_, 30, i * 30);
                compact();
            }}.join();
        EXPECT_EQ(count_of(before, device_), 30U);
        EXPECT_EQ(before.readings().summary({.device_id = device_})->total, 30);
        return {};
    }));
    EXPECT_EQ(count_of(device_), 120U);
}

TEST_F(compaction, is_visible_to_a_read_only_database) {
    add(device_, 30, 0);
    const auto reader = sqlite::open({.file = file(), .read_only = true});
    ASSERT_TRUE(reader) << reader.error().detail;
    for (int i = 1; i <= 3; ++i) {
        std::size_t count = 0;
        ASSERT_TRUE((*reader)->read([&](const snapshot& view) -> result<void> {
            count = count_of(view, device_);
            return {};
        }));
        EXPECT_EQ(count, static_cast<std::size_t>(i) * 30);
        add(device_, 30, i * 30);
        if (i == 2)
            compact();
    }
}

TEST_F(compaction, loses_only_the_damaged_block) {
    add(device_, 512, 0);
    compact();
    add(device_, 512, 512);
    compact();
    ASSERT_EQ(sql("SELECT count(*) FROM blocks"), 2);
    sql("UPDATE blocks SET bytes = CAST(substr(bytes, 1, 100) || X'00' || substr(bytes, 102) AS BLOB) WHERE "
        "key ="
        " (SELECT min(key) FROM blocks)");
    open();
    testing::internal::CaptureStderr();
    EXPECT_EQ(count_of(device_), 512U);
    EXPECT_EQ(count_of(device_), 512U);
    const std::string output = testing::internal::GetCapturedStderr();
    EXPECT_NE(output.find("is damaged"), std::string::npos) << output;
    EXPECT_EQ(output.find("is damaged"), output.rfind("is damaged")) << "logged once";
    add(device_, 100, 100); // into its range
    compact();
    EXPECT_EQ(count_of(device_), 612U);
}

TEST_F(compaction, frees_the_space_of_removed_devices) {
    std::string noise;
    std::uint64_t state = 1;
    for (int i = 0; i < 60; ++i) {
        noise.clear();
        for (int k = 0; k < 1500; ++k)
            noise += static_cast<char>('#' +
                                       ((state = state * 6364136223846793005U + 1442695040888963407U) >> 58));
        add(device_, 500, i * 500, noise + std::to_string(i));
    }
    compact();
    const auto pages = sql("PRAGMA page_count");
    ASSERT_TRUE(db_->write([&](transaction& tx) { return tx.devices().remove(device_); }));
    std::int64_t done = 0;
    do {
        ASSERT_TRUE(db_->write([&](transaction& tx) -> result<void> {
            done = tx.readings().purge(1000).value();
            return {};
        }));
    } while (done >= 1000);
    EXPECT_EQ(sql("SELECT (SELECT count(*) FROM blocks) + (SELECT count(*) FROM write_buffer)"
                  " + (SELECT count(*) FROM block_entries) + (SELECT count(*) FROM compactions)"),
              0);
    compact();
    EXPECT_LT(sql("PRAGMA page_count"), std::max<std::int64_t>(pages / 2, 5000));
    EXPECT_LE(sql("PRAGMA freelist_count"), 4096);
}

TEST_F(compaction, keeps_the_block_of_a_large_batch) {
    add(device_, 50, 0);
    append(device_, 600, 100, "");
    EXPECT_EQ(sql("SELECT count(*) FROM blocks"), 1) << "a block at once";
    append(device_, 300, 50, ""); // the clock was set back: a block would overlap the first
    EXPECT_EQ(sql("SELECT count(*) FROM blocks"), 1);
    add(device_, 20, 800);
    EXPECT_EQ(count_of(device_), 970U);
    open();
    EXPECT_EQ(count_of(device_), 970U);
    compact();
    EXPECT_EQ(count_of(device_), 970U);
    EXPECT_EQ(sql("SELECT count(*) FROM write_buffer"), 0);
}

TEST_F(compaction, leaves_a_batch_in_the_write_buffer_that_would_make_a_small_block) {
    append(device_, 255, 0, "");
    EXPECT_EQ(sql("SELECT count(*) FROM blocks"), 0);
    EXPECT_EQ(sql("SELECT count(*) FROM write_buffer"), 255);
    append(other_, 256, 0, "");
    EXPECT_EQ(sql("SELECT count(*) FROM blocks"), 1);
    EXPECT_EQ(sql("SELECT count(*) FROM write_buffer"), 255);
}

TEST_F(compaction, adds_a_batch_to_a_small_block) {
    append(device_, 100, 0, "");
    compact();
    ASSERT_EQ(sql("SELECT count(*) FROM blocks"), 1);
    append(device_, 300, 100, "");
    EXPECT_EQ(sql("SELECT count(*) FROM blocks"), 1);
    EXPECT_EQ(count_of(device_), 400U);
}

TEST_F(compaction, adds_no_batch_to_a_small_block_before_a_buffered_reading) {
    append(device_, 100, 0, "");
    compact();
    add(device_, 1, 100);
    append(device_, 300, 101, "");
    EXPECT_EQ(sql("SELECT count(*) FROM blocks"), 2);
    EXPECT_EQ(count_of(device_), 401U);
    compact();
    EXPECT_EQ(count_of(device_), 401U);
}

TEST_F(compaction, accepts_a_batch_that_does_not_fit_into_a_small_block) {
    append(device_, 100, 0, "");
    compact();
    append(device_, blocks::max_rows, 1000, "");
    EXPECT_EQ(sql("SELECT count(*) FROM blocks"), 2);
    EXPECT_EQ(count_of(device_), 100 + blocks::max_rows);
}

TEST_F(compaction, refuses_readings_when_the_write_buffer_is_full) {
    db_.reset();
    auto opened = sqlite::open({.file = file(), .max_buffered = 99, .background_compaction = false});
    ASSERT_TRUE(opened);
    db_ = std::move(*opened);
    add(device_, 100, 0);
    std::vector<reading> more{{.device_id = device_, .received_at = timestamp{}, .payload = "{}"}};
    const auto refused = db_->write([&](transaction& tx) { return tx.readings().append(more); });
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::overloaded);
    compact();
    EXPECT_TRUE(db_->write([&](transaction& tx) { return tx.readings().append(more); }));
    EXPECT_EQ(count_of(device_), 101U);
}

TEST_F(compaction, continues_after_a_removed_device) {
    add(device_, 600, 0); // due
    add(other_, 5, 0);
    ASSERT_TRUE(db_->write([&](transaction& tx) { return tx.devices().remove(device_); }));
    EXPECT_EQ(db_->compact(true).value(), 5U);
}

TEST_F(compaction, of_a_removed_device_does_nothing) {
    add(device_, 600, 0);
    ASSERT_TRUE(db_->write([&](transaction& tx) { return tx.devices().remove(device_); }));
    compact();
    EXPECT_EQ(sql("SELECT count(*) FROM blocks"), 0);
}

} // namespace
} // namespace breakwater::storage::sqlite
