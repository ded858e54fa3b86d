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

/// Blocks of version 1 have no number in their head, and ids as they are.
constexpr std::uint8_t version_without_head = 1;
constexpr std::uint8_t version = 2;
/// Past so many shapes a payload goes in whole: a column of very few values saves nothing.
constexpr std::size_t max_shapes = 64;
constexpr std::size_t max_slots = 1024;
/// The shape of a payload that isn't taken apart: one value, its text.
constexpr std::string_view whole{&slot, 1};

constexpr std::int64_t micros(timestamp at) noexcept {
    return at.time_since_epoch().count();
}

/// A yes or no for each row: one byte where all are alike.
void put_flags(std::string& out, std::span<const std::uint8_t> flags) {
    if (std::ranges::all_of(flags, [&](std::uint8_t flag) { return flag == flags.front(); })) {
        put_byte(out, flags.front());
        return;
    }
    put_byte(out, 2);
    for (const std::uint8_t flag : flags)
        put_byte(out, flag);
}

std::vector<std::uint8_t> take_flags(byte_source& from, std::size_t count) {
    const std::uint8_t first = from.byte();
    if (first < 2)
        return std::vector<std::uint8_t>(count, first);
    const std::string_view bytes = from.bytes(first == 2 ? count : max_content + 1);
    return {bytes.begin(), bytes.end()};
}

/// The readings of one shape, in order.
struct shape_rows {
    std::size_t slots = 0;
    std::vector<std::string_view> values; ///< row by row
    std::vector<std::uint32_t> rows;      ///< which of the block's
};

class shapes {
public:
    void add(std::uint32_t row, std::string_view payload) {
        scratch_.clear();
        bool apart = take_apart(payload, shape_, scratch_) && scratch_.size() <= max_slots;
        auto found = apart ? known_.find(shape_) : known_.end();
        if (apart && found == known_.end()) {
            if (texts_.size() < max_shapes)
                found = known_.emplace(shape_, make(shape_, scratch_.size())).first;
            else
                apart = false;
        }
        if (!apart) {
            scratch_.assign(1, payload);
            found = known_.find(std::string{whole});
            if (found == known_.end())
                found = known_.emplace(whole, make(std::string{whole}, 1)).first;
        }
        shape_rows& home = rows_[found->second];
        home.values.insert(home.values.end(), scratch_.begin(), scratch_.end());
        home.rows.push_back(row);
        index_.push_back(static_cast<std::uint8_t>(found->second));
    }

    [[nodiscard]] const std::vector<std::uint8_t>& index() const noexcept { return index_; }
    [[nodiscard]] const std::vector<std::string>& texts() const noexcept { return texts_; }
    [[nodiscard]] const std::vector<shape_rows>& rows() const noexcept { return rows_; }

private:
    std::size_t make(const std::string& text, std::size_t slots) {
        texts_.push_back(text);
        rows_.push_back({.slots = slots});
        return texts_.size() - 1;
    }

    std::string shape_;
    std::vector<std::string_view> scratch_;
    std::unordered_map<std::string, std::size_t> known_;
    std::vector<std::string> texts_;
    std::vector<shape_rows> rows_;
    std::vector<std::uint8_t> index_;
};

/// The times of some of the rows.
std::vector<std::int64_t> picked(std::span<const std::int64_t> from, std::span<const std::uint32_t> rows) {
    std::vector<std::int64_t> out(rows.size());
    std::ranges::transform(rows, out.begin(), [from](std::uint32_t row) { return from[row]; });
    return out;
}

std::unexpected<error> damaged_columns() {
    return fail(errc::malformed, "The block's columns are damaged.");
}

/// `ids`: how far the id of each is from the first one's.
std::string columns_of(std::span<const reading> readings, std::span<const std::int64_t> ids) {
    std::vector<std::int64_t> received;
    std::vector<std::int64_t> device_times; // received_at where there is none
    std::vector<std::uint8_t> has_device_time;
    std::vector<std::uint8_t> simulated;
    shapes found;
    for (const reading& each : readings) {
        received.push_back(micros(each.received_at));
        device_times.push_back(micros(each.device_timestamp.value_or(each.received_at)));
        has_device_time.push_back(each.device_timestamp ? 1 : 0);
        simulated.push_back(each.simulated ? 1 : 0);
        found.add(static_cast<std::uint32_t>(&each - readings.data()), each.payload);
    }
    const std::span<const std::int64_t> received_column{received};

    std::string content;
    put_varint(content, readings.size());
    put_integers(content, ids);
    put_integers(content, received);
    put_flags(content, has_device_time);
    put_times(content, device_times, {&received_column, 1});
    put_flags(content, simulated);
    put_varint(content, found.texts().size());
    for (const std::string& text : found.texts())
        put_text(content, text);
    if (found.texts().size() > 1)
        content.append(found.index().begin(), found.index().end());

    std::vector<std::string_view> values;
    std::string bytes;
    for (const shape_rows& shape : found.rows()) {
        const auto its_received = picked(received, shape.rows);
        const auto its_device = picked(device_times, shape.rows);
        const std::array<std::span<const std::int64_t>, 2> beside{its_received, its_device};
        values.resize(shape.rows.size());
        for (std::size_t at = 0; at < shape.slots; ++at) {
            for (std::size_t i = 0; i < values.size(); ++i)
                values[i] = shape.values[i * shape.slots + at];
            bytes.clear();
            put_column(bytes, values, beside);
            put_text(content, bytes); // with its length: a reader leaves out what it needn't see
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
    // Unsigned, so that no id is too far from the first.
    const auto first = static_cast<std::uint64_t>(readings.front().id);
    std::vector<std::int64_t> ids(readings.size());
    std::ranges::transform(readings, ids.begin(), [first](const reading& each) {
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(each.id) - first);
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
        std::vector<std::string_view> bytes; ///< of each column
        std::vector<column> columns;         ///< once payloads were asked for
        std::vector<std::int64_t> received;
        std::vector<std::int64_t> device_times;

        /// By slot; empty where one has none. Made when they are first asked for, once for all fields.
        [[nodiscard]] const std::vector<std::string>& names() const {
            if (names_.empty())
                names_ = slot_names(text);
            return names_;
        }

        /// Nothing where the bytes aren't such a column.
        [[nodiscard]] std::optional<column> read(std::size_t at) const {
            const std::array<std::span<const std::int64_t>, 2> beside{received, device_times};
            byte_source from{bytes[at]};
            column values{from, rows.size(), beside};
            if (from.failed() || !from.at_end())
                return std::nullopt;
            return values;
        }

    private:
        mutable std::vector<std::string> names_;
    };
    struct place {
        std::uint8_t shape;
        std::uint32_t row; ///< among those of the shape
    };

    std::string bytes;
    std::vector<row_head> rows;
    std::vector<place> places;
    std::vector<shape> shapes;

    /// Visits the numbers of payloads that went in whole. False: the column is damaged.
    template <class Visit>
    bool each_whole(const shape& of, Visit visit) const {
        const auto texts = of.read(0);
        if (!texts)
            return false;
        payload_values reader;
        std::string text;
        for (std::size_t i = 0; i < of.rows.size(); ++i) {
            text.clear();
            texts->append_to(text, i);
            reader.each(text, [&](const std::string& name, std::string_view spelled) {
                if (const auto value = number_of(spelled))
                    visit(of.rows[i], name, *value);
            });
        }
        return true;
    }

    /// `first`: what the ids are counted from.
    bool read(std::uint64_t first);
    bool read_shapes(byte_source& from, std::span<const std::int64_t> received,
                     std::span<const std::int64_t> device_times);
};

bool block::content::read(std::uint64_t first) {
    byte_source from{bytes};
    const std::size_t count = from.count(max_rows);
    const auto ids = take_integers(from, count);
    const auto received = take_integers(from, count);
    const auto has_device_time = take_flags(from, count);
    if (count == 0 || from.failed())
        return false;
    const std::span<const std::int64_t> received_column{received};
    const auto device_times = take_times(from, count, {&received_column, 1});
    const auto simulated = take_flags(from, count);
    if (from.failed())
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
    return read_shapes(from, received, device_times);
}

bool block::content::read_shapes(byte_source& from, std::span<const std::int64_t> received,
                                 std::span<const std::int64_t> device_times) {
    shapes.resize(from.count(max_shapes + 1));
    for (shape& each : shapes) {
        each.text = from.text();
        each.slots = static_cast<std::size_t>(std::ranges::count(each.text, slot));
    }
    const std::string_view index = shapes.size() > 1 ? from.bytes(rows.size()) : std::string_view{};
    if (from.failed() || shapes.empty())
        return false;
    places.reserve(rows.size());
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
        const auto which = index.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(index[i]);
        if (which >= shapes.size())
            return false;
        shape& home = shapes[which];
        places.push_back({which, static_cast<std::uint32_t>(home.rows.size())});
        home.rows.push_back(i);
    }
    for (shape& each : shapes) {
        if (each.rows.empty() || each.slots > max_slots)
            return false;
        each.received = picked(received, each.rows);
        each.device_times = picked(device_times, each.rows);
        for (std::size_t at = 0; at < each.slots; ++at)
            each.bytes.push_back(from.text());
    }
    return from.at_end();
}

block::block(std::unique_ptr<content> read) noexcept : content_{std::move(read)} {}
block::block(block&&) noexcept = default;
block& block::operator=(block&&) noexcept = default;
block::~block() = default;

result<block> block::open(std::string_view bytes) {
    byte_source from{bytes};
    const std::uint8_t read_version = from.byte();
    const std::uint64_t first = read_version == version ? from.varint() : 0;
    if ((read_version != version && read_version != version_without_head) || from.failed())
        return fail(errc::malformed, "The block is damaged, or comes from a newer version.");
    auto content_bytes = decompressed(from.rest(), max_content);
    if (!content_bytes)
        return pass(std::move(content_bytes));
    auto read = std::make_unique<content>();
    read->bytes = std::move(*content_bytes);
    if (!read->read(first))
        return damaged_columns();
    return block{std::move(read)};
}

result<void> block::read_payloads() {
    for (content::shape& each : content_->shapes) {
        for (std::size_t at = each.columns.size(); at < each.slots; ++at) {
            auto values = each.read(at);
            if (!values)
                return damaged_columns();
            each.columns.push_back(std::move(*values));
        }
    }
    return {};
}

const std::vector<row_head>& block::rows() const noexcept {
    return content_->rows;
}

void block::append_payload(std::string& out, std::size_t row) const {
    const content::place at = content_->places[row];
    const content::shape& home = content_->shapes[at.shape];
    std::string_view text = home.text;
    for (const column& values : home.columns) {
        const std::size_t before = text.find(slot);
        out += text.substr(0, before);
        values.append_to(out, at.row);
        text.remove_prefix(before + 1);
    }
    out += text;
}

reading block::row(std::size_t at, const device_id& device) const {
    const row_head& head = content_->rows[at];
    reading out{.id = head.id,
                .device_id = device,
                .device_timestamp = head.device_timestamp,
                .received_at = head.received_at,
                .simulated = head.simulated};
    append_payload(out.payload, at);
    return out;
}

std::vector<std::size_t> block::newest_rows(std::span<const reading_id> ids, timestamp believed) const {
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
        const std::size_t shape = content_->places[row].shape;
        if (content_->shapes[shape].text == whole) {
            out.push_back(row);
            continue;
        }
        const timestamp at = measured_at(head.device_timestamp, head.received_at);
        newest& its = by_shape[shape][(head.simulated ? 1U : 0U) + (at > believed ? 2U : 0U)];
        if (at >= its.at)
            its = {row, at};
    }
    for (const auto& kinds : by_shape)
        for (const newest& each : kinds)
            if (each.at != timestamp::min())
                out.push_back(each.row);
    return out;
}

result<std::vector<block::field_numbers>> block::numbers_by_field(std::size_t most) const {
    std::vector<field_numbers> out;
    std::unordered_map<std::string, std::size_t> places;
    const auto of = [&](const std::string& name) -> field_numbers* {
        const auto known = places.find(name);
        if (known != places.end())
            return &out[known->second];
        if (out.size() == most)
            return nullptr;
        places.emplace(name, out.size());
        return &out.emplace_back(field_numbers{.name = name, .numbers = {}});
    };
    for (const content::shape& each : content_->shapes) {
        if (each.text == whole) {
            if (!content_->each_whole(each, [&](std::size_t row, const std::string& name, double value) {
                    if (field_numbers* const its = of(name))
                        its->numbers.emplace_back(row, value);
                }))
                return damaged_columns();
            continue;
        }
        const std::vector<std::string>& names = each.names();
        std::unordered_set<std::string_view> seen; // of several with one name the first counts
        for (std::size_t at = 0; at < names.size(); ++at) {
            field_numbers* const its =
                names[at].empty() || !seen.insert(names[at]).second ? nullptr : of(names[at]);
            if (its == nullptr)
                continue;
            const auto values = each.read(at);
            if (!values)
                return damaged_columns();
            for (std::size_t i = 0; i < each.rows.size(); ++i)
                if (const auto number = values->number(i))
                    its->numbers.emplace_back(each.rows[i], *number);
        }
    }
    return out;
}

result<std::vector<std::optional<double>>> block::numbers(std::string_view name) const {
    std::vector<std::optional<double>> out(content_->rows.size());
    for (const content::shape& each : content_->shapes) {
        if (each.text == whole) {
            const bool read =
                content_->each_whole(each, [&](std::size_t row, const std::string& field, double value) {
                    if (field == name)
                        out[row] = value;
                });
            if (!read)
                return damaged_columns();
            continue;
        }
        const auto found = std::ranges::find(each.names(), name);
        if (found == each.names().end())
            continue;
        const auto values = each.read(static_cast<std::size_t>(found - each.names().begin()));
        if (!values)
            return damaged_columns();
        for (std::size_t i = 0; i < each.rows.size(); ++i)
            out[each.rows[i]] = values->number(i);
    }
    return out;
}

} // namespace breakwater::storage::blocks
