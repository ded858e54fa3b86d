#include "storage/engine/prepared_block.hpp"

#include "storage/blocks/payload_values.hpp"

#include <algorithm>

namespace breakwater::storage::engine {

result<block_sums> sums_of(const blocks::block& opened, std::span<const reading> added,
                           timestamp latest_plausible) {
    const std::size_t before = opened.rows().size() - added.size();
    std::vector<reading_id> ids;
    ids.reserve(added.size());
    for (const blocks::row_head& row : std::span{opened.rows()}.subspan(before))
        ids.push_back(row.id);
    block_sums sums;
    blocks::payload_values reader;
    for (const std::size_t row : opened.newest_rows(ids, latest_plausible))
        sums.latest.add(added[row - before], reader, latest_plausible);
    auto rollups = blocks::roll_up({&opened, 1}, ids);
    if (!rollups)
        return pass(std::move(rollups));
    sums.rollups = std::move(*rollups);
    return sums;
}

std::unique_ptr<prepared_block> prepared_block::make(std::span<const reading> readings,
                                                     timestamp latest_plausible) {
    if (readings.size() < min_block_readings || readings.size() > blocks::max_rows ||
        !std::ranges::is_sorted(readings, {}, &reading::received_at))
        return nullptr;
    blocks::unnumbered_block block{readings};
    const auto opened = blocks::block::open(block.numbered(1));
    if (!opened)
        return nullptr;
    auto sums = sums_of(*opened, readings, latest_plausible);
    if (!sums)
        return nullptr;
    return std::unique_ptr<prepared_block>{
        new prepared_block{readings.size(), std::move(block), std::move(*sums)}};
}

std::size_t prepared_block::bytes() const noexcept {
    std::size_t sum = sizeof *this + block_.size() + sums_.latest.bytes();
    for (const blocks::rollup_part& part : sums_.rollups)
        sum += sizeof part + part.chunk.bytes();
    return sum;
}

} // namespace breakwater::storage::engine
