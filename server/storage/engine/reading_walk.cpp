#include "storage/engine/reading_walk.hpp"

#include <algorithm>
#include <utility>

namespace breakwater::storage::engine {

namespace {

/// Readings and block entries that are fetched together, at most.
constexpr std::size_t max_buffered_batch = 64;
constexpr std::size_t max_entry_batch = 32;

reading_position position_of(const buffered_reading& entry) noexcept {
    return {entry.received_at(), entry.id()};
}

reading_position position_of(const blocks::row_head& row) noexcept {
    return {row.received_at, row.id};
}

} // namespace

reading_walk::reading_walk(series_tables& tables, damage_log& damage, device_key device,
                           const reading_filter& filter, reading_order order,
                           std::optional<reading_position> after, std::vector<buffered_reading> buffered)
    : tables_{tables},
      damage_{damage},
      filter_{filter},
      device_{device},
      newest_first_{order == reading_order::newest_first},
      after_{after},
      lowest_{filter.since.value_or(timestamp::min())},
      highest_{filter.until.value_or(timestamp::max())},
      buffered_{std::move(buffered)} {
    if (after_ && newest_first_)
        highest_ = std::min(highest_, after_->received_at);
    else if (after_)
        lowest_ = std::max(lowest_, after_->received_at);
    std::erase_if(buffered_, [this](const buffered_reading& entry) {
        return !matches(position_of(entry), entry.simulated());
    });
    std::ranges::sort(buffered_, [this](const buffered_reading& a, const buffered_reading& b) {
        return comes_before(position_of(a), position_of(b));
    });
}

bool reading_walk::matches(const reading_position& position, bool simulated) const noexcept {
    return (filter_.include_simulated || !simulated) && position.received_at >= lowest_ &&
           position.received_at <= highest_ && (!after_ || comes_before(*after_, position));
}

result<std::optional<reading>> reading_walk::next() {
    for (;;) {
        const auto buffered = buffered_position();
        const auto stored = block_position();
        if (!stored)
            return std::unexpected(stored.error());
        if (!buffered && !*stored)
            return std::nullopt;
        if (buffered && (!*stored || comes_before(*buffered, **stored))) {
            auto next_reading = read_buffered();
            if (!next_reading || *next_reading)
                return next_reading;
            continue; // the row does not exist any more
        }
        const std::size_t count = block_->rows().size();
        const std::size_t row = newest_first_ ? count - 1 - next_row_ : next_row_;
        ++next_row_;
        return block_->row(row, filter_.device_id);
    }
}

std::optional<reading_position> reading_walk::buffered_position() {
    if (next_buffered_ == buffered_.size())
        return std::nullopt;
    return position_of(buffered_[next_buffered_]);
}

/// The position of the next matching row in a block; next_row_ then refers to it.
result<std::optional<reading_position>> reading_walk::block_position() {
    for (;;) {
        if (block_) {
            const auto& rows = block_->rows();
            for (; next_row_ < rows.size(); ++next_row_) {
                const auto& row = rows[newest_first_ ? rows.size() - 1 - next_row_ : next_row_];
                if (matches(position_of(row), row.simulated))
                    return position_of(row);
            }
            block_.reset();
        }
        if (!more_blocks_)
            return std::nullopt;
        auto opened = open_next_block();
        if (!opened)
            return pass(std::move(opened));
    }
}

/// Advances to the next block entry. True if the block may have a matching row and was opened.
result<bool> reading_walk::open_next_block() {
    const auto next = next_entry();
    if (!next)
        return std::unexpected(next.error());
    if (!*next) {
        more_blocks_ = false;
        return false;
    }
    const block_entry& entry = **next;
    const bool all_before = entry.last.received_at < lowest_;
    const bool all_after = entry.first.received_at > highest_;
    if (newest_first_ ? all_before : all_after) {
        more_blocks_ = false;
        return false;
    }
    if (all_before || all_after || (!filter_.include_simulated && entry.simulated == entry.count))
        return false;
    auto opened = open_block(tables_, damage_, device_, entry.block);
    if (!opened)
        return pass(std::move(opened));
    if (!*opened)
        return false;
    block_ = std::move(*opened);
    next_row_ = 0;
    return true;
}

result<std::optional<block_entry>> reading_walk::next_entry() {
    if (next_entry_ == entries_.size()) {
        if (!more_entries_)
            return std::nullopt;
        auto fetched = newest_first_ ? tables_.blocks_backwards(device_, highest_, last_entry_, entry_batch_)
                                     : tables_.blocks_forwards(device_, lowest_, last_entry_, entry_batch_);
        if (!fetched)
            return pass(std::move(fetched));
        more_entries_ = fetched->size() == entry_batch_;
        entry_batch_ = std::min(entry_batch_ * 4, max_entry_batch);
        entries_ = std::move(*fetched);
        next_entry_ = 0;
        if (entries_.empty())
            return std::nullopt;
        last_entry_ = entries_.back().first;
    }
    return entries_[next_entry_++];
}

result<std::optional<reading>> reading_walk::read_buffered() {
    const std::size_t wanted = next_buffered_++;
    if (wanted >= read_through_) {
        const auto batch = std::span<const buffered_reading>{buffered_}.subspan(
            wanted, std::min(buffered_batch_, buffered_.size() - wanted));
        auto readings = tables_.read_buffered(batch);
        if (!readings)
            return pass(std::move(readings));
        read_ = std::move(*readings);
        next_read_ = 0;
        read_through_ = wanted + batch.size();
        buffered_batch_ = std::min(buffered_batch_ * 2, max_buffered_batch);
    }
    if (next_read_ == read_.size() || read_[next_read_].id != buffered_[wanted].id())
        return std::nullopt;
    reading out = std::move(read_[next_read_++]);
    out.device_id = filter_.device_id;
    return out;
}

} // namespace breakwater::storage::engine
