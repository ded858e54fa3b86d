#pragma once

#include "base/result.hpp"
#include "domain/reading.hpp"
#include "storage/blocks/block.hpp"
#include "storage/blocks/latest_values.hpp"
#include "storage/blocks/rollup.hpp"
#include "storage/engine/block_entry.hpp"
#include "storage/series_store.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace breakwater::storage::engine {

/// From this many readings of one device at once, a block costs less than the detour through the write
/// buffer. Fewer would make a small block, which the next batch rewrites.
inline constexpr std::size_t min_block_readings = small_block;

/// The contribution of readings to their device's latest values and rollups.
struct block_sums {
    blocks::latest_values latest;
    std::vector<blocks::rollup_part> rollups;
};
/// `added` are the last rows of `opened`; `latest_plausible` as in `blocks::latest_values`. `malformed` if a
/// column is damaged.
[[nodiscard]] result<block_sums> sums_of(const blocks::block& opened, std::span<const reading> added,
                                         timestamp latest_plausible);

/// A block of readings whose ids are not assigned yet, and its sums. Prepared outside the writer, so that the
/// writer has less to do.
class prepared_block final : public prepared_readings {
public:
    /// Null if the readings won't become a block of their own. Any thread may call.
    [[nodiscard]] static std::unique_ptr<prepared_block> make(std::span<const reading> readings,
                                                              timestamp latest_plausible);

    [[nodiscard]] std::size_t count() const noexcept { return count_; }
    [[nodiscard]] const blocks::unnumbered_block& block() const noexcept { return block_; }
    [[nodiscard]] const block_sums& sums() const noexcept { return sums_; }
    [[nodiscard]] std::size_t bytes() const noexcept override;

private:
    prepared_block(std::size_t count, blocks::unnumbered_block block, block_sums sums)
        : count_{count}, block_{std::move(block)}, sums_{std::move(sums)} {}

    std::size_t count_;
    blocks::unnumbered_block block_;
    block_sums sums_;
};

} // namespace breakwater::storage::engine
