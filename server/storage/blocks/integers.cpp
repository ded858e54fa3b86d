#include "storage/blocks/integers.hpp"

#include "base/calendar.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace breakwater::storage::blocks {

namespace {

enum class coding : std::uint8_t { offset, difference, second_difference };
constexpr std::size_t codings = 3;

/// Calls `emit` with the ZigZag code of each value, in order.
template <class Emit>
void each_code(std::span<const std::int64_t> values, coding how, Emit emit) {
    std::int64_t before = 0;
    std::int64_t step = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::int64_t difference = wrapped_difference(values[i], before);
        emit(zigzag(how == coding::second_difference ? wrapped_difference(difference, step) : difference));
        if (how != coding::offset || i == 0)
            before = values[i];
        if (i > 0)
            step = difference;
    }
}

std::array<std::uint64_t, codings> bits_by_coding(std::span<const std::int64_t> values) noexcept {
    std::array<std::uint64_t, codings> bits{};
    for (std::size_t how = 0; how < codings; ++how)
        each_code(values, static_cast<coding>(how),
                  [&](std::uint64_t code) { bits[how] += static_cast<unsigned>(std::bit_width(code)); });
    return bits;
}

/// What all values are multiples of, of the units that clocks count in.
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

std::uint64_t bits_of(std::span<const std::int64_t> values) noexcept {
    return std::ranges::min(bits_by_coding(values));
}

void put_integers(std::string& out, std::span<const std::int64_t> values) {
    const auto bits = bits_by_coding(values);
    const auto best = static_cast<coding>(std::ranges::min_element(bits) - bits.begin());
    put_byte(out, static_cast<std::uint8_t>(best));
    each_code(values, best, [&](std::uint64_t code) { put_varint(out, code); });
}

std::vector<std::int64_t> take_integers(byte_source& from, std::size_t count) {
    const std::uint8_t how = from.byte();
    if (how >= codings)
        from.fail();
    std::vector<std::int64_t> values;
    values.reserve(count);
    std::int64_t before = 0;
    std::int64_t step = 0;
    for (std::size_t i = 0; i < count && !from.failed(); ++i) {
        std::int64_t difference = unzigzag(from.varint());
        if (coding{how} == coding::second_difference)
            difference = wrapped_sum(difference, step);
        const std::int64_t value = wrapped_sum(before, difference);
        if (coding{how} != coding::offset || i == 0)
            before = value;
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
    std::uint64_t fewest = bits_of(best);
    std::size_t chosen = 0; // 0: by themselves, else which column they follow
    std::vector<std::int64_t> tried;
    for (std::size_t i = 0; i < beside.size(); ++i) {
        relative_to(values, beside[i], unit, tried);
        if (const std::uint64_t bits = bits_of(tried); bits < fewest) {
            fewest = bits;
            chosen = i + 1;
            best.swap(tried);
        }
    }
    put_varint(out, static_cast<std::uint64_t>(unit));
    put_varint(out, chosen);
    put_integers(out, best);
}

std::vector<std::int64_t> take_times(byte_source& from, std::size_t count,
                                     std::span<const std::span<const std::int64_t>> beside) {
    const auto unit = static_cast<std::int64_t>(from.count(1'000'000));
    const std::size_t chosen = from.count(beside.size());
    std::vector<std::int64_t> values = take_integers(from, count);
    if (unit == 0 || from.failed()) {
        from.fail();
        return values;
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (chosen != 0)
            values[i] = wrapped_sum(values[i], floor_divide(beside[chosen - 1][i], unit));
        // Wrapping as all else: what overflows here was never written by us.
        values[i] = static_cast<std::int64_t>(static_cast<std::uint64_t>(values[i]) *
                                              static_cast<std::uint64_t>(unit));
    }
    return values;
}

} // namespace breakwater::storage::blocks
