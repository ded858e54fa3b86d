#pragma once

#include "base/result.hpp"
#include "domain/reading.hpp"
#include "storage/blocks/column.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// A block holds some hundred readings of one device as compressed columns. docs/storage.md describes the
// format; a version byte comes first.
namespace breakwater::storage::blocks {

inline constexpr std::size_t max_rows = 4096;
/// Limit of a block's uncompressed content, in bytes. One reading always fits: requests are smaller.
inline constexpr std::size_t max_content = std::size_t{64} << 20;

/// REQUIRES: 1 to `max_rows` readings of one device, in the order of (received_at, id).
[[nodiscard]] std::string encode(std::span<const reading> readings);

/// A block without the ids of its rows. The writer assigns the ids at the append; this class does the
/// encoding before that.
class unnumbered_block {
public:
    /// REQUIRES: as for `encode`; the ids are ignored.
    explicit unnumbered_block(std::span<const reading> readings);

    /// Equals `encode` of the readings with consecutive ids that start at `first`.
    [[nodiscard]] std::string numbered(reading_id first) const;
    [[nodiscard]] std::size_t size() const noexcept { return columns_.size(); }

private:
    std::string columns_; ///< compressed
};

/// All of a row except its payload.
struct row_head {
    reading_id id;
    timestamp received_at;
    std::optional<timestamp> device_timestamp;
    bool simulated;
};

/// A decoded block. Each payload is rebuilt only when it is requested.
class block {
public:
    /// `malformed` if the bytes are damaged or come from a newer version.
    [[nodiscard]] static result<block> open(std::string_view bytes);
    block(block&&) noexcept;
    block& operator=(block&&) noexcept;
    ~block();

    [[nodiscard]] const std::vector<row_head>& rows() const noexcept;
    /// Decodes the columns of the payloads. `malformed` if one is damaged.
    result<void> read_payloads();
    /// Appends the payload of the row, byte for byte as received. REQUIRES: read_payloads() succeeded,
    /// `row` < rows().size().
    void append_payload(std::string& out, std::size_t row) const;
    /// The whole reading. REQUIRES: as for `append_payload`.
    [[nodiscard]] reading row(std::size_t index, const device_id& device) const;

    /// Rows among `ids` (sorted) that together contain the last value of every field: the last one measured
    /// up to `latest_plausible`, and the last one measured after it.
    [[nodiscard]] std::vector<std::size_t> newest_rows(std::span<const reading_id> ids,
                                                       timestamp latest_plausible) const;
    struct field_numbers {
        std::string name;
        std::vector<std::pair<std::size_t, double>> numbers; ///< (row, value); each row at most once
    };
    /// The result of `numbers` for the first `limit` fields, in one pass over the block: one call of
    /// `numbers` per field is slow if every payload has field names of its own. A field may have no numbers.
    /// `malformed` if a needed column is damaged.
    [[nodiscard]] result<std::vector<field_numbers>> numbers_by_field(std::size_t limit) const;
    /// The value of a field in each row: numbers, and booleans as 0 or 1. Reads only the columns of that
    /// field. `malformed` if one is damaged.
    [[nodiscard]] result<std::vector<std::optional<double>>> numbers(std::string_view name) const;

private:
    struct content;
    explicit block(std::unique_ptr<content> decoded) noexcept;
    std::unique_ptr<content> content_;
};

} // namespace breakwater::storage::blocks
