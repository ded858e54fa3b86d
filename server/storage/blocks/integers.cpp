#include "storage/blocks/integers.hpp"

#include "base/calendar.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace breakwater::storage::blocks {

namespace {

enum class coding : std::uint8_t { offset, difference, second_difference };
constexpr std::size_t coding_count = 3;

/// Calls `emit` with the ZigZag code of each value, in order.
template <class Emit>
void for_each_code(std::span<const std::int64_t> values, coding form, Emit emit) {
    std::int64_t base = 0;
    std::int64_t step = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::int64_t difference = wrapped_difference(values[i], base);
        emit(zigzag(form == coding::second_difference ? wrapped_difference(difference, step) : difference));
        if (form != coding::offset || i == 0)
            base = values[i];
        if (i > 0)
            step = difference;
    }
}

std::array<std::uint64_t, coding_count> bits_by_coding(std::span<const std::int64_t> values) noexcept {
    std::array<std::uint64_t, coding_count> bits{};
    for (std::size_t form = 0; form < coding_count; ++form)
        for_each_code(values, static_cast<coding>(form),
                      [&](std::uint64_t code) { bits[form] += static_cast<unsigned>(std::bit_width(code)); });
    return bits;
}

/// The largest unit (second, millisecond or microsecond) that divides all values.
std::int64_t unit_of(std::span<const std::int64_t> values) noexcept {
    for (const std::int64_t unit : {std::int64_t{1'000'000}, std::int64_t{1'000}})
        if (std::ranges::all_of(values, [unit](std::int64_t value) { return value % unit == 0; }))
            return unit;
    return 1;
}

void relative_to(std::span<const std::int64_t> values, std::span<const std::int64_t> beside,
                 std::int64_t unit, std::vector<std::int64_t>& out) {
    out.resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        out[i] = wrapped_difference(values[i] / unit, floor_divide(beside[i], unit));
}

} // namespace

std::uint64_t estimated_bits(std::span<const std::int64_t> values) noexcept {
    return std::ranges::min(bits_by_coding(values));
}

void put_integers(std::string& out, std::span<const std::int64_t> values) {
    const auto bits = bits_by_coding(values);
    const auto best = static_cast<coding>(std::ranges::min_element(bits) - bits.begin());
    put_byte(out, static_cast<std::uint8_t>(best));
    for_each_code(values, best, [&](std::uint64_t code) { put_varint(out, code); });
}

std::vector<std::int64_t> read_integers(byte_source& source, std::size_t count) {
    const std::uint8_t form = source.byte();
    if (form >= coding_count)
        source.fail();
    std::vector<std::int64_t> values;
    values.reserve(count);
    std::int64_t base = 0;
    std::int64_t step = 0;
    for (std::size_t i = 0; i < count && !source.failed(); ++i) {
        std::int64_t difference = unzigzag(source.varint());
        if (coding{form} == coding::second_difference)
            difference = wrapped_sum(difference, step);
        const std::int64_t value = wrapped_sum(base, difference);
        if (coding{form} != coding::offset || i == 0)
            base = value;
        if (i > 0)
            step = difference;
        values.push_back(value);
    }
    return values;
}

void put_times(std::string& out, std::span<const std::int64_t> values,
               std::span<const std::span<const std::int64_t>> beside) {
    const std::int64_t unit = unit_of(values);
    std::vector<std::int64_t> best(values.size());
    std::ranges::transform(values, best.begin(), [unit](std::int64_t value) { return value / unit; });
    std::uint64_t fewest = estimated_bits(best);
    std::size_t reference = 0; // 0: none, otherwise the number of the column in `beside`, from 1
    std::vector<std::int64_t> candidate;
    for (std::size_t i = 0; i < beside.size(); ++i) {
        relative_to(values, beside[i], unit, candidate);
        if (const std::uint64_t bits = estimated_bits(candidate); bits < fewest) {
            fewest = bits;
            reference = i + 1;
            best.swap(candidate);
        }
    }
    put_varint(out, static_cast<std::uint64_t>(unit));
    put_varint(out, reference);
    put_integers(out, best);
}

std::vector<std::int64_t> read_times(byte_source& source, std::size_t count,
                                     std::span<const std::span<const std::int64_t>> beside) {
    const auto unit = static_cast<std::int64_t>(source.count(1'000'000));
    const std::size_t reference = source.count(beside.size());
    std::vector<std::int64_t> values = read_integers(source, count);
    if (unit == 0 || source.failed()) {
        source.fail();
        return values;
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (reference != 0)
            values[i] = wrapped_sum(values[i], floor_divide(beside[reference - 1][i], unit));
        // Multiplies as unsigned, because damaged bytes can cause an overflow here.
        values[i] = static_cast<std::int64_t>(static_cast<std::uint64_t>(values[i]) *
                                              static_cast<std::uint64_t>(unit));
    }
    return values;
}

} // namespace breakwater::storage::blocks
