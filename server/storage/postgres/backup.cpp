#include "storage/postgres/backup.hpp"

#include "storage/blocks/bytes.hpp"
#include "storage/engine/backup_file.hpp"
#include "storage/postgres/locks.hpp"
#include "storage/postgres/migrations.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

// The file: "BRKWPG1\n"; the number of migrations; for each table its name and pieces of bytes, the last of
// them empty; an empty name; for each sequence its name and its value; an empty name. Numbers are 8 bytes,
// big-endian. A text has its length in front.
namespace breakwater::storage::postgres {

namespace {

constexpr std::string_view magic = "BRKWPG1\n";
constexpr std::uint64_t bytes_per_report = std::uint64_t{1} << 20;
constexpr std::uint64_t max_piece = std::uint64_t{1} << 30;

/// All tables, each behind those that it refers to. Left out are `outbox_pending`, which a trigger fills, the
/// running nodes with their leases, and `live_tickets`, which live for seconds.
constexpr std::array tables{"users",
                            "devices",
                            "removed_devices",
                            "credentials",
                            "refresh_tokens",
                            "invitations",
                            "category_policies",
                            "device_policies",
                            "limit_states",
                            "alert_rules",
                            "alerts",
                            "webhooks",
                            "outbox",
                            "outbox_removed",
                            "imports",
                            "clock_state",
                            "changes",
                            "security_events",
                            "event_targets",
                            "expired_events",
                            "lanes",
                            "chunks",
                            "damaged_chunks",
                            "device_owners",
                            "compactions",
                            "blocks",
                            "rollups",
                            "latest",
                            "message_ids"};
/// The tables of the schema that a backup does not contain.
constexpr std::int64_t other_tables = 5;

std::string number(std::uint64_t value) {
    std::string out(8, '\0');
    for (std::size_t i = out.size(); i-- > 0; value >>= 8)
        out[i] = static_cast<char>(value & 0xff);
    return out;
}

/// Writes a backup, and reports its progress.
class archive_writer {
public:
    archive_writer(engine::backup_file& file, backup_source::progress& report, std::uint64_t total)
        : file_{file}, report_{report}, total_{total} {}

    result<void> text(std::string_view bytes) {
        if (auto written = file_.write(number(bytes.size())); !written)
            return written;
        if (auto written = file_.write(bytes); !written)
            return written;
        copied_ += bytes.size() + 8;
        if (copied_ - reported_ >= bytes_per_report)
            report(std::max(total_, copied_));
        return {};
    }
    void finish() { report(copied_); }

private:
    void report(std::uint64_t total) {
        reported_ = copied_;
        if (report_)
            report_(copied_, total);
    }

    engine::backup_file& file_;
    backup_source::progress& report_;
    std::uint64_t total_; ///< an estimate
    std::uint64_t copied_ = 0;
    std::uint64_t reported_ = 0;
};

result<void> write_tables(connection& db, archive_writer& archive) {
    for (const std::string_view table : tables) {
        if (auto named = archive.text(table); !named)
            return named;
        auto copied = db.copy_out("COPY " + std::string{table} + " TO STDOUT (FORMAT binary)",
                                  [&](std::string_view piece) { return archive.text(piece); });
        if (!copied)
            return copied;
        if (auto ended = archive.text({}); !ended)
            return ended;
    }
    return archive.text({});
}

result<void> write_sequences(connection& db, archive_writer& archive) {
    statement query = db.prepare("SELECT sequencename::text, last_value FROM pg_sequences"
                                 " WHERE schemaname = current_schema() AND last_value IS NOT NULL");
    auto written = query.for_each([&archive](const statement& row) -> result<void> {
        if (auto named = archive.text(row.view(0)); !named)
            return named;
        return archive.text(number(static_cast<std::uint64_t>(row.integer(1))));
    });
    return written ? archive.text({}) : written;
}

/// Until the transaction ends, no node joins.
result<void> keep_nodes_out(connection& db) {
    if (auto locked = db.run("SELECT pg_advisory_xact_lock($1)", nodes_lock); !locked)
        return pass(std::move(locked));
    const auto nodes = db.prepare("SELECT count(*) FROM nodes").number();
    if (!nodes)
        return std::unexpected(nodes.error());
    if (*nodes != 0)
        return fail(errc::bad_state, "A server uses the database. Stop it first.");
    return {};
}

/// A connection for rows by the gigabyte.
result<std::unique_ptr<connection>> open_for_copy(connection::settings server) {
    server.copies = true;
    return connection::open(server);
}

/// Reads a backup. After a failure every text is empty.
class archive_reader {
public:
    explicit archive_reader(const std::filesystem::path& path) : file_{path, std::ios::binary} {}

    std::string bytes(std::size_t size) {
        std::string out(size, '\0');
        file_.read(out.data(), static_cast<std::streamsize>(size));
        failed_ = failed_ || !file_;
        return failed_ ? std::string{} : out;
    }
    std::uint64_t integer() {
        std::uint64_t value = 0;
        for (const char byte : bytes(8))
            value = value << 8 | static_cast<std::uint8_t>(byte);
        return value;
    }
    std::string text() {
        const std::uint64_t size = integer();
        failed_ = failed_ || size > max_piece;
        return failed_ ? std::string{} : bytes(static_cast<std::size_t>(size));
    }
    [[nodiscard]] bool is_open() const { return file_.is_open(); }
    [[nodiscard]] bool failed() const noexcept { return failed_; }

private:
    std::ifstream file_;
    bool failed_ = false;
};

std::unexpected<error> damaged() {
    return fail(errc::malformed, "The file is not a complete backup of this version.");
}

result<void> read_rows(connection& db, archive_reader& archive) {
    // What the migrations have inserted.
    if (auto emptied = db.execute_script("DELETE FROM alert_rules; DELETE FROM expired_events"); !emptied)
        return emptied;
    for (std::string table = archive.text(); !table.empty(); table = archive.text()) {
        if (std::ranges::find(tables, table) == tables.end())
            return damaged();
        auto copied =
            db.copy_in("COPY " + table + " FROM STDIN (FORMAT binary)", [&]() -> result<std::string> {
                std::string piece = archive.text();
                if (archive.failed())
                    return damaged();
                return piece;
            });
        if (!copied)
            return copied;
    }
    for (std::string sequence = archive.text(); !sequence.empty(); sequence = archive.text()) {
        std::uint64_t value = 0;
        for (const char byte : archive.text())
            value = value << 8 | static_cast<std::uint8_t>(byte);
        if (auto set = db.run("SELECT setval(quote_ident($1)::regclass, $2)", sequence,
                              static_cast<std::int64_t>(value));
            !set)
            return pass(std::move(set));
    }
    if (archive.failed())
        return damaged();
    return {};
}

} // namespace

result<void> copy_database(const connection::settings& source, const std::filesystem::path& target,
                           backup_source::progress report) {
    auto file = engine::backup_file::create(target);
    if (!file)
        return pass(std::move(file));
    auto db = open_for_copy(source);
    if (!db)
        return pass(std::move(db));
    (*db)->begin(connection::isolation::snapshot);
    const auto count = (*db)
                           ->prepare("SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p')"
                                     " AND relnamespace = to_regnamespace(current_schema())")
                           .number();
    if (!count)
        return std::unexpected(count.error());
    if (*count != static_cast<std::int64_t>(tables.size()) + other_tables)
        return fail(errc::internal, "The database has tables that a backup doesn't contain.");
    const auto total = (*db)
                           ->prepare("SELECT sum(pg_table_size(oid))::bigint FROM pg_class WHERE"
                                     " relkind IN ('r', 'p')"
                                     " AND relnamespace = to_regnamespace(current_schema())")
                           .number();
    if (!total)
        return std::unexpected(total.error());
    if (auto written = file->write(std::string{magic} + number(migrations().size())); !written)
        return written;
    archive_writer archive{*file, report, static_cast<std::uint64_t>(*total)};
    if (auto written = write_tables(**db, archive); !written)
        return written;
    if (auto written = write_sequences(**db, archive); !written)
        return written;
    (*db)->roll_back();
    archive.finish();
    return file->finish();
}

result<void> restore(const connection::settings& target, const std::filesystem::path& file) {
    archive_reader archive{file};
    if (!archive.is_open())
        return fail(errc::not_found, "Can't open " + file.string() + ".");
    if (archive.bytes(magic.size()) != magic || archive.integer() != migrations().size())
        return damaged();
    auto db = open_for_copy(target);
    if (!db)
        return pass(std::move(db));
    const auto existing = (*db)
                              ->prepare("SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p')"
                                        " AND relnamespace = to_regnamespace(current_schema())")
                              .number();
    if (!existing)
        return std::unexpected(existing.error());
    if (*existing != 0)
        return fail(errc::bad_state, "The database is not empty. It was not changed.");
    if (auto migrated = migrate(**db); !migrated)
        return migrated;
    (*db)->begin(connection::isolation::write);
    if (auto alone = keep_nodes_out(**db); !alone) {
        (*db)->roll_back();
        return alone;
    }
    if (auto loaded = read_rows(**db, archive); !loaded) {
        (*db)->roll_back();
        return loaded;
    }
    if ((*db)->commit() != connection::commit_outcome::committed)
        return fail(errc::storage_unavailable, "The restored rows could not be committed.");
    return {};
}

} // namespace breakwater::storage::postgres
