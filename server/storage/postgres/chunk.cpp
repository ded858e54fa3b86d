#include "storage/postgres/chunk.hpp"

#include "storage/blocks/bytes.hpp"
#include "storage/blocks/compression.hpp"

#include <algorithm>
#include <utility>

namespace breakwater::storage::postgres {

namespace {

using blocks::put_byte;
using blocks::put_varint;
using blocks::unzigzag;
using blocks::wrapped_difference;
using blocks::wrapped_sum;
using blocks::zigzag;

constexpr std::uint8_t version = 1;
/// Limits of the readings in a chunk and of the decompressed parts; above what the writer puts into one.
constexpr std::size_t max_readings = std::size_t{1} << 20;
constexpr std::size_t max_content = std::size_t{64} << 20;

std::int64_t micros(timestamp at) noexcept {
    return at.time_since_epoch().count();
}

timestamp time_of(std::int64_t micros_since_1970) noexcept {
    return timestamp{timestamp::duration{micros_since_1970}};
}

std::string packed(const std::string& content) {
    std::string out;
    put_byte(out, version);
    blocks::append_compressed(out, content);
    return out;
}

std::unexpected<error> damaged() {
    return fail(errc::malformed, "A chunk of readings is damaged.");
}

result<std::string> unpacked(std::string_view bytes) {
    if (bytes.empty() || static_cast<std::uint8_t>(bytes.front()) != version)
        return damaged();
    return blocks::decompressed(bytes.substr(1), max_content);
}

/// The position of the reading with this id; the size if there is none.
std::size_t position_of(const std::vector<chunk_head>& heads, reading_id id) {
    const auto head =
        std::ranges::lower_bound(heads, id, {}, [](const chunk_head& item) { return item.entry.id(); });
    if (head == heads.end() || head->entry.id() != id)
        return heads.size();
    return static_cast<std::size_t>(head - heads.begin());
}

} // namespace

void chunk_builder::add(engine::device_key device, const reading& added) {
    heads_.push_back({device, {added.id, added.received_at, added.simulated}});
    device_timestamps_.push_back(added.device_timestamp);
    payloads_ += added.payload;
    ends_.push_back(payloads_.size());
}

void chunk_builder::truncate(std::size_t count) {
    payloads_.resize(payload_bytes(count));
    heads_.erase(heads_.begin() + static_cast<std::ptrdiff_t>(count), heads_.end());
    device_timestamps_.resize(count);
    ends_.resize(count);
}

std::optional<reading> chunk_builder::find(reading_id id) const {
    const std::size_t index = position_of(heads_, id);
    if (index == heads_.size())
        return std::nullopt;
    const engine::buffered_reading& entry = heads_[index].entry;
    return reading{.id = id,
                   .device_id = {},
                   .device_timestamp = device_timestamps_[index],
                   .received_at = entry.received_at(),
                   .payload = std::string{payload(index)},
                   .simulated = entry.simulated()};
}

std::string chunk_builder::encode_heads(std::size_t first, std::size_t last) const {
    std::string content;
    put_varint(content, last - first);
    std::int64_t id = 0;
    for (std::size_t i = first; i < last; ++i)
        put_varint(content, static_cast<std::uint64_t>(heads_[i].entry.id() -
                                                       std::exchange(id, heads_[i].entry.id())));
    std::int64_t device = 0;
    for (std::size_t i = first; i < last; ++i)
        put_varint(content,
                   zigzag(wrapped_difference(heads_[i].device, std::exchange(device, heads_[i].device))));
    std::int64_t received = 0;
    for (std::size_t i = first; i < last; ++i) {
        const std::int64_t at = micros(heads_[i].entry.received_at());
        put_varint(content, zigzag(wrapped_difference(at, std::exchange(received, at))));
    }
    for (std::size_t i = first; i < last; ++i)
        put_byte(content, heads_[i].entry.simulated() ? 1 : 0);
    return packed(content);
}

std::string chunk_builder::encode_body(std::size_t first, std::size_t last) const {
    std::string content;
    for (std::size_t i = first; i < last; ++i)
        put_byte(content, device_timestamps_[i] ? 1 : 0);
    for (std::size_t i = first; i < last; ++i)
        if (device_timestamps_[i])
            put_varint(content, zigzag(wrapped_difference(micros(*device_timestamps_[i]),
                                                          micros(heads_[i].entry.received_at()))));
    for (std::size_t i = first; i < last; ++i)
        put_varint(content, payload(i).size());
    const std::size_t begin = payload_bytes(first);
    content += std::string_view{payloads_}.substr(begin, payload_bytes(last) - begin);
    return packed(content);
}

result<std::vector<chunk_head>> decode_heads(std::string_view bytes, engine::lane_number lane) {
    const auto content = unpacked(bytes);
    if (!content)
        return damaged();
    blocks::byte_source source{*content};
    const std::size_t count = source.count(max_readings);
    std::vector<std::int64_t> ids(count);
    std::vector<std::int64_t> devices(count);
    std::vector<std::int64_t> received(count);
    std::int64_t last = 0;
    for (std::int64_t& id : ids)
        last = id = wrapped_sum(last, static_cast<std::int64_t>(source.varint()));
    last = 0;
    for (std::int64_t& device : devices)
        last = device = wrapped_sum(last, unzigzag(source.varint()));
    last = 0;
    for (std::int64_t& at : received)
        last = at = wrapped_sum(last, unzigzag(source.varint()));
    std::vector<chunk_head> heads;
    heads.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
        heads.push_back({devices[i], {ids[i], time_of(received[i]), source.byte() != 0, lane}});
    if (source.failed() || !source.at_end() || heads.empty())
        return damaged();
    return heads;
}

result<chunk> chunk::open(std::string_view heads, std::string_view body) {
    chunk opened;
    auto decoded = decode_heads(heads);
    if (!decoded)
        return pass(std::move(decoded));
    opened.heads_ = std::move(*decoded);
    auto content = unpacked(body);
    if (!content)
        return damaged();
    opened.content_ = std::move(*content);
    blocks::byte_source source{opened.content_};
    const std::size_t count = opened.heads_.size();
    std::vector<bool> has_time(count);
    for (std::size_t i = 0; i < count; ++i)
        has_time[i] = source.byte() != 0;
    opened.device_timestamps_.resize(count);
    for (std::size_t i = 0; i < count; ++i)
        if (has_time[i])
            opened.device_timestamps_[i] =
                time_of(wrapped_sum(micros(opened.heads_[i].entry.received_at()), unzigzag(source.varint())));
    std::vector<std::size_t> lengths(count);
    std::size_t sum = 0;
    for (std::size_t& length : lengths)
        sum += length = source.count(max_content);
    if (source.failed() || source.rest().size() != sum)
        return damaged();
    std::size_t begin = opened.content_.size() - sum;
    for (const std::size_t length : lengths) {
        opened.begins_.push_back(begin);
        begin += length;
    }
    opened.begins_.push_back(begin);
    return opened;
}

std::optional<reading> chunk::find(reading_id id) const {
    const std::size_t index = position_of(heads_, id);
    if (index == heads_.size())
        return std::nullopt;
    const engine::buffered_reading& entry = heads_[index].entry;
    return reading{.id = id,
                   .device_id = {},
                   .device_timestamp = device_timestamps_[index],
                   .received_at = entry.received_at(),
                   .payload = content_.substr(begins_[index], begins_[index + 1] - begins_[index]),
                   .simulated = entry.simulated()};
}

} // namespace breakwater::storage::postgres
