// storage_bench: measures what a reading of the simulator's weather station costs on disk, in our store and
// in a table with one row per reading. Prints one line of name=value pairs.
//   storage_bench FOLDER [devices] [readings per device]
// Or adds COUNT old security events, which retention will remove, to a database:
//   storage_bench old-events FILE COUNT

#include "base/clock.hpp"
#include "simulator/profiles.hpp"
#include "storage/sqlite/sqlite_database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace breakwater;
using stopwatch = std::chrono::steady_clock;

constexpr std::size_t commit_size = 1000;

double seconds_since(stopwatch::time_point start) {
    return std::chrono::duration<double>(stopwatch::now() - start).count();
}

/// Readings of all devices in order of arrival: interleaved, each device every 15 to 45 seconds.
class fleet {
public:
    fleet(std::vector<device_id> devices, std::size_t readings_per_device)
        : devices_{std::move(devices)}, remaining_{devices_.size() * readings_per_device} {}

    /// The next readings to commit; empty at the end.
    std::vector<reading> next_batch() {
        std::vector<reading> out;
        for (; out.size() < commit_size && remaining_ > 0; --remaining_) {
            if (next_device_ == devices_.size()) {
                next_device_ = 0;
                round_ += std::chrono::seconds{30};
            }
            const timestamp now = round_ + std::chrono::microseconds{random_() % 15'000'000};
            out.push_back(
                {.device_id = devices_[next_device_],
                 .received_at = now,
                 .payload = simulator::simulated_payload(category::weather_station, next_device_, now),
                 .simulated = true});
            ++next_device_;
        }
        return out;
    }

private:
    std::vector<device_id> devices_;
    std::size_t remaining_;
    std::size_t next_device_ = 0;
    timestamp round_{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};
    std::mt19937_64 random_{1};
};

template <class Result>
auto checked(Result done) {
    if (!done)
        throw std::runtime_error{done.error().detail};
    if constexpr (!std::is_void_v<typename Result::value_type>)
        return std::move(*done);
}

struct costs {
    double rate = 0;  ///< appended readings per second
    double bytes = 0; ///< of the file, per reading
};

costs measure_store(const std::filesystem::path& file, std::size_t devices, std::size_t readings_per_device) {
    std::vector<device_id> ids(devices);
    std::mt19937_64 random{2};
    const auto total = static_cast<double>(devices * readings_per_device);
    costs out;
    {
        const auto store = checked(storage::sqlite::open({.file = file}));
        checked(store->write([&](storage::transaction& tx) -> result<void> {
            const auto owner = tx.users().insert({.email = "bench@example.com", .password_hash = "x"});
            for (device_id& id : ids) {
                for (auto& byte : id.bytes)
                    byte = static_cast<std::uint8_t>(random());
                if (auto done = tx.devices().insert({.id = id, .owner = *owner, .name = "Mast"}); !done)
                    return done;
            }
            return {};
        }));
        fleet readings{ids, readings_per_device};
        double appending = 0;
        for (auto batch = readings.next_batch(); !batch.empty(); batch = readings.next_batch()) {
            const auto start = stopwatch::now();
            checked(store->write([&](storage::transaction& tx) { return tx.readings().append(batch); }));
            appending += seconds_since(start);
        }
        out.rate = total / appending;
        checked(store->compact(true));
    }
    out.bytes = static_cast<double>(std::filesystem::file_size(file)) / total;
    return out;
}

costs measure_row_table(const std::filesystem::path& file, std::size_t devices,
                        std::size_t readings_per_device) {
    sqlite3* db = nullptr;
    const auto run = [&db](const char* sql) {
        if (sqlite3_exec(db, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
            throw std::runtime_error{sqlite3_errmsg(db)};
    };
    if (sqlite3_open(file.c_str(), &db) != SQLITE_OK)
        throw std::runtime_error{"can't open " + file.string()};
    run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384;"
        "CREATE TABLE readings (id INTEGER PRIMARY KEY, device INTEGER NOT NULL, simulated INTEGER NOT NULL,"
        " received_at INTEGER NOT NULL, device_timestamp INTEGER, payload TEXT NOT NULL) STRICT;"
        "CREATE INDEX readings_by_device ON readings (device, simulated, received_at);");
    sqlite3_stmt* insertion = nullptr;
    sqlite3_prepare_v2(db, "INSERT INTO readings VALUES (NULL, ?1, 1, ?2, NULL, ?3)", -1, &insertion,
                       nullptr);
    std::vector<device_id> ids(devices);
    fleet readings{ids, readings_per_device};
    double appending = 0;
    std::int64_t n = 0;
    for (auto batch = readings.next_batch(); !batch.empty(); batch = readings.next_batch()) {
        const auto start = stopwatch::now();
        run("BEGIN IMMEDIATE");
        for (const reading& next : batch) {
            sqlite3_bind_int64(insertion, 1, n++ % static_cast<std::int64_t>(devices));
            sqlite3_bind_int64(insertion, 2, next.received_at.time_since_epoch().count());
            sqlite3_bind_text(insertion, 3, next.payload.data(), static_cast<int>(next.payload.size()),
                              SQLITE_STATIC);
            sqlite3_step(insertion);
            sqlite3_reset(insertion);
        }
        run("COMMIT");
        appending += seconds_since(start);
    }
    sqlite3_finalize(insertion);
    sqlite3_close(db);
    const auto total = static_cast<double>(devices * readings_per_device);
    return {.rate = total / appending,
            .bytes = static_cast<double>(std::filesystem::file_size(file)) / total};
}

void add_old_events(const std::filesystem::path& file, std::size_t count) {
    const auto store = checked(storage::sqlite::open({.file = file}));
    while (count > 0) {
        const std::size_t batch_size = std::min(count, commit_size);
        checked(store->write([batch_size](storage::transaction& tx) -> result<void> {
            for (std::size_t i = 0; i < batch_size; ++i)
                if (auto added = tx.audit().append({.created_at = timestamp{std::chrono::hours{1}},
                                                    .type = event_type::login,
                                                    .detail = "Long ago."});
                    !added)
                    return std::unexpected(added.error());
            return {};
        }));
        count -= batch_size;
    }
}

} // namespace

int main(int argc, char** argv) {
    if (argc == 4 && std::string_view{argv[1]} == "old-events") {
        try {
            add_old_events(argv[2], std::strtoul(argv[3], nullptr, 10));
        } catch (const std::exception& exception) {
            fmt::print(stderr, "storage_bench: {}\n", exception.what());
            return 1;
        }
        return 0;
    }
    if (argc < 2) {
        fmt::print(stderr, "usage: storage_bench FOLDER [devices] [readings per device]\n");
        return 2;
    }
    const std::filesystem::path folder{argv[1]};
    const std::size_t devices = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 2000;
    const std::size_t readings_per_device = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 1000;
    try {
        const costs store_costs = measure_store(folder / "ours.db", devices, readings_per_device);
        const costs row_costs = measure_row_table(folder / "rows.db", devices, readings_per_device);
        fmt::print("readings={} bytes={:.1f} rate={:.0f} row_bytes={:.1f} row_rate={:.0f}\n",
                   devices * readings_per_device, store_costs.bytes, store_costs.rate, row_costs.bytes,
                   row_costs.rate);
    } catch (const std::exception& exception) {
        fmt::print(stderr, "storage_bench: {}\n", exception.what());
        return 1;
    }
    return 0;
}
