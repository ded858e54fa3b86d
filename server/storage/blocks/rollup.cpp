#include "storage/blocks/rollup.hpp"

#include "base/calendar.hpp"
#include "storage/blocks/compression.hpp"
#include "storage/blocks/doubles.hpp"
#include "storage/blocks/integers.hpp"
#include "storage/blocks/loose_names.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>

namespace breakwater::storage::blocks {

namespace {

using std::chrono::microseconds;

constexpr std::uint8_t version = 2;
constexpr std::uint8_t version_of_loose_names = 1; ///< see `is_loose`
constexpr std::size_t max_chunk_content = std::size_t{16} << 20;
constexpr std::size_t max_buckets = 240;
/// What damaged bytes may count at most in a bucket, so that no sum of buckets overflows.
constexpr std::int64_t max_bucket_count = std::int64_t{1} << 40;
/// Fewer readings a minute than these are found as fast in their blocks.
constexpr std::size_t dense_minute = 8;

/// One member of every aggregate, as a column.
template <class Value>
std::vector<Value> column_of(const rollup_chunk::buckets& from, Value aggregate::* member) {
    std::vector<Value> out;
    for (const auto& [bucket, what] : from)
        out.push_back(what.*member);
    return out;
}

/// How far into its bucket each time lies.
std::vector<std::int64_t> offsets_of(const rollup_chunk::buckets& from, timestamp aggregate::* member,
                                     microseconds width, timestamp begins) {
    std::vector<std::int64_t> out;
    for (const auto& [bucket, what] : from)
        out.push_back((what.*member - (begins + bucket * width)).count());
    return out;
}

/// Sums of decimals, without what binary addition left far behind their last digit: that would be all that
/// can't be compressed.
std::vector<double> sums_of(const rollup_chunk::buckets& from) {
    std::vector<double> out = column_of(from, &aggregate::sum);
    for (double& sum : out) {
        const double tidy = std::round(sum * 1e6) / 1e6;
        if (std::fabs(tidy - sum) <= 1e-12 * std::fabs(sum))
            sum = tidy;
    }
    return out;
}

} // namespace

microseconds bucket_width(rollup_level of) noexcept {
    switch (of) {
    case rollup_level::minute: return std::chrono::minutes{1};
    case rollup_level::hour: return std::chrono::hours{1};
    case rollup_level::day: break;
    }
    return std::chrono::days{1};
}

microseconds chunk_width(rollup_level of) noexcept {
    switch (of) {
    case rollup_level::minute: return std::chrono::hours{4};
    case rollup_level::hour: return std::chrono::days{4};
    case rollup_level::day: break;
    }
    return std::chrono::days{64};
}

void rollup_chunk::add(std::string_view field, std::int64_t bucket, const aggregate& what) {
    auto found = fields_.find(field);
    if (found == fields_.end()) {
        // What isn't complete may have left out what the field said before: then it goes on doing so.
        if (!complete_ || fields_.size() == max_rolled_fields) {
            complete_ = false;
            return;
        }
        found = fields_.emplace(field, buckets{}).first;
    }
    buckets& its = found->second;
    auto place = its.end();
    if (!its.empty() && its.back().first >= bucket)
        place = std::ranges::lower_bound(its, bucket, {}, &buckets::value_type::first);
    if (place == its.end() || place->first != bucket)
        place = its.emplace(place, bucket, aggregate{});
    place->second.merge(what);
}

void rollup_chunk::merge(const rollup_chunk& other) {
    // What the other may have left out is asked of the blocks.
    if (!other.complete_)
        std::erase_if(fields_, [&](const auto& mine) { return !other.fields_.contains(mine.first); });
    for (const auto& [field, its] : other.fields_)
        for (const auto& [bucket, what] : its)
            add(field, bucket, what);
    complete_ = complete_ && other.complete_;
}

const rollup_chunk::buckets* rollup_chunk::find(std::string_view field) const {
    const auto found = fields_.find(field);
    return found == fields_.end() ? nullptr : &found->second;
}

std::size_t rollup_chunk::bytes() const noexcept {
    std::size_t sum = 0;
    for (const auto& [field, its] : fields_)
        sum += sizeof(decltype(fields_)::value_type) + field.size() +
               its.capacity() * sizeof(buckets::value_type);
    return sum;
}

std::string rollup_chunk::write(rollup_level level, timestamp begins) const {
    const microseconds width = bucket_width(level);
    std::string content;
    put_byte(content, complete_ ? 1 : 0);
    put_varint(content, fields_.size());
    std::vector<std::int64_t> first_at_before;
    std::vector<std::int64_t> last_at_before;
    for (const auto& [field, its] : fields_) {
        put_text(content, field);
        put_varint(content, its.size());
        std::vector<std::int64_t> numbers;
        for (const auto& [bucket, what] : its)
            numbers.push_back(bucket);
        put_integers(content, numbers);
        put_integers(content, column_of(its, &aggregate::count));
        put_doubles(content, column_of(its, &aggregate::min));
        put_doubles(content, column_of(its, &aggregate::max));
        put_doubles(content, sums_of(its));
        put_doubles(content, column_of(its, &aggregate::first));
        put_doubles(content, column_of(its, &aggregate::last));
        // The fields of a payload come together: most have the times of the one before.
        auto first_at = offsets_of(its, &aggregate::first_at, width, begins);
        auto last_at = offsets_of(its, &aggregate::last_at, width, begins);
        const bool same = first_at == first_at_before && last_at == last_at_before;
        put_byte(content, same ? 1 : 0);
        if (same)
            continue;
        put_integers(content, first_at);
        put_integers(content, last_at);
        first_at_before = std::move(first_at);
        last_at_before = std::move(last_at);
    }
    std::string out;
    put_byte(out, version);
    append_compressed(out, content);
    return out;
}

result<rollup_chunk> rollup_chunk::read(std::string_view bytes, rollup_level level, timestamp begins) {
    byte_source head{bytes};
    const std::uint8_t its_version = head.byte();
    if (its_version != version && its_version != version_of_loose_names)
        return fail(errc::malformed, "The rollup is damaged, or comes from a newer version.");
    const auto content = decompressed(bytes.substr(1), max_chunk_content);
    if (!content)
        return std::unexpected(content.error());
    const microseconds width = bucket_width(level);
    byte_source from{*content};
    rollup_chunk out;
    // Before, fields with other names than now weren't told apart: for what is missing, the blocks are asked.
    out.complete_ = from.byte() == 1 && its_version == version;
    std::vector<std::int64_t> first_at;
    std::vector<std::int64_t> last_at;
    for (std::size_t fields = from.count(max_rolled_fields); fields > 0 && !from.failed(); --fields) {
        const std::string_view name = from.text();
        const std::size_t count = from.count(max_buckets);
        const auto numbers = take_integers(from, count);
        const auto counts = take_integers(from, count);
        std::array<std::vector<double>, 5> values;
        for (auto& column : values)
            column = take_doubles(from, count);
        if (from.byte() == 0) {
            first_at = take_integers(from, count);
            last_at = take_integers(from, count);
        }
        if (from.failed() || first_at.size() != count || last_at.size() != count)
            break;
        if (its_version == version_of_loose_names && is_loose(name))
            continue;
        buckets& its = out.fields_[std::string{name}];
        for (std::size_t i = 0; i < count; ++i) {
            const auto known = [&](std::int64_t offset) { return offset >= 0 && offset < width.count(); };
            if (numbers[i] < 0 || (i > 0 && numbers[i] <= numbers[i - 1]) ||
                numbers[i] >= std::int64_t{max_buckets} || counts[i] < 1 || counts[i] > max_bucket_count ||
                !known(first_at[i]) || !known(last_at[i])) {
                from.fail();
                break;
            }
            const timestamp bucket = begins + numbers[i] * width;
            its.emplace_back(numbers[i], aggregate{.count = counts[i],
                                                   .min = values[0][i],
                                                   .max = values[1][i],
                                                   .sum = values[2][i],
                                                   .first = values[3][i],
                                                   .last = values[4][i],
                                                   .first_at = bucket + microseconds{first_at[i]},
                                                   .last_at = bucket + microseconds{last_at[i]}});
        }
    }
    if (from.failed() || !from.at_end())
        return fail(errc::malformed, "The rollup's columns are damaged.");
    return out;
}

namespace {

/// A row that counts: when it was measured, and where it stands in its block.
struct counted_row {
    timestamp at;
    std::size_t row;
};

/// The parts of one kind (real or simulated) as they come together.
class part_list {
public:
    explicit part_list(bool simulated) : simulated_{simulated} {}

    rollup_part& at(rollup_level level, timestamp when) {
        const timestamp begins = rounded_down(when, chunk_width(level));
        for (rollup_part& each : parts_)
            if (each.level == level && each.begins == begins)
                return each;
        return parts_.emplace_back(rollup_part{
            .level = level, .simulated = simulated_, .begins = begins, .chunk = {}, .sparse = false});
    }
    std::vector<rollup_part>& all() noexcept { return parts_; }

private:
    const bool simulated_;
    std::vector<rollup_part> parts_;
};

/// Puts one field's values into the buckets of one level. Neighbours mostly share a bucket.
void add_values(part_list& to, rollup_level level, const std::string& field,
                std::span<const counted_row> rows, std::span<const std::optional<double>> values) {
    const microseconds width = bucket_width(level);
    aggregate sum;
    timestamp bucket{};
    const auto flush = [&] {
        if (sum.count == 0)
            return;
        rollup_part& home = to.at(level, bucket);
        home.chunk.add(field, (bucket - home.begins) / width, std::exchange(sum, {}));
    };
    for (const counted_row& each : rows) {
        const std::optional<double>& value = values[each.row];
        if (!value)
            continue;
        if (sum.count == 0 || each.at < bucket || each.at >= bucket + width) {
            flush();
            bucket = rounded_down(each.at, width);
        }
        sum.add(*value, each.at);
    }
    flush();
}

void add_values(part_list& to, const std::string& field, std::span<const counted_row> rows,
                std::span<const std::optional<double>> values) {
    const bool any_dense = std::ranges::any_of(
        to.all(), [](const rollup_part& part) { return part.level == rollup_level::minute && !part.sparse; });
    for (const rollup_level level : rollup_levels)
        if (level != rollup_level::minute || any_dense)
            add_values(to, level, field, rows, values);
}

/// The rows of one kind with one of the ids, by the time of measurement.
std::vector<counted_row> rows_of(const block& from, std::span<const reading_id> ids, bool simulated) {
    std::vector<counted_row> out;
    for (std::size_t i = 0; i < from.rows().size(); ++i) {
        const row_head& head = from.rows()[i];
        if (head.simulated == simulated && std::ranges::binary_search(ids, head.id))
            out.push_back({measured_at(head.device_timestamp, head.received_at), i});
    }
    std::ranges::stable_sort(out, {}, &counted_row::at);
    return out;
}

/// Makes the parts that the rows (sorted) touch, with numbers in them or without, and finds out which are
/// sparse.
void touch(part_list& to, std::span<const counted_row> rows) {
    struct density {
        std::size_t readings = 0;
        std::size_t minutes = 0;
        timestamp last = timestamp::min();
    };
    std::map<timestamp, density> chunks;
    for (const counted_row& each : rows) {
        const timestamp minute = rounded_down(each.at, bucket_width(rollup_level::minute));
        density& its = chunks[rounded_down(minute, chunk_width(rollup_level::minute))];
        ++its.readings;
        its.minutes += minute == its.last ? 0 : 1;
        its.last = minute;
    }
    for (const auto& [begins, its] : chunks) {
        to.at(rollup_level::minute, begins).sparse = its.readings < its.minutes * dense_minute;
        to.at(rollup_level::hour, begins);
        to.at(rollup_level::day, begins);
    }
}

} // namespace

result<std::vector<rollup_part>> roll_up(std::span<const block> from, std::span<const reading_id> ids) {
    std::array<part_list, 2> kinds{part_list{false}, part_list{true}};
    std::array<std::vector<std::vector<counted_row>>, 2> rows; // by kind and block
    for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
        std::vector<counted_row> all;
        for (const block& each : from) {
            rows[kind].push_back(rows_of(each, ids, kind == 1));
            all.insert(all.end(), rows[kind].back().begin(), rows[kind].back().end());
        }
        std::ranges::sort(all, {}, &counted_row::at);
        touch(kinds[kind], all);
    }
    for (std::size_t i = 0; i < from.size(); ++i) {
        // One field more than may be, so that chunks notice.
        const auto fields = from[i].numbers_by_field(max_rolled_fields + 1);
        if (!fields)
            return std::unexpected(fields.error());
        std::vector<std::optional<double>> values(from[i].rows().size());
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
