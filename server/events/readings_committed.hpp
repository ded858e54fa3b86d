#pragma once

#include "domain/reading.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace breakwater::events {

/// Readings of one transaction after its commit, upload by upload: the readings that a device, or a gateway
/// on its behalf, sent in one request. Everyone who needs them shares them, so that nobody copies a payload.
class readings_committed {
public:
    /// `ends[i]` is the index after the last reading of upload `i`. REQUIRES: no upload is empty.
    readings_committed(std::vector<reading> readings, std::vector<std::size_t> ends)
        : readings_{std::move(readings)}, ends_{std::move(ends)} {}

    [[nodiscard]] std::span<const reading> readings() const noexcept { return readings_; }
    [[nodiscard]] std::size_t upload_count() const noexcept { return ends_.size(); }
    /// The readings of one device, in the order in which they were sent.
    [[nodiscard]] std::span<const reading> upload(std::size_t index) const noexcept {
        const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
        return std::span{readings_}.subspan(begin, ends_[index] - begin);
    }

    /// Whether this transaction stored the reading. It did not if the device no longer exists, or if the
    /// reading was stored before.
    [[nodiscard]] static bool is_new(const reading& item) noexcept {
        return item.outcome == append_outcome::stored;
    }

private:
    std::vector<reading> readings_;
    std::vector<std::size_t> ends_;
};

using committed_readings = std::shared_ptr<const readings_committed>;

/// One upload of a group.
struct committed_upload {
    committed_readings group;
    std::size_t index = 0; ///< of the upload in its group

    [[nodiscard]] std::span<const reading> readings() const noexcept { return group->upload(index); }
};

} // namespace breakwater::events
