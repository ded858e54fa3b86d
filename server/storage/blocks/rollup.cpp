#include "storage/blocks/rollup.hpp"

#include "base/calendar.hpp"
#include "storage/blocks/compression.hpp"
#include "storage/blocks/doubles.hpp"
#include "storage/blocks/integers.hpp"
#include "storage/blocks/obsolete_names.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>

namespace breakwater::storage::blocks {

namespace {

using std::chrono::microseconds;

constexpr std::uint8_t version = 2;
constexpr std::uint8_t version_with_obsolete_names = 1; ///< see `is_obsolete_name`
constexpr std::size_t max_chunk_content = std::size_t{16} << 20;
constexpr std::size_t max_buckets = 240;
/// Limit for the count of a bucket. Prevents an overflow when damaged buckets are added.
constexpr std::int64_t max_bucket_count = std::int64_t{1} << 40;
/// With fewer readings per minute, reading the blocks is as fast as reading rollups of minutes.
constexpr std::size_t min_readings_per_minute = 8;

/// One member of all aggregates, as a column.
template <class Value>
std::vector<Value> column_of(const rollup_chunk::buckets& buckets, Value aggregate::* member) {
    std::vector<Value> out;
    for (const auto& [bucket, values] : buckets)
        out.push_back(values.*member);
    return out;
}

/// The distance of each time from the start of its bucket.
std::vector<std::int64_t> offsets_of(const rollup_chunk::buckets& buckets, timestamp aggregate::* member,
                                     microseconds width, timestamp start) {
    std::vector<std::int64_t> out;
    for (const auto& [bucket, values] : buckets)
        out.push_back((values.*member - (start + bucket * width)).count());
    return out;
}

/// Sums, without the rounding errors of binary addition in their last bits: those bits would not compress.
/// A rounded sum stays as it is when its chunk is written again. That is why large sums are not rounded:
/// there, a multiplication and a division by 1e6 change the last bit each time.
std::vector<double> sums_of(const rollup_chunk::buckets& buckets) {
    constexpr double max_rounded = 1e9;
    std::vector<double> out = column_of(buckets, &aggregate::sum);
    for (double& sum : out) {
        const double rounded = std::round(sum * 1e6) / 1e6;
        if (std::fabs(sum) <= max_rounded && std::fabs(rounded - sum) <= 1e-12 * std::fabs(sum))
            sum = rounded;
    }
    return out;
}

} // namespace

microseconds bucket_width(rollup_level level) noexcept {
    switch (level) {
    case rollup_level::minute: return std::chrono::minutes{1};
    case rollup_level::hour: return std::chrono::hours{1};
    case rollup_level::day: break;
    }
    return std::chrono::days{1};
}

microseconds chunk_width(rollup_level level) noexcept {
    switch (level) {
    case rollup_level::minute: return std::chrono::hours{4};
    case rollup_level::hour: return std::chrono::days{4};
    case rollup_level::day: break;
    }
    return std::chrono::days{64};
}

void rollup_chunk::add(std::string_view field, std::int64_t bucket, const aggregate& values) {
    auto entry = fields_.find(field);
    if (entry == fields_.end()) {
        // An incomplete chunk may lack earlier values of this field. A field that starts here would be wrong.
        if (!complete_ || fields_.size() == max_rolled_fields) {
            complete_ = false;
            return;
        }
        entry = fields_.emplace(field, buckets{}).first;
    }
    buckets& field_buckets = entry->second;
    auto position = field_buckets.end();
    if (!field_buckets.empty() && field_buckets.back().first >= bucket)
        position = std::ranges::lower_bound(field_buckets, bucket, {}, &buckets::value_type::first);
    if (position == field_buckets.end() || position->first != bucket)
        position = field_buckets.emplace(position, bucket, aggregate{});
    position->second.merge(values);
}

void rollup_chunk::merge(const rollup_chunk& other) {
    // If `other` is incomplete, it may lack values of fields that it does not contain. Such fields are
    // removed here, so that they are read from the blocks.
    if (!other.complete_)
        std::erase_if(fields_, [&](const auto& entry) { return !other.fields_.contains(entry.first); });
    for (const auto& [field, field_buckets] : other.fields_)
        for (const auto& [bucket, values] : field_buckets)
            add(field, bucket, values);
    complete_ = complete_ && other.complete_;
}

const rollup_chunk::buckets* rollup_chunk::find(std::string_view field) const {
    const auto entry = fields_.find(field);
    return entry == fields_.end() ? nullptr : &entry->second;
}

std::size_t rollup_chunk::bytes() const noexcept {
    std::size_t sum = 0;
    for (const auto& [field, field_buckets] : fields_)
        sum += sizeof(decltype(fields_)::value_type) + field.size() +
               field_buckets.capacity() * sizeof(buckets::value_type);
    return sum;
}

std::string rollup_chunk::write(rollup_level level, timestamp start) const {
    const microseconds width = bucket_width(level);
    std::string content;
    put_byte(content, complete_ ? 1 : 0);
    put_varint(content, fields_.size());
    std::vector<std::int64_t> previous_first_at;
    std::vector<std::int64_t> previous_last_at;
    for (const auto& [field, field_buckets] : fields_) {
        put_text(content, field);
        put_varint(content, field_buckets.size());
        std::vector<std::int64_t> numbers;
        for (const auto& [bucket, values] : field_buckets)
            numbers.push_back(bucket);
        put_integers(content, numbers);
        put_integers(content, column_of(field_buckets, &aggregate::count));
        put_doubles(content, column_of(field_buckets, &aggregate::min));
        put_doubles(content, column_of(field_buckets, &aggregate::max));
        put_doubles(content, sums_of(field_buckets));
        put_doubles(content, column_of(field_buckets, &aggregate::first));
        put_doubles(content, column_of(field_buckets, &aggregate::last));
        // Most fields have the same times as the field before, because they come in the same payloads.
        auto first_at = offsets_of(field_buckets, &aggregate::first_at, width, start);
        auto last_at = offsets_of(field_buckets, &aggregate::last_at, width, start);
        const bool same = first_at == previous_first_at && last_at == previous_last_at;
        put_byte(content, same ? 1 : 0);
        if (same)
            continue;
        put_integers(content, first_at);
        put_integers(content, last_at);
        previous_first_at = std::move(first_at);
        previous_last_at = std::move(last_at);
    }
    std::string out;
    put_byte(out, version);
    append_compressed(out, content);
    return out;
}

result<rollup_chunk> rollup_chunk::read(std::string_view bytes, rollup_level level, timestamp start) {
    byte_source head{bytes};
    const std::uint8_t stored_version = head.byte();
    if (stored_version != version && stored_version != version_with_obsolete_names)
        return fail(errc::malformed, "The rollup is damaged, or comes from a newer version.");
    const auto content = decompressed(bytes.substr(1), max_chunk_content);
    if (!content)
        return std::unexpected(content.error());
    const microseconds width = bucket_width(level);
    byte_source source{*content};
    rollup_chunk out;
    // Version 1 gave some different fields the same name. Those are skipped below, so the chunk is
    // incomplete.
    out.complete_ = source.byte() == 1 && stored_version == version;
    std::vector<std::int64_t> first_at;
    std::vector<std::int64_t> last_at;
    for (std::size_t remaining = source.count(max_rolled_fields); remaining > 0 && !source.failed();
         --remaining) {
        const std::string_view name = source.text();
        const std::size_t count = source.count(max_buckets);
        const auto numbers = read_integers(source, count);
        const auto counts = read_integers(source, count);
        std::array<std::vector<double>, 5> values;
        for (auto& column : values)
            column = read_doubles(source, count);
        if (source.byte() == 0) {
            first_at = read_integers(source, count);
            last_at = read_integers(source, count);
        }
        if (source.failed() || first_at.size() != count || last_at.size() != count)
            break;
        if (stored_version == version_with_obsolete_names && is_obsolete_name(name))
            continue;
        const auto [field, is_new] = out.fields_.try_emplace(std::string{name});
        if (!is_new) {
            source.fail();
            break;
        }
        buckets& field_buckets = field->second;
        for (std::size_t i = 0; i < count; ++i) {
            const auto is_in_bucket = [&](std::int64_t offset) {
                return offset >= 0 && offset < width.count();
            };
            if (numbers[i] < 0 || (i > 0 && numbers[i] <= numbers[i - 1]) ||
                numbers[i] >= std::int64_t{max_buckets} || counts[i] < 1 || counts[i] > max_bucket_count ||
                !is_in_bucket(first_at[i]) || !is_in_bucket(last_at[i])) {
                source.fail();
                break;
            }
            const timestamp bucket = start + numbers[i] * width;
            field_buckets.emplace_back(numbers[i], aggregate{.count = counts[i],
                                                             .min = values[0][i],
                                                             .max = values[1][i],
                                                             .sum = values[2][i],
                                                             .first = values[3][i],
                                                             .last = values[4][i],
                                                             .first_at = bucket + microseconds{first_at[i]},
                                                             .last_at = bucket + microseconds{last_at[i]}});
        }
    }
    if (source.failed() || !source.at_end())
        return fail(errc::malformed, "The rollup's columns are damaged.");
    return out;
}

namespace {

/// A row to aggregate.
struct counted_row {
    timestamp at;    ///< time of measurement
    std::size_t row; ///< row number in its block
};

/// Collects the parts of one kind (real or simulated).
class part_list {
public:
    explicit part_list(bool simulated) : simulated_{simulated} {}

    /// The part of the chunk that contains `time`. Adds it if it does not exist.
    rollup_part& at(rollup_level level, timestamp time) {
        const timestamp start = rounded_down(time, chunk_width(level));
        for (rollup_part& part : parts_)
            if (part.level == level && part.start == start)
                return part;
        return parts_.emplace_back(rollup_part{
            .level = level, .simulated = simulated_, .start = start, .chunk = {}, .sparse = false});
    }
    std::vector<rollup_part>& all() noexcept { return parts_; }

private:
    const bool simulated_;
    std::vector<rollup_part> parts_;
};

/// Adds the values of one field to the buckets of one level. Merges runs of rows in the same bucket first,
/// because most consecutive rows share a bucket.
void add_values(part_list& parts, rollup_level level, const std::string& field,
                std::span<const counted_row> rows, std::span<const std::optional<double>> values) {
    const microseconds width = bucket_width(level);
    aggregate sum;
    timestamp bucket{};
    const auto flush = [&] {
        if (sum.count == 0)
            return;
        rollup_part& part = parts.at(level, bucket);
        part.chunk.add(field, (bucket - part.start) / width, std::exchange(sum, {}));
    };
    for (const counted_row& entry : rows) {
        const std::optional<double>& value = values[entry.row];
        if (!value)
            continue;
        if (sum.count == 0 || entry.at < bucket || entry.at >= bucket + width) {
            flush();
            bucket = rounded_down(entry.at, width);
        }
        sum.add(*value, entry.at);
    }
    flush();
}

void add_values(part_list& parts, const std::string& field, std::span<const counted_row> rows,
                std::span<const std::optional<double>> values) {
    const bool any_dense = std::ranges::any_of(parts.all(), [](const rollup_part& part) {
        return part.level == rollup_level::minute && !part.sparse;
    });
    for (const rollup_level level : rollup_levels)
        if (level != rollup_level::minute || any_dense)
            add_values(parts, level, field, rows, values);
}

/// The rows of one kind (real or simulated) with one of the ids, ordered by time of measurement.
std::vector<counted_row> rows_of(const block& source, std::span<const reading_id> ids, bool simulated) {
    std::vector<counted_row> out;
    for (std::size_t i = 0; i < source.rows().size(); ++i) {
        const row_head& head = source.rows()[i];
        if (head.simulated == simulated && std::ranges::binary_search(ids, head.id))
            out.push_back({measured_at(head.device_timestamp, head.received_at), i});
    }
    std::ranges::stable_sort(out, {}, &counted_row::at);
    return out;
}

/// Adds a part for each chunk that has rows, even if these contain no numbers, and sets `sparse`.
/// REQUIRES: `rows` is sorted by time.
void add_parts(part_list& parts, std::span<const counted_row> rows) {
    struct density {
        std::size_t readings = 0;
        std::size_t minutes = 0;
        timestamp last = timestamp::min();
    };
    std::map<timestamp, density> chunks;
    for (const counted_row& entry : rows) {
        const timestamp minute = rounded_down(entry.at, bucket_width(rollup_level::minute));
        density& chunk = chunks[rounded_down(minute, chunk_width(rollup_level::minute))];
        ++chunk.readings;
        chunk.minutes += minute == chunk.last ? 0 : 1;
        chunk.last = minute;
    }
    for (const auto& [start, chunk] : chunks) {
        parts.at(rollup_level::minute, start).sparse =
            chunk.readings < chunk.minutes * min_readings_per_minute;
        parts.at(rollup_level::hour, start);
        parts.at(rollup_level::day, start);
    }
}

} // namespace

result<std::vector<rollup_part>> roll_up(std::span<const block> blocks, std::span<const reading_id> ids) {
    std::array<part_list, 2> kinds{part_list{false}, part_list{true}};
    std::array<std::vector<std::vector<counted_row>>, 2> rows; // by kind and block
    for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
        std::vector<counted_row> all;
        for (const block& source : blocks) {
            rows[kind].push_back(rows_of(source, ids, kind == 1));
            all.insert(all.end(), rows[kind].back().begin(), rows[kind].back().end());
        }
        std::ranges::sort(all, {}, &counted_row::at);
        add_parts(kinds[kind], all);
    }
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        // One field more than the limit, so that the chunks become incomplete.
        const auto fields = blocks[i].numbers_by_field(max_rolled_fields + 1);
        if (!fields)
            return std::unexpected(fields.error());
        std::vector<std::optional<double>> values(blocks[i].rows().size());
        for (const block::field_numbers& field : *fields) {
            for (const auto& [row, number] : field.numbers)
                values[row] = number;
            for (std::size_t kind = 0; kind < kinds.size(); ++kind)
                add_values(kinds[kind], field.name, rows[kind][i], values);
            for (const auto& [row, number] : field.numbers)
                values[row].reset();
        }
    }
    std::vector<rollup_part> parts = std::move(kinds[0].all());
    std::ranges::move(kinds[1].all(), std::back_inserter(parts));
    return parts;
}

} // namespace breakwater::storage::blocks
