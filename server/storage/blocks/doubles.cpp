#include "storage/blocks/doubles.hpp"

#include "storage/blocks/integers.hpp"
#include "storage/blocks/spelled_number.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <optional>

namespace breakwater::storage::blocks {

namespace {

constexpr unsigned max_decimals = 9;
constexpr std::uint8_t xor_encoding = 255;         ///< in place of the number of decimals
constexpr double exact_below = 9007199254740992.0; ///< 2^53: a double represents all integers up to here

double from_integer(std::int64_t value, unsigned decimals) noexcept {
    return static_cast<double>(value) / static_cast<double>(power_of_ten(decimals));
}

/// Empty if a value is not an exact multiple of 10^-`decimals`.
std::optional<std::vector<std::int64_t>> as_integers(std::span<const double> values, unsigned decimals) {
    std::vector<std::int64_t> out;
    out.reserve(values.size());
    for (const double value : values) {
        const double scaled = std::round(value * static_cast<double>(power_of_ten(decimals)));
        if (!(std::fabs(scaled) < exact_below))
            return std::nullopt;
        const auto whole = static_cast<std::int64_t>(scaled);
        if (std::bit_cast<std::uint64_t>(from_integer(whole, decimals)) !=
            std::bit_cast<std::uint64_t>(value))
            return std::nullopt;
        out.push_back(whole);
    }
    return out;
}

} // namespace

void put_doubles(std::string& out, std::span<const double> values) {
    for (unsigned decimals = 0; decimals <= max_decimals; ++decimals) {
        if (const auto integers = as_integers(values, decimals)) {
            put_byte(out, static_cast<std::uint8_t>(decimals));
            return put_integers(out, *integers);
        }
    }
    put_byte(out, xor_encoding);
    std::uint64_t previous = 0;
    for (const double value : values) {
        const auto bits = std::bit_cast<std::uint64_t>(value);
        put_varint(out, bits ^ previous);
        previous = bits;
    }
}

std::vector<double> read_doubles(byte_source& source, std::size_t count) {
    std::vector<double> values;
    const std::uint8_t encoding = source.byte();
    if (encoding <= max_decimals) {
        for (const std::int64_t integer : read_integers(source, count))
            values.push_back(from_integer(integer, encoding));
        return values;
    }
    if (encoding != xor_encoding)
        source.fail();
    std::uint64_t previous = 0;
    for (std::size_t i = 0; i < count && !source.failed(); ++i) {
        previous ^= source.varint();
        values.push_back(std::bit_cast<double>(previous));
    }
    return values;
}

} // namespace breakwater::storage::blocks
