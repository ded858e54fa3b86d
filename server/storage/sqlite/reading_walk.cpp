#include "storage/sqlite/reading_walk.hpp"

#include "storage/sqlite/conditions.hpp"

#include <algorithm>
#include <utility>

namespace breakwater::storage::sqlite {

namespace {

reading_position position_of(const buffered_reading& entry) noexcept {
    return {entry.received_at(), entry.id()};
}

reading_position position_of(const blocks::row_head& row) noexcept {
    return {row.received_at, row.id};
}

} // namespace

reading_walk::reading_walk(connection& db, damage_log& damage, device_key device,
                           const reading_filter& filter, reading_order order,
                           std::optional<reading_position> after, std::vector<buffered_reading> buffered)
    : db_{db},
      damage_{damage},
      filter_{filter},
      device_{device},
      newest_first_{order == reading_order::newest_first},
      after_{after},
      lowest_{filter.since.value_or(timestamp::min())},
      highest_{filter.until.value_or(timestamp::max())},
      buffered_{std::move(buffered)},
      entries_{db.prepare(newest_first_ ? entries_backwards : entries_forwards)} {
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
    entries_.bind(device_, newest_first_ ? highest_ : lowest_);
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
    const auto row = entries_.step();
    if (!row)
        return std::unexpected(row.error());
    if (!*row) {
        more_blocks_ = false;
        return false;
    }
    const block_entry entry = read_entry(entries_);
    const bool all_before = entry.last.received_at < lowest_;
    const bool all_after = entry.first.received_at > highest_;
    if (newest_first_ ? all_before : all_after) {
        more_blocks_ = false;
        return false;
    }
    if (all_before || all_after || (!filter_.include_simulated && entry.simulated == entry.count))
        return false;
    auto opened = open_block(db_, damage_, entry.block);
    if (!opened)
        return pass(std::move(opened));
    if (!*opened)
        return false;
    block_ = std::move(*opened);
    next_row_ = 0;
    return true;
}

result<std::optional<reading>> reading_walk::read_buffered() {
    const buffered_reading entry = buffered_[next_buffered_++];
    statement query = db_.prepare("SELECT device_timestamp, payload FROM write_buffer WHERE id = ?1");
    const auto row = query.bind(entry.id()).step();
    if (!row)
        return std::unexpected(row.error());
    if (!*row)
        return std::nullopt;
    return reading{.id = entry.id(),
                   .device_id = filter_.device_id,
                   .device_timestamp = query.optional_time(0),
                   .received_at = entry.received_at(),
                   .payload = query.text(1),
                   .simulated = entry.simulated()};
}

} // namespace breakwater::storage::sqlite
