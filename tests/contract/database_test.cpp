#include "contract/backend.hpp"

#include <sys/stat.h>

#include <fstream>
#include <limits>
#include <stdexcept>
#include <thread>

namespace breakwater::storage::contract {
namespace {

BREAKWATER_CONTRACT(a_database);

TEST_P(a_database, shows_a_reader_one_consistent_state) {
    const auto ann = add_user("ann@example.com");
    read([&](const snapshot& state) {
        EXPECT_EQ(state.users().list()->size(), 1U);
        std::thread{[&] { add_device(ann, "new"); }}.join();
        EXPECT_TRUE(state.devices().list({})->empty()) << "committed after the first read";
    });
    read([](const snapshot& state) { EXPECT_EQ(state.devices().list({})->size(), 1U); });
}

TEST_P(a_database, returns_the_error_of_a_query) {
    const auto failed =
        db_->read([](const snapshot&) -> result<void> { return fail(errc::not_found, "no"); });
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, errc::not_found);
    const auto thrown = db_->read([](const snapshot&) -> result<void> { throw std::runtime_error{"a bug"}; });
    ASSERT_FALSE(thrown);
    EXPECT_EQ(thrown.error().code, errc::internal);
    add_user("ann@example.com");
    read([](const snapshot& state) { EXPECT_EQ(state.users().list()->size(), 1U); });
}

TEST_P(a_database, serves_more_readers_than_it_has_connections) {
    add_user("ann@example.com");
    std::vector<std::thread> readers;
    for (int i = 0; i < 16; ++i)
        readers.emplace_back([&] {
            for (int k = 0; k < 20; ++k)
                read([](const snapshot& state) { EXPECT_EQ(state.users().list()->size(), 1U); });
        });
    for (auto& reader : readers)
        reader.join();
}

TEST_P(a_database, is_backed_up_consistently_during_writes) {
    const auto ann = add_user("ann@example.com");
    const auto device = add_device(ann, "one").id;
    std::uint64_t noise = 1;
    const auto batch = [&](int seconds) {
        std::vector<reading> readings(200, {.device_id = device, .received_at = at(seconds)});
        for (reading& item : readings) // random, so that it does not compress
            for (int i = 0; i < 500; ++i)
                item.payload += static_cast<char>(
                    ' ' + ((noise = noise * 6364136223846793005U + 1442695040888963407U) >> 58));
        return readings;
    };
    for (int i = 0; i < 20; ++i)
        add_readings(batch(i));
    const auto copies = folder() / "copies";
    std::filesystem::create_directory(copies);
    int calls = 0;
    std::uint64_t copied_bytes = 0;
    std::uint64_t total_bytes = 0;
    const auto done = db_->backup(copies / "backup", [&](std::uint64_t copied, std::uint64_t total) {
        EXPECT_LE(copied, total);
        EXPECT_GE(copied, copied_bytes);
        copied_bytes = copied;
        total_bytes = total;
        if (++calls < 5)
            add_readings(batch(100 + calls)); // must not restart the copy
    });
    ASSERT_TRUE(done) << done.error().detail;
    EXPECT_GE(calls, 2);
    EXPECT_LE(calls, 10);
    EXPECT_EQ(copied_bytes, total_bytes);
    EXPECT_GT(total_bytes, 20U * 200 * 500 / 2) << "in bytes: the readings compress by less than half";
    struct stat status{};
    ASSERT_EQ(::stat((copies / "backup").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator{copies}, {}), 1) << "no temporary file stays";

    GetParam().restore(copies / "backup", folder() / "restored");
    const auto copy = GetParam().open(folder() / "restored", {});
    ASSERT_TRUE(copy) << copy.error().detail;
    const auto checked = (*copy)->read([&](const snapshot& state) -> result<void> {
        EXPECT_EQ(state.readings().summary({.device_id = device})->total, 20 * 200);
        return {};
    });
    EXPECT_TRUE(checked);
}

TEST_P(a_database, is_not_backed_up_over_an_existing_file) {
    const auto existing = folder() / "existing";
    std::ofstream{existing} << "kept";
    const auto done = db_->backup(existing, {});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, errc::bad_state);
    EXPECT_EQ(std::filesystem::file_size(existing), 4U);
    const auto nowhere = db_->backup(folder() / "missing" / "copy.db", {});
    ASSERT_FALSE(nowhere);
    EXPECT_EQ(nowhere.error().code, errc::storage_unavailable);
}

TEST_P(a_database, reports_a_full_disk) {
    EXPECT_TRUE(db_->check());
    reopen({.min_free_bytes = std::numeric_limits<std::size_t>::max()});
    const auto full = db_->check();
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().code, errc::storage_full);
}

} // namespace
} // namespace breakwater::storage::contract
