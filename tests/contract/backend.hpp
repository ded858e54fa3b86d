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

// Queries in the tests set only the filters under test.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

namespace breakwater::storage::contract {

struct open_options {
    std::size_t max_queued_writes = 8192;
    std::size_t max_group = 512;
    std::size_t min_free_bytes = 0;
    const clock* time = nullptr; ///< null: the system clock
};

/// An attempt to change the audit log.
struct audit_attack {
    std::string description;
    bool refused = false;
};

/// A storage backend to test. Opening the same folder again finds the data stored in it.
struct backend {
    std::string name;
    std::function<result<std::unique_ptr<database>>(const std::filesystem::path& folder,
                                                    const open_options& options)>
        open;
    /// Tries to change and to remove stored audit events of an open database in every way that the backend
    /// offers besides the ports. The backend must refuse each of them because the log is append-only.
    std::function<std::vector<audit_attack>(const std::filesystem::path& folder)> attack_audit_log;
    /// Makes a new folder from a backup, ready for `open`.
    std::function<void(const std::filesystem::path& backup, const std::filesystem::path& folder)> restore;
    /// Removes what `open` created outside of the folder.
    std::function<void(const std::filesystem::path& folder)> clean_up;
    /// Compacts after every write, so that reads see the long-term form.
    bool compacted = false;
};

std::ostream& operator<<(std::ostream& out, const backend& value);

[[nodiscard]] const std::vector<backend>& backends();
[[nodiscard]] std::string backend_name(const testing::TestParamInfo<backend>& info);

/// Base class of the test suites. `BREAKWATER_CONTRACT(users)` declares a suite.
class storage_test : public testing::TestWithParam<backend> {
protected:
    void SetUp() override { open(); }
    void TearDown() override;

    void open(const open_options& options = {});
    void reopen(const open_options& options = {});

    /// `write` and `read` fail the test if the call fails.
    void write(catalogue::unit_of_work work);
    void read(std::function<void(const snapshot&)> work);

    /// A time relative to a fixed start.
    static timestamp at(std::int64_t seconds, std::int64_t micros = 0);

    user_id add_user(const std::string& email);
    device add_device(user_id owner, const std::string& name, std::int64_t created = 0);
    /// `prepared`: calls `series_preparer::prepare` first, as for batches.
    std::vector<reading> add_readings(std::vector<reading> readings, bool prepared = false);
    [[nodiscard]] uuid new_id() { return uuid::random(random_); }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

    std::unique_ptr<database> db_;

private:
    test::temp_folder folder_;
    test::seeded_random random_;
};

#define BREAKWATER_CONTRACT(suite)                                                                           \
    class suite : public storage_test {};                                                                    \
    INSTANTIATE_TEST_SUITE_P(, suite, testing::ValuesIn(backends()), backend_name)

} // namespace breakwater::storage::contract
