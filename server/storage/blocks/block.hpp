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

// Some hundred readings of one device as one run of bytes: columns of what they have in common, compressed.
// docs/storage.md describes the format; a version byte comes first.
namespace breakwater::storage::blocks {

inline constexpr std::size_t max_rows = 4096;
/// A block's content before it is compressed. One reading always fits (its request was smaller).
inline constexpr std::size_t max_content = std::size_t{64} << 20;

/// REQUIRES: 1 to `max_rows` readings of one device, in the order of (received_at, id).
[[nodiscard]] std::string encode(std::span<const reading> readings);

/// A block but for the ids of its rows, which are given only while it is stored: the work is done before.
class unnumbered_block {
public:
    /// REQUIRES: as `encode`, but for the ids, which don't count.
    explicit unnumbered_block(std::span<const reading> readings);

    /// What `encode` makes of the readings once their ids count up from `first`.
    [[nodiscard]] std::string numbered(reading_id first) const;
    [[nodiscard]] std::size_t size() const noexcept { return columns_.size(); }

private:
    std::string columns_; ///< compressed
};

/// What every row has besides its payload.
struct row_head {
    reading_id id;
    timestamp received_at;
    std::optional<timestamp> device_timestamp;
    bool simulated;
};

/// A block as it was read. Payloads are spelled out one by one, when they are asked for.
class block {
public:
    /// `malformed` where the bytes are damaged or come from a newer version.
    [[nodiscard]] static result<block> open(std::string_view bytes);
    block(block&&) noexcept;
    block& operator=(block&&) noexcept;
    ~block();

    [[nodiscard]] const std::vector<row_head>& rows() const noexcept;
    /// Reads the columns of the payloads; `malformed` where one is damaged.
    result<void> read_payloads();
    /// Appends the payload of that row, as it came. REQUIRES: read_payloads() succeeded, `row` <
    /// rows().size().
    void append_payload(std::string& out, std::size_t row) const;
    /// The row as a whole. REQUIRES: as `append_payload`.
    [[nodiscard]] reading row(std::size_t at, const device_id& device) const;

    /// Of the rows with those ids (sorted): enough of them to know the last value of every field, measured
    /// until `believed` and after that.
    [[nodiscard]] std::vector<std::size_t> newest_rows(std::span<const reading_id> ids,
                                                       timestamp believed) const;
    struct field_numbers {
        std::string name;
        std::vector<std::pair<std::size_t, double>> numbers; ///< by the row; each row once at most
    };
    /// What `numbers` has of the first `most` fields, some without any, in one pass: payloads of which each
    /// has names of its own would cost one for each field. `malformed` where a column that tells is damaged.
    [[nodiscard]] result<std::vector<field_numbers>> numbers_by_field(std::size_t most) const;
    /// A field's value in every row, where it is a number or a boolean (0 or 1). Reads that field's columns
    /// alone. `malformed` where one is damaged.
    [[nodiscard]] result<std::vector<std::optional<double>>> numbers(std::string_view name) const;

private:
    struct content;
    explicit block(std::unique_ptr<content> read) noexcept;
    std::unique_ptr<content> content_;
};

} // namespace breakwater::storage::blocks
