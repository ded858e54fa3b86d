// storage_bench: what a reading of the simulator's weather station costs on disk, in our store and in a table
// with a row for each. Prints one line of name=value pairs.
//   storage_bench FOLDER [devices] [readings of each]
// Or puts so many security events that retention will remove into a database:
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

/// Readings of all devices as they come in: interleaved, each device every 15 to 45 seconds.
class fleet {
public:
    fleet(std::vector<device_id> devices, std::size_t each)
        : devices_{std::move(devices)}, left_{devices_.size() * each} {}

    std::vector<reading> next() {
        std::vector<reading> out;
        for (; out.size() < commit_size && left_ > 0; --left_) {
            if (at_ == devices_.size()) {
                at_ = 0;
                round_ += std::chrono::seconds{30};
            }
            const timestamp now = round_ + std::chrono::microseconds{random_() % 15'000'000};
            out.push_back({.device_id = devices_[at_],
                           .received_at = now,
                           .payload = simulator::simulated_payload(category::weather_station, at_, now),
                           .simulated = true});
            ++at_;
        }
        return out;
    }

private:
    std::vector<device_id> devices_;
    std::size_t left_;
    std::size_t at_ = 0;
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

struct figures {
    double rate = 0;
    double bytes = 0;
};

figures ours(const std::filesystem::path& file, std::size_t devices, std::size_t each) {
    std::vector<device_id> ids(devices);
    std::mt19937_64 random{2};
    figures out;
    {
        const auto store = checked(storage::sqlite::open({.file = file}));
        checked(store->write([&](storage::transaction& tx) -> result<void> {
            const auto owner = tx.users().insert({.email = "bench@example.com", .password_hash = "x"});
            for (device_id& id : ids) {
                for (auto& byte : id.bytes)
                    byte = static_cast<std::uint8_t>(random());
                if (auto made = tx.devices().insert({.id = id, .owner = *owner, .name = "Mast"}); !made)
                    return made;
            }
            return {};
        }));
        fleet from{ids, each};
        double appending = 0;
        for (auto batch = from.next(); !batch.empty(); batch = from.next()) {
            const auto start = stopwatch::now();
            checked(store->write([&](storage::transaction& tx) { return tx.readings().append(batch); }));
            appending += seconds_since(start);
        }
        out.rate = static_cast<double>(devices * each) / appending;
        checked(store->compact(true));
    }
    out.bytes = static_cast<double>(std::filesystem::file_size(file)) / static_cast<double>(devices * each);
    return out;
}

figures a_row_each(const std::filesystem::path& file, std::size_t devices, std::size_t each) {
    sqlite3* db = nullptr;
    const auto run = [&db](const char* sql) {
        if (sqlite3_exec(db, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
            throw std::runtime_error{sqlite3_errmsg(db)};
    };
    if (sqlite3_open(file.c_str(), &db) != SQLITE_OK)
        throw std::runtime_error{"can't open the other database"};
    run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384;"
        "CREATE TABLE readings (id INTEGER PRIMARY KEY, device INTEGER NOT NULL, simulated INTEGER NOT NULL,"
        " received_at INTEGER NOT NULL, device_timestamp INTEGER, payload TEXT NOT NULL) STRICT;"
        "CREATE INDEX readings_by_device ON readings (device, simulated, received_at);");
    sqlite3_stmt* insertion = nullptr;
    sqlite3_prepare_v2(db, "INSERT INTO readings VALUES (NULL, ?1, 1, ?2, NULL, ?3)", -1, &insertion,
                       nullptr);
    std::vector<device_id> ids(devices);
    fleet from{ids, each};
    double appending = 0;
    std::int64_t n = 0;
    for (auto batch = from.next(); !batch.empty(); batch = from.next()) {
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
    return {.rate = static_cast<double>(devices * each) / appending,
            .bytes =
                static_cast<double>(std::filesystem::file_size(file)) / static_cast<double>(devices * each)};
}

void add_old_events(const std::filesystem::path& file, std::size_t count) {
    const auto store = checked(storage::sqlite::open({.file = file}));
    while (count > 0) {
        const std::size_t some = std::min(count, commit_size);
        checked(store->write([some](storage::transaction& tx) -> result<void> {
            for (std::size_t i = 0; i < some; ++i)
                if (auto added = tx.audit().append({.created_at = timestamp{std::chrono::hours{1}},
                                                    .type = event_type::login,
                                                    .detail = "Long ago."});
                    !added)
                    return std::unexpected(added.error());
            return {};
        }));
        count -= some;
    }
}

} // namespace

int main(int argc, char** argv) {
    if (argc == 4 && std::string_view{argv[1]} == "old-events") {
        try {
            add_old_events(argv[2], std::strtoul(argv[3], nullptr, 10));
        } catch (const std::exception& wrong) {
            fmt::print(stderr, "storage_bench: {}\n", wrong.what());
            return 1;
        }
        return 0;
    }
    if (argc < 2) {
        fmt::print(stderr, "storage_bench FOLDER [devices] [readings of each]\n");
        return 2;
    }
    const std::filesystem::path folder{argv[1]};
    const std::size_t devices = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 2000;
    const std::size_t each = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 1000;
    try {
        const figures new_way = ours(folder / "ours.db", devices, each);
        const figures old_way = a_row_each(folder / "rows.db", devices, each);
        fmt::print("readings={} bytes={:.1f} rate={:.0f} row_bytes={:.1f} row_rate={:.0f}\n", devices * each,
                   new_way.bytes, new_way.rate, old_way.bytes, old_way.rate);
    } catch (const std::exception& wrong) {
        fmt::print(stderr, "storage_bench: {}\n", wrong.what());
        return 1;
    }
    return 0;
}
