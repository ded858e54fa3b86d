#pragma once

#include "base/result.hpp"
#include "domain/reading.hpp"
#include "storage/engine/write_buffer_index.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// A chunk holds the buffered readings of a commit, or a part of them, in the order of their ids. It consists
// of `heads` and `body`, each a version byte (1) and a Zstandard frame, so that the index of the buffer can
// be loaded without the payloads.
//
// heads: the number of readings, then for each its id, the key of its device, `received_at` and whether it is
// simulated; numbers as differences from the reading before, in LEB128.
// body: for each reading whether it has a `device_timestamp`, and its difference from `received_at`; then the
// lengths of the payloads; then the payloads.
namespace breakwater::storage::postgres {

/// What `heads` says of a reading.
struct chunk_head {
    engine::device_key device = 0;
    engine::buffered_reading entry;
};

/// Collects the readings of the open transaction.
class chunk_builder {
public:
    /// REQUIRES: ids ascend.
    void add(engine::device_key device, const reading& added);
    /// Removes the readings from number `count` on.
    void truncate(std::size_t count);
    [[nodiscard]] std::size_t size() const noexcept { return heads_.size(); }
    [[nodiscard]] bool empty() const noexcept { return heads_.empty(); }
    [[nodiscard]] const std::vector<chunk_head>& heads() const noexcept { return heads_; }
    /// Size of the payloads of the readings before number `count`.
    [[nodiscard]] std::size_t payload_bytes(std::size_t count) const noexcept {
        return count == 0 ? 0 : ends_[count - 1];
    }
    /// The reading with this id, without `device_id`.
    [[nodiscard]] std::optional<reading> find(reading_id id) const;

    /// The parts of a chunk of the readings [first, last).
    [[nodiscard]] std::string encode_heads(std::size_t first, std::size_t last) const;
    [[nodiscard]] std::string encode_body(std::size_t first, std::size_t last) const;

private:
    [[nodiscard]] std::string_view payload(std::size_t index) const noexcept {
        const std::size_t begin = payload_bytes(index);
        return std::string_view{payloads_}.substr(begin, ends_[index] - begin);
    }

    std::vector<chunk_head> heads_;
    std::vector<std::optional<timestamp>> device_timestamps_;
    std::vector<std::size_t> ends_; ///< where each payload ends in `payloads_`
    std::string payloads_;
};

/// `lane`: of the chunk. `malformed` if the bytes are damaged or come from a newer version.
[[nodiscard]] result<std::vector<chunk_head>> decode_heads(std::string_view bytes,
                                                           engine::lane_number lane = 0);

/// The readings of a chunk that was decoded.
class chunk {
public:
    /// `malformed` if a part is damaged or comes from a newer version.
    [[nodiscard]] static result<chunk> open(std::string_view heads, std::string_view body);

    /// The reading with this id, without `device_id`.
    [[nodiscard]] std::optional<reading> find(reading_id id) const;
    [[nodiscard]] const std::vector<chunk_head>& heads() const noexcept { return heads_; }
    [[nodiscard]] reading_id first_id() const noexcept { return heads_.front().entry.id(); }
    [[nodiscard]] reading_id last_id() const noexcept { return heads_.back().entry.id(); }
    /// Approximate memory use.
    [[nodiscard]] std::size_t bytes() const noexcept { return content_.size() + heads_.size() * 64; }

private:
    chunk() = default;

    std::vector<chunk_head> heads_;
    std::vector<std::optional<timestamp>> device_timestamps_;
    std::vector<std::size_t> begins_; ///< where each payload begins in `content_`; one more at the end
    std::string content_;
};

} // namespace breakwater::storage::postgres
