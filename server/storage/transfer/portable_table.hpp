#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// What is stored, independent of a backend: tables with typed columns. A backend has the same tables, or
// converts its own into them.
namespace breakwater::storage::transfer {

enum class column_type : std::uint8_t {
    integer, ///< also times, in microseconds since 1970
    boolean,
    real,
    text, ///< UTF-8
    bytes ///< also UUIDs
};

struct column {
    std::string_view name;
    column_type type;
};

struct table {
    std::string_view name;
    std::span<const column> columns;
    std::size_t key_columns; ///< the first columns are the key; rows are in its order
    /// Where a backend can't store U+0000 in texts, this table has a symbol in its place.
    bool replaces_nul = false;
    /// The first column is an id that is never assigned twice, even if its row is gone.
    bool assigns_ids = false;
    /// A migration inserts rows into the table of a new database.
    bool has_first_rows = false;

    [[nodiscard]] std::span<const column> key() const noexcept { return columns.first(key_columns); }
};

inline constexpr std::string_view blocks_table = "blocks";
/// The readings that are not in blocks yet.
inline constexpr std::string_view buffered_table = "buffered_readings";

/// All tables, each after those that it refers to. The order of texts and bytes in keys is that of their
/// bytes.
[[nodiscard]] std::span<const table> portable_tables() noexcept;

/// NULL, an integer or boolean (0, 1), a real number, or the bytes of a text or blob.
using value = std::variant<std::monostate, std::int64_t, double, std::string>;
using row = std::vector<value>;

/// Appends an encoding of the values. Equal values have equal encodings, and different ones have different
/// encodings.
void encode(std::string& out, std::span<const value> values);
/// The opposite. `malformed` if `bytes` is not the encoding of `count` values.
[[nodiscard]] result<row> decode(std::string_view bytes, std::size_t count);

/// Approximate memory use of the values, in bytes.
[[nodiscard]] std::size_t size_of(const row& values) noexcept;

} // namespace breakwater::storage::transfer
