#pragma once

#include "storage/blocks/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// A column: what stands in one slot of a shape, reading by reading. Each way to write it gives every value
// back as it was spelled; a way that would change a single byte isn't chosen.
namespace breakwater::storage::blocks {

/// Other times of the same readings: a time in the payload is often one of them, or follows it.
using time_columns = std::span<const std::span<const std::int64_t>>;

/// Appends the column. `beside`: as in `put_times`.
void put_column(std::string& out, std::span<const std::string_view> values, time_columns beside);

/// A column as it was read, from which single values are spelled out when they are asked for.
class column {
public:
    /// Reads `count` values; where it can't, the source has failed and the column must not be used. Views
    /// into the bytes are kept.
    column(byte_source& from, std::size_t count, time_columns beside);

    [[nodiscard]] std::size_t size() const noexcept { return count_; }
    /// Appends the value at `at` as it was spelled. REQUIRES: `at` < size().
    void append_to(std::string& out, std::size_t at) const;
    /// The value as a number; a boolean is 0 or 1. Nothing for what is neither. REQUIRES: `at` < size().
    [[nodiscard]] std::optional<double> number(std::size_t at) const;

    enum class kind : std::uint8_t { same, whole_or_decimal, time, chosen, text };

private:
    void take_decimals(byte_source& from);
    void take_times_spelled(byte_source& from, time_columns beside);
    void take_choices(byte_source& from);
    void take_texts(byte_source& from);
    [[nodiscard]] std::string_view spelled(std::size_t at) const;

    std::size_t count_;
    column::kind kind_;
    std::vector<std::int64_t> integers_; ///< decimals without their point; times
    std::vector<std::string_view> texts_;
    std::string_view indices_;  ///< into texts_, a byte each
    std::string_view decimals_; ///< how many each has, where the rule doesn't tell
    unsigned scale_ = 0;        ///< digits behind the point in integers_
    unsigned min_decimals_ = 0;
    std::uint8_t time_style_ = 0;
};

} // namespace breakwater::storage::blocks
