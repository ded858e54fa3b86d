#pragma once

#include "crypto/digest.hpp"
#include "storage/transfer/ports.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::storage::transfer {

enum class stage : std::uint8_t { checking, copying, verifying };

/// Rows of all tables; while verifying, of both databases.
struct progress {
    transfer::stage stage = stage::checking;
    std::string_view table;
    std::uint64_t done = 0;
    std::uint64_t total = 0;
};

struct options {
    std::string source_name; ///< shown to whoever starts a server on the incomplete target; no password
    /// Whether to leave readings of the source behind that can't be read because they are damaged. Otherwise
    /// such a source is refused.
    bool leave_unreadable = false;
    std::size_t batch_rows = 8192;                  ///< in one transaction of the target
    std::size_t batch_bytes = std::size_t{8} << 20; ///< the last row may exceed it
    /// Called after each row that was read and each batch that was stored. If it returns false, the transfer
    /// stops with `bad_state`, and can be continued. May be empty.
    std::function<bool(const progress&)> on_progress{};
};

/// What a table contains.
struct table_content {
    std::int64_t rows = 0;
    std::int64_t readings = 0;      ///< in these rows
    crypto::sha256_digest digest{}; ///< of the encoded rows, in the order of the key

    friend bool operator==(const table_content&, const table_content&) = default;
};

struct table_comparison {
    std::string_view table;
    table_content source;
    table_content target;

    [[nodiscard]] bool equal() const noexcept { return source == target; }
};

struct counter_comparison {
    std::string name;
    std::int64_t source = 0;
    std::int64_t target = 0;

    [[nodiscard]] bool equal() const noexcept { return target >= source; }
};

struct report {
    bool resumed = false;
    /// Upper bound of the readings that were left behind, as `table_reader::count_unreadable`.
    std::int64_t unreadable = 0;
    /// Events of the audit log in which a symbol replaces U+0000.
    std::int64_t changed_events = 0;
    std::vector<table_comparison> tables;
    std::vector<counter_comparison> counters;

    /// Whether the target contains what the source contains. Otherwise the transfer was not finished, and the
    /// target stays unusable.
    [[nodiscard]] bool equal() const;
};

/// Copies everything from `source` to `target`, reads both again and compares them. Needs a constant amount
/// of memory. Continues a transfer that was interrupted, at the row after the last one that was stored.
///
/// Refuses, and leaves the target as it was:
/// - `bad_state` if the target is not empty, or contains an incomplete transfer from another source, from an
///   earlier state of the source, or by another version;
/// - `bad_state` if readings of the source are damaged (see `options::leave_unreadable`);
/// - `invalid_input` if the target can't store a text of the source. The error names the row.
///
/// `bad_state` also if `on_progress` stopped it. After that, and after a failure of a database, the target
/// contains the complete batches. Once the copy has begun, the target stays closed to servers until a later
/// call completes the transfer.
[[nodiscard]] result<report> transfer_all(table_reader& source, transfer_target& target,
                                          const options& settings);

} // namespace breakwater::storage::transfer
