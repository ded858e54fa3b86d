#include "storage/engine/block_entry.hpp"

#include <algorithm>
#include <bit>

namespace breakwater::storage::engine {

block_description describe(std::span<const reading> readings) {
    block_description out{.entry = {.first = {readings.front().received_at, readings.front().id},
                                    .last = {readings.back().received_at, readings.back().id},
                                    .count = static_cast<std::int64_t>(readings.size())},
                          .first_measured = timestamp::max(),
                          .last_measured = timestamp::min()};
    for (const reading& item : readings) {
        if (item.simulated) {
            ++out.entry.simulated;
        } else {
            out.first_real = out.first_real.value_or(item.received_at);
            out.last_real = item.received_at;
        }
        const timestamp at = measured_at(item);
        out.first_measured = std::min(out.first_measured, at);
        out.last_measured = std::max(out.last_measured, at);
    }
    const auto width = static_cast<std::uint64_t>((out.last_measured - out.first_measured).count());
    out.span = static_cast<int>(std::bit_width(width));
    return out;
}

} // namespace breakwater::storage::engine
