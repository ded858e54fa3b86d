#pragma once

#include "storage/database.hpp"
#include "support/seeded_random.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

// A query names the filters it is about, and leaves the others out on purpose.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

namespace breakwater::storage::contract {

struct limits {
    std::size_t max_queued_writes = 8192;
    std::size_t max_group = 512;
    std::size_t min_free_bytes = 0;
    const clock* time = nullptr; ///< null: the machine's
};

/// A kind of storage, to be put through the suite. Opening the same folder again finds what was stored in it.
struct backend {
    std::string name;
    std::function<result<std::unique_ptr<database>>(const std::filesystem::path& folder,
                                                    const limits& bounds)>
        open;
    /// Runs SQL past the ports, on the file of an open database. The error's text, empty for success.
    std::function<std::string(const std::filesystem::path& folder, const std::string& sql)> tamper;
    /// Whether the suite compacts after every write: what it then reads comes in the other form.
    bool compacted = false;
};

std::ostream& operator<<(std::ostream& out, const backend& kind);

[[nodiscard]] const std::vector<backend>& backends();
[[nodiscard]] std::string backend_name(const testing::TestParamInfo<backend>& info);

/// The test suite of each file is a class of its own over this one: `BREAKWATER_CONTRACT(users)`.
class stored : public testing::TestWithParam<backend> {
protected:
    void SetUp() override { open(); }

    void open(const limits& bounds = {});
    void reopen(const limits& bounds = {});

    /// Each fails the test where the call does.
    void write(database::unit_of_work work);
    void read(std::function<void(const snapshot&)> work);

    /// A point in time, in seconds and microseconds from a start of ours.
    static timestamp at(std::int64_t seconds, std::int64_t micros = 0);

    user_id add_user(const std::string& email);
    device add_device(user_id owner, const std::string& name, std::int64_t created = 0);
    /// `prepared`: as batches are, by `database::prepare`.
    std::vector<reading> add_readings(std::vector<reading> readings, bool prepared = false);
    [[nodiscard]] uuid new_id() { return uuid::random(random_); }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

    std::unique_ptr<database> db_;

private:
    test::temp_folder folder_;
    test::seeded_random random_;
};

#define BREAKWATER_CONTRACT(suite)                                                                           \
    class suite : public stored {};                                                                          \
    INSTANTIATE_TEST_SUITE_P(, suite, testing::ValuesIn(backends()), backend_name)

} // namespace breakwater::storage::contract
