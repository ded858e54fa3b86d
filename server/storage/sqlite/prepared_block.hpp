#pragma once

#include "base/result.hpp"
#include "domain/reading.hpp"
#include "storage/blocks/block.hpp"
#include "storage/blocks/latest_values.hpp"
#include "storage/blocks/rollup.hpp"
#include "storage/reading_store.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace breakwater::storage::sqlite {

/// From so many readings of one device at once on, rewriting a small block costs less than the detour through
/// the hot readings.
inline constexpr std::size_t worth_a_block = 64;

/// What readings of a device add to what is known of it.
struct block_sums {
    blocks::latest_values latest;
    std::vector<blocks::rollup_part> rollups;
};
/// `added` are rows of `opened`, and its last ones; `believed` as `blocks::latest_values` has it. `malformed`
/// where a column is damaged.
[[nodiscard]] result<block_sums> sums_of(const blocks::block& opened, std::span<const reading> added,
                                         timestamp believed);

/// All that storing readings as a block takes and that can be worked out before their ids are known.
class prepared_block final : public prepared_readings {
public:
    /// Null where the readings won't become a block of their own. Any thread may call.
    [[nodiscard]] static std::unique_ptr<prepared_block> make(std::span<const reading> readings,
                                                              timestamp believed);

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

} // namespace breakwater::storage::sqlite
