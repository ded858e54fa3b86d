#pragma once

#include "base/result.hpp"
#include "storage/series_store.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

namespace breakwater::telemetry {

/// Returns the next page of readings after a position, ordered by (received_at, id); an empty page at the
/// end. Every call reads the same range: its `until` is fixed before an export starts.
using page_source =
    std::function<result<std::vector<reading>>(std::optional<storage::reading_position> after)>;

/// Iterates over a range with one page in memory.
class reading_range {
public:
    /// REQUIRES: `source` outlives this object.
    explicit reading_range(const page_source& source) : source_{&source} {}

    /// The next reading, valid until the next call; null at the end. Fails with the source's errors.
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

/// Approximate size in bytes of one piece of an export.
inline constexpr std::size_t export_piece_size = 64 * 1024;

} // namespace breakwater::telemetry
