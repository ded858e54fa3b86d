#include "storage/blocks/doubles.hpp"

#include "storage/blocks/integers.hpp"
#include "storage/blocks/spelled_number.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <optional>

namespace breakwater::storage::blocks {

namespace {

constexpr unsigned most_decimals = 9;
constexpr std::uint8_t by_bits = 255;
constexpr double exact_below = 9007199254740992.0; ///< 2^53: up to here every whole number is a double

double from_integer(std::int64_t value, unsigned decimals) noexcept {
    return static_cast<double>(value) / static_cast<double>(power_of_ten(decimals));
}

/// Nothing where one of the values isn't such a multiple.
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
    for (unsigned decimals = 0; decimals <= most_decimals; ++decimals) {
        if (const auto integers = as_integers(values, decimals)) {
            put_byte(out, static_cast<std::uint8_t>(decimals));
            return put_integers(out, *integers);
        }
    }
    put_byte(out, by_bits);
    std::uint64_t before = 0;
    for (const double value : values) {
        const auto bits = std::bit_cast<std::uint64_t>(value);
        put_varint(out, bits ^ before);
        before = bits;
    }
}

std::vector<double> take_doubles(byte_source& from, std::size_t count) {
    std::vector<double> values;
    const std::uint8_t how = from.byte();
    if (how <= most_decimals) {
        for (const std::int64_t integer : take_integers(from, count))
            values.push_back(from_integer(integer, how));
        return values;
    }
    if (how != by_bits)
        from.fail();
    std::uint64_t before = 0;
    for (std::size_t i = 0; i < count && !from.failed(); ++i) {
        before ^= from.varint();
        values.push_back(std::bit_cast<double>(before));
    }
    return values;
}

} // namespace breakwater::storage::blocks
