#include "storage/blocks/block.hpp"

#include "storage/blocks/compression.hpp"
#include "storage/blocks/integers.hpp"
#include "storage/blocks/payload_shape.hpp"
#include "storage/blocks/payload_values.hpp"
#include "storage/blocks/spelled_number.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <unordered_map>
#include <unordered_set>

namespace breakwater::storage::blocks {

namespace {

/// Version 1 has no first id in front; its id column contains the ids themselves.
constexpr std::uint8_t version_without_first_id = 1;
constexpr std::uint8_t version = 2;
/// Beyond this number of shapes a payload is stored whole: a column of very few values saves nothing.
constexpr std::size_t max_shapes = 64;
constexpr std::size_t max_slots = 1024;
/// The shape of a payload that is not split: one slot, whose value is the whole text.
constexpr std::string_view whole_payload{&slot, 1};

constexpr std::int64_t micros(timestamp time) noexcept {
    return time.time_since_epoch().count();
}

/// A flag per row. Takes one byte if all flags are equal.
void put_flags(std::string& out, std::span<const std::uint8_t> flags) {
    if (std::ranges::all_of(flags, [&](std::uint8_t flag) { return flag == flags.front(); })) {
        put_byte(out, flags.front());
        return;
    }
    put_byte(out, 2);
    for (const std::uint8_t flag : flags)
        put_byte(out, flag);
}

std::vector<std::uint8_t> read_flags(byte_source& source, std::size_t count) {
    const std::uint8_t first = source.byte();
    if (first < 2)
        return std::vector<std::uint8_t>(count, first);
    const std::string_view bytes = source.bytes(first == 2 ? count : max_content + 1);
    return {bytes.begin(), bytes.end()};
}

/// The rows with payloads of one shape, ascending.
struct shape_rows {
    std::size_t slots = 0;
    std::vector<std::string_view> values; ///< `slots` values per row
    std::vector<std::uint32_t> rows;      ///< row numbers in the block
};

class shapes {
public:
    void add(std::uint32_t row, std::string_view payload) {
        values_.clear();
        bool is_split = split_payload(payload, shape_, values_) && values_.size() <= max_slots;
        auto entry = is_split ? number_by_text_.find(shape_) : number_by_text_.end();
        if (is_split && entry == number_by_text_.end()) {
            if (texts_.size() < max_shapes)
                entry = number_by_text_.emplace(shape_, add_shape(shape_, values_.size())).first;
            else
                is_split = false;
        }
        if (!is_split) {
            values_.assign(1, payload);
            entry = number_by_text_.find(std::string{whole_payload});
            if (entry == number_by_text_.end())
                entry =
                    number_by_text_.emplace(whole_payload, add_shape(std::string{whole_payload}, 1)).first;
        }
        shape_rows& target = rows_[entry->second];
        target.values.insert(target.values.end(), values_.begin(), values_.end());
        target.rows.push_back(row);
        index_.push_back(static_cast<std::uint8_t>(entry->second));
    }

    /// The shape number of each row.
    [[nodiscard]] const std::vector<std::uint8_t>& index() const noexcept { return index_; }
    [[nodiscard]] const std::vector<std::string>& texts() const noexcept { return texts_; }
    [[nodiscard]] const std::vector<shape_rows>& rows() const noexcept { return rows_; }

private:
    std::size_t add_shape(const std::string& text, std::size_t slots) {
        texts_.push_back(text);
        rows_.push_back({.slots = slots});
        return texts_.size() - 1;
    }

    std::string shape_;                    // scratch space of `add`
    std::vector<std::string_view> values_; // scratch space of `add`
    std::unordered_map<std::string, std::size_t> number_by_text_;
    std::vector<std::string> texts_;
    std::vector<shape_rows> rows_;
    std::vector<std::uint8_t> index_;
};

/// The times of these rows.
std::vector<std::int64_t> times_of_rows(std::span<const std::int64_t> times,
                                        std::span<const std::uint32_t> rows) {
    std::vector<std::int64_t> out(rows.size());
    std::ranges::transform(rows, out.begin(), [times](std::uint32_t row) { return times[row]; });
    return out;
}

std::unexpected<error> damaged_columns() {
    return fail(errc::malformed, "The block's columns are damaged.");
}

/// `ids`: the difference of each id from the first id.
std::string columns_of(std::span<const reading> readings, std::span<const std::int64_t> ids) {
    std::vector<std::int64_t> received;
    std::vector<std::int64_t> device_times; // received_at if the device sent no time
    std::vector<std::uint8_t> has_device_time;
    std::vector<std::uint8_t> simulated;
    shapes payload_shapes;
    for (const reading& item : readings) {
        received.push_back(micros(item.received_at));
        device_times.push_back(micros(item.device_timestamp.value_or(item.received_at)));
        has_device_time.push_back(item.device_timestamp ? 1 : 0);
        simulated.push_back(item.simulated ? 1 : 0);
        payload_shapes.add(static_cast<std::uint32_t>(&item - readings.data()), item.payload);
    }
    const std::span<const std::int64_t> received_column{received};

    std::string content;
    put_varint(content, readings.size());
    put_integers(content, ids);
    put_integers(content, received);
    put_flags(content, has_device_time);
    put_times(content, device_times, {&received_column, 1});
    put_flags(content, simulated);
    put_varint(content, payload_shapes.texts().size());
    for (const std::string& text : payload_shapes.texts())
        put_text(content, text);
    if (payload_shapes.texts().size() > 1)
        content.append(payload_shapes.index().begin(), payload_shapes.index().end());

    std::vector<std::string_view> values;
    std::string bytes;
    for (const shape_rows& shape : payload_shapes.rows()) {
        const auto shape_received = times_of_rows(received, shape.rows);
        const auto shape_device_times = times_of_rows(device_times, shape.rows);
        const std::array<std::span<const std::int64_t>, 2> beside{shape_received, shape_device_times};
        values.resize(shape.rows.size());
        for (std::size_t position = 0; position < shape.slots; ++position) {
            for (std::size_t i = 0; i < values.size(); ++i)
                values[i] = shape.values[i * shape.slots + position];
            bytes.clear();
            put_column(bytes, values, beside);
            put_text(content, bytes); // the length lets a reader skip the column
        }
    }
    std::string out;
    append_compressed(out, content);
    return out;
}

std::string with_head(std::uint64_t first, std::string_view columns) {
    std::string out;
    put_byte(out, version);
    put_varint(out, first);
    out += columns;
    return out;
}

} // namespace

std::string encode(std::span<const reading> readings) {
    // Unsigned, so that no difference overflows.
    const auto first = static_cast<std::uint64_t>(readings.front().id);
    std::vector<std::int64_t> ids(readings.size());
    std::ranges::transform(readings, ids.begin(), [first](const reading& item) {
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(item.id) - first);
    });
    return with_head(first, columns_of(readings, ids));
}

unnumbered_block::unnumbered_block(std::span<const reading> readings) {
    std::vector<std::int64_t> ids(readings.size());
    std::iota(ids.begin(), ids.end(), std::int64_t{0});
    columns_ = columns_of(readings, ids);
}

std::string unnumbered_block::numbered(reading_id first) const {
    return with_head(static_cast<std::uint64_t>(first), columns_);
}

struct block::content {
    struct shape {
        std::string_view text;
        std::size_t slots = 0;
        std::vector<std::uint32_t> rows;
        std::vector<std::string_view> bytes; ///< encoded, per column
        std::vector<column> columns;         ///< decoded; empty until `read_payloads`
        std::vector<std::int64_t> received;
        std::vector<std::int64_t> device_times;

        /// Field name of each slot; empty if the slot has no name. Computed at the first call.
        [[nodiscard]] const std::vector<std::string>& names() const {
            if (names_.empty())
                names_ = slot_names(text);
            return names_;
        }

        /// Decodes the column of a slot. Empty if the column is damaged.
        [[nodiscard]] std::optional<column> read(std::size_t position) const {
            const std::array<std::span<const std::int64_t>, 2> beside{received, device_times};
            byte_source source{bytes[position]};
            column values{source, rows.size(), beside};
            if (source.failed() || !source.at_end())
                return std::nullopt;
            return values;
        }

    private:
        mutable std::vector<std::string> names_;
    };
    struct row_location {
        std::uint8_t shape;
        std::uint32_t row; ///< index in `shape::rows`
    };

    std::string bytes;
    std::vector<row_head> rows;
    std::vector<row_location> locations;
    std::vector<shape> shapes;

    /// Calls `visit(row, field, value)` for the numbers in payloads that are stored whole. Returns false if
    /// the column is damaged.
    template <class Visit>
    bool for_each_number(const shape& whole_payloads, Visit visit) const {
        const auto texts = whole_payloads.read(0);
        if (!texts)
            return false;
        payload_values reader;
        std::string text;
        for (std::size_t i = 0; i < whole_payloads.rows.size(); ++i) {
            text.clear();
            texts->append_to(text, i);
            reader.for_each(text, [&](const std::string& name, std::string_view spelled) {
                if (const auto value = number_of(spelled))
                    visit(whole_payloads.rows[i], name, *value);
            });
        }
        return true;
    }

    /// Decodes `bytes`. `first` is the id to add to the id column.
    bool read(std::uint64_t first);
    bool read_shapes(byte_source& source, std::span<const std::int64_t> received,
                     std::span<const std::int64_t> device_times);
};

bool block::content::read(std::uint64_t first) {
    byte_source source{bytes};
    const std::size_t count = source.count(max_rows);
    const auto ids = read_integers(source, count);
    const auto received = read_integers(source, count);
    const auto has_device_time = read_flags(source, count);
    if (count == 0 || source.failed())
        return false;
    const std::span<const std::int64_t> received_column{received};
    const auto device_times = read_times(source, count, {&received_column, 1});
    const auto simulated = read_flags(source, count);
    if (source.failed())
        return false;
    rows.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        if (has_device_time[i] > 1 || simulated[i] > 1 || !is_calendar_time(received[i]) ||
            !is_calendar_time(device_times[i]))
            return false;
        const timestamp device_time{timestamp::duration{device_times[i]}};
        rows.push_back(
            {.id = static_cast<reading_id>(static_cast<std::uint64_t>(ids[i]) + first),
             .received_at = timestamp{timestamp::duration{received[i]}},
             .device_timestamp = has_device_time[i] == 1 ? std::optional{device_time} : std::nullopt,
             .simulated = simulated[i] == 1});
    }
    return read_shapes(source, received, device_times);
}

bool block::content::read_shapes(byte_source& source, std::span<const std::int64_t> received,
                                 std::span<const std::int64_t> device_times) {
    shapes.resize(source.count(max_shapes + 1));
    for (shape& item : shapes) {
        item.text = source.text();
        item.slots = static_cast<std::size_t>(std::ranges::count(item.text, slot));
    }
    const std::string_view index = shapes.size() > 1 ? source.bytes(rows.size()) : std::string_view{};
    if (source.failed() || shapes.empty())
        return false;
    locations.reserve(rows.size());
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
        const auto number = index.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(index[i]);
        if (number >= shapes.size())
            return false;
        shape& target = shapes[number];
        locations.push_back({number, static_cast<std::uint32_t>(target.rows.size())});
        target.rows.push_back(i);
    }
    for (shape& item : shapes) {
        if (item.rows.empty() || item.slots > max_slots)
            return false;
        item.received = times_of_rows(received, item.rows);
        item.device_times = times_of_rows(device_times, item.rows);
        for (std::size_t i = 0; i < item.slots; ++i)
            item.bytes.push_back(source.text());
    }
    return source.at_end();
}

block::block(std::unique_ptr<content> decoded) noexcept : content_{std::move(decoded)} {}
block::block(block&&) noexcept = default;
block& block::operator=(block&&) noexcept = default;
block::~block() = default;

result<block> block::open(std::string_view bytes) {
    byte_source source{bytes};
    const std::uint8_t stored_version = source.byte();
    const std::uint64_t first = stored_version == version ? source.varint() : 0;
    if ((stored_version != version && stored_version != version_without_first_id) || source.failed())
        return fail(errc::malformed, "The block is damaged, or comes from a newer version.");
    auto content_bytes = decompressed(source.rest(), max_content);
    if (!content_bytes)
        return pass(std::move(content_bytes));
    auto decoded = std::make_unique<content>();
    decoded->bytes = std::move(*content_bytes);
    if (!decoded->read(first))
        return damaged_columns();
    return block{std::move(decoded)};
}

result<void> block::read_payloads() {
    for (content::shape& shape : content_->shapes) {
        for (std::size_t position = shape.columns.size(); position < shape.slots; ++position) {
            auto values = shape.read(position);
            if (!values)
                return damaged_columns();
            shape.columns.push_back(std::move(*values));
        }
    }
    return {};
}

const std::vector<row_head>& block::rows() const noexcept {
    return content_->rows;
}

void block::append_payload(std::string& out, std::size_t row) const {
    const content::row_location location = content_->locations[row];
    const content::shape& shape = content_->shapes[location.shape];
    std::string_view text = shape.text;
    for (const column& values : shape.columns) {
        const std::size_t length = text.find(slot);
        out += text.substr(0, length);
        values.append_to(out, location.row);
        text.remove_prefix(length + 1);
    }
    out += text;
}

reading block::row(std::size_t index, const device_id& device) const {
    const row_head& head = content_->rows[index];
    reading out{.id = head.id,
                .device_id = device,
                .device_timestamp = head.device_timestamp,
                .received_at = head.received_at,
                .simulated = head.simulated};
    append_payload(out.payload, index);
    return out;
}

std::vector<std::size_t> block::newest_rows(std::span<const reading_id> ids,
                                            timestamp latest_plausible) const {
    struct newest {
        std::size_t row = 0;
        timestamp at = timestamp::min();
    };
    std::vector<std::array<newest, 4>> by_shape(content_->shapes.size());
    std::vector<std::size_t> out;
    for (std::size_t row = 0; row < content_->rows.size(); ++row) {
        const row_head& head = content_->rows[row];
        if (!std::ranges::binary_search(ids, head.id))
            continue;
        const std::size_t shape = content_->locations[row].shape;
        if (content_->shapes[shape].text == whole_payload) {
            out.push_back(row);
            continue;
        }
        const timestamp at = measured_at(head.device_timestamp, head.received_at);
        newest& candidate = by_shape[shape][(head.simulated ? 1U : 0U) + (at > latest_plausible ? 2U : 0U)];
        if (at >= candidate.at)
            candidate = {row, at};
    }
    for (const auto& kinds : by_shape)
        for (const newest& candidate : kinds)
            if (candidate.at != timestamp::min())
                out.push_back(candidate.row);
    return out;
}

result<std::vector<block::field_numbers>> block::numbers_by_field(std::size_t limit) const {
    std::vector<field_numbers> out;
    std::unordered_map<std::string, std::size_t> index_by_name;
    const auto field_named = [&](const std::string& name) -> field_numbers* {
        const auto entry = index_by_name.find(name);
        if (entry != index_by_name.end())
            return &out[entry->second];
        if (out.size() == limit)
            return nullptr;
        index_by_name.emplace(name, out.size());
        return &out.emplace_back(field_numbers{.name = name, .numbers = {}});
    };
    for (const content::shape& shape : content_->shapes) {
        if (shape.text == whole_payload) {
            const bool intact =
                content_->for_each_number(shape, [&](std::size_t row, const std::string& name, double value) {
                    if (field_numbers* const field = field_named(name))
                        field->numbers.emplace_back(row, value);
                });
            if (!intact)
                return damaged_columns();
            continue;
        }
        const std::vector<std::string>& names = shape.names();
        std::unordered_set<std::string_view> visited; // of slots with the same name only the first counts
        for (std::size_t position = 0; position < names.size(); ++position) {
            const std::string& name = names[position];
            field_numbers* const field =
                name.empty() || !visited.insert(name).second ? nullptr : field_named(name);
            if (field == nullptr)
                continue;
            const auto values = shape.read(position);
            if (!values)
                return damaged_columns();
            for (std::size_t i = 0; i < shape.rows.size(); ++i)
                if (const auto number = values->number(i))
                    field->numbers.emplace_back(shape.rows[i], *number);
        }
    }
    return out;
}

result<std::vector<std::optional<double>>> block::numbers(std::string_view name) const {
    std::vector<std::optional<double>> out(content_->rows.size());
    for (const content::shape& shape : content_->shapes) {
        if (shape.text == whole_payload) {
            const bool intact = content_->for_each_number(
                shape, [&](std::size_t row, const std::string& field, double value) {
                    if (field == name)
                        out[row] = value;
                });
            if (!intact)
                return damaged_columns();
            continue;
        }
        const auto position = std::ranges::find(shape.names(), name);
        if (position == shape.names().end())
            continue;
        const auto values = shape.read(static_cast<std::size_t>(position - shape.names().begin()));
        if (!values)
            return damaged_columns();
        for (std::size_t i = 0; i < shape.rows.size(); ++i)
            out[shape.rows[i]] = values->number(i);
    }
    return out;
}

} // namespace breakwater::storage::blocks
