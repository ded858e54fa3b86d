#pragma once

#include "base/result.hpp"
#include "storage/reading_store.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

namespace breakwater::telemetry {

/// The readings beyond a position, in the order of (received_at, id), some at a time; none: that was all. The
/// same range at every call: its `until` is fixed before an export begins.
using page_source =
    std::function<result<std::vector<reading>>(std::optional<storage::reading_position> after)>;

/// Walks through a range page by page, one page in memory.
class reading_range {
public:
    /// REQUIRES: `source` lives longer.
    explicit reading_range(const page_source& source) : source_{&source} {}

    /// Null at the end; else valid until the next call. Fails with the source's errors.
    result<const reading*> next() {
        if (next_ == page_.size()) {
            auto page = (*source_)(after_);
            if (!page)
                return pass(std::move(page));
            if (page->empty())
                return nullptr;
            after_ = {page->back().received_at, page->back().id};
            page_ = std::move(*page);
            next_ = 0;
        }
        return &page_[next_++];
    }

private:
    const page_source* source_;
    std::optional<storage::reading_position> after_;
    std::vector<reading> page_;
    std::size_t next_ = 0;
};

/// About how much an export makes at a time.
inline constexpr std::size_t export_piece_size = 64 * 1024;

} // namespace breakwater::telemetry
