#pragma once

#include "base/result.hpp"
#include "storage/transfer/portable_table.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::storage::transfer {

/// Returns the rows of a table.
class row_cursor {
public:
    virtual ~row_cursor() = default;
    /// The next rows in the order of the key. Returns only so many that they need little memory. Empty: there
    /// are no more.
    virtual result<std::vector<row>> next() = 0;
};

/// A number beside the rows. After a transfer, the target's is not lower than the source's.
struct counter {
    std::string name;
    std::int64_t value = 0;
};

// The counters are: the last id that each table with `assigns_ids` has assigned, under the name of the table,
// and these.
inline constexpr std::string_view reading_counter = "readings"; ///< the last id of a reading
/// Events that retention removed and that no event of the audit log reports yet.
inline constexpr std::string_view expired_counter = "expired_events";

/// A database that no server uses, as portable tables. Not for use by two threads at a time.
class table_reader {
public:
    virtual ~table_reader() = default;

    virtual result<std::int64_t> count(const table& of) = 0;
    /// The rows after the key `after`; all rows if it is empty. REQUIRES: at most one cursor at a time;
    /// nothing else is called while it exists.
    virtual result<std::unique_ptr<row_cursor>> rows(const table& of, const row& after) = 0;
    /// Always the same names, in the same order.
    virtual result<std::vector<counter>> counters() = 0;
    /// Upper bound of the buffered readings that can't be read because they are damaged. The tables don't
    /// contain them. A damaged chunk counts with all its readings, although some may also be in blocks.
    virtual result<std::int64_t> count_unreadable() = 0;
};

/// How far a transfer has come. The target stores it together with the rows.
struct transfer_state {
    std::string source;      ///< what the source is called, without a password
    std::string fingerprint; ///< of the source: other bytes after a change
    std::string table;       ///< the table that is being copied; those before it are complete
    std::string last_key;    ///< encoded, of the last row that was copied; empty: none
    std::int64_t rows = 0;   ///< of this table, so far
};

/// The database that receives the rows. From `begin` to `finish`, servers and other commands refuse to open
/// it. If a function fails or doesn't return, it has done all of its work or nothing.
class transfer_target : public table_reader {
public:
    /// Of a transfer that was interrupted; empty if there is none.
    virtual result<std::optional<transfer_state>> state() = 0;
    /// Starts a transfer: removes the rows that migrations have inserted. REQUIRES: no other rows exist.
    virtual result<void> begin(const transfer_state& first) = 0;
    /// Adds rows after all others of the table, and stores how far the transfer has come. REQUIRES: `begin`.
    virtual result<void> append(const table& to, std::span<const row> rows,
                                const transfer_state& reached) = 0;
    /// Raises the counters to at least these values.
    virtual result<void> raise(std::span<const counter> counters) = 0;
    /// Ends the transfer. Servers may open the database from now on.
    virtual result<void> finish() = 0;

    /// Whether the texts of this table may contain U+0000.
    [[nodiscard]] virtual bool stores_nul(const table& in) const = 0;
};

} // namespace breakwater::storage::transfer
