#pragma once

#include "storage/blocks/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// A column contains the values of one slot of a shape, one per reading. Every encoding returns each value
// byte for byte; an encoding that would change a byte is not used.
namespace breakwater::storage::blocks {

/// Other time columns of the same readings. A time in the payload often equals one of them or follows it.
using time_columns = std::span<const std::span<const std::int64_t>>;

/// Appends the column. `beside`: as in `put_times`.
void put_column(std::string& out, std::span<const std::string_view> values, time_columns beside);

/// A decoded column. Each value is spelled only when it is requested.
class column {
public:
    /// Reads `count` values. If the source has failed afterwards, the column must not be used. Keeps views
    /// into the bytes of the source.
    column(byte_source& source, std::size_t count, time_columns beside);

    [[nodiscard]] std::size_t size() const noexcept { return count_; }
    /// Appends a value, byte for byte as received. REQUIRES: `index` < size().
    void append_to(std::string& out, std::size_t index) const;
    /// A value as a number; a boolean is 0 or 1. Empty for all other values. REQUIRES: `index` < size().
    [[nodiscard]] std::optional<double> number(std::size_t index) const;

    enum class kind : std::uint8_t { same, decimal, time, choice, text };

private:
    void read_decimals(byte_source& source);
    void read_spelled_times(byte_source& source, time_columns beside);
    void read_choices(byte_source& source);
    void read_texts(byte_source& source);
    [[nodiscard]] std::string_view text_at(std::size_t index) const;

    std::size_t count_;
    column::kind kind_;
    std::vector<std::int64_t> integers_; ///< numbers without the decimal point, or times
    std::vector<std::string_view> texts_;
    std::string_view indices_;  ///< one byte per value: an index into texts_
    std::string_view decimals_; ///< number of decimals per value, if listed
    unsigned scale_ = 0;        ///< digits after the decimal point in integers_
    unsigned min_decimals_ = 0; ///< 255: decimals_ lists them
    std::uint8_t time_style_ = 0;
};

} // namespace breakwater::storage::blocks
