#include "storage/blocks/column.hpp"

#include "storage/blocks/integers.hpp"
#include "storage/blocks/spelled_number.hpp"

#include <algorithm>
#include <limits>
#include <unordered_map>

namespace breakwater::storage::blocks {

namespace {

constexpr std::size_t max_choices = 255;
/// In place of the minimum number of decimals: the number of decimals of each value follows.
constexpr std::uint8_t decimals_listed = 255;

std::string_view bytes_of(std::span<const std::uint8_t> values) noexcept {
    return {reinterpret_cast<const char*>(values.data()), values.size()};
}

bool put_decimals(std::string& out, std::span<const std::string_view> values) {
    std::vector<std::int64_t> integers;
    std::vector<std::uint8_t> decimals;
    integers.reserve(values.size());
    decimals.reserve(values.size());
    for (const std::string_view text : values) {
        const auto number = read_number(text);
        if (!number)
            return false;
        integers.push_back(number->digits);
        decimals.push_back(static_cast<std::uint8_t>(number->decimals));
    }
    const unsigned scale = std::ranges::max(decimals);
    const unsigned fewest = std::ranges::min(decimals);
    // No value has more trailing zeros than the minimum number of decimals requires: no list is needed.
    bool by_rule = true;
    for (std::size_t i = 0; i < integers.size(); ++i) {
        const std::int64_t factor = power_of_ten(scale - decimals[i]);
        if (integers[i] > std::numeric_limits<std::int64_t>::max() / factor ||
            integers[i] < std::numeric_limits<std::int64_t>::min() / factor)
            return false;
        integers[i] *= factor;
        by_rule = by_rule && decimals[i] == scale - trailing_zeros(integers[i], scale - fewest);
    }
    put_byte(out, static_cast<std::uint8_t>(column::kind::decimal));
    put_byte(out, static_cast<std::uint8_t>(scale));
    put_byte(out, by_rule ? static_cast<std::uint8_t>(fewest) : decimals_listed);
    if (!by_rule)
        out += bytes_of(decimals);
    put_integers(out, integers);
    return true;
}

bool put_spelled_times(std::string& out, std::span<const std::string_view> values, time_columns beside) {
    for (const bool sparse : {false, true}) {
        std::vector<std::int64_t> times;
        times.reserve(values.size());
        std::uint8_t style = 0;
        for (const std::string_view token : values) {
            const auto time = read_time(token, sparse);
            if (!time || (!times.empty() && time->style != style))
                break;
            style = time->style;
            times.push_back(time->micros);
        }
        if (times.size() != values.size())
            continue;
        put_byte(out, static_cast<std::uint8_t>(column::kind::time));
        put_byte(out, style);
        put_times(out, times, beside);
        return true;
    }
    return false;
}

bool put_choices(std::string& out, std::span<const std::string_view> values) {
    std::unordered_map<std::string_view, std::uint8_t> index_by_value;
    std::vector<std::string_view> choices;
    std::vector<std::uint8_t> indices;
    indices.reserve(values.size());
    for (const std::string_view value : values) {
        const auto [entry, is_new] =
            index_by_value.try_emplace(value, static_cast<std::uint8_t>(choices.size()));
        if (is_new)
            choices.push_back(value);
        if (choices.size() > max_choices || choices.size() * 2 > values.size())
            return false;
        indices.push_back(entry->second);
    }
    put_byte(out, static_cast<std::uint8_t>(column::kind::choice));
    put_varint(out, choices.size());
    for (const std::string_view choice : choices)
        put_text(out, choice);
    out += bytes_of(indices);
    return true;
}

void put_texts(std::string& out, std::span<const std::string_view> values) {
    put_byte(out, static_cast<std::uint8_t>(column::kind::text));
    for (const std::string_view value : values)
        put_varint(out, value.size());
    for (const std::string_view value : values)
        out += value;
}

} // namespace

void put_column(std::string& out, std::span<const std::string_view> values, time_columns beside) {
    if (std::ranges::all_of(values, [&](std::string_view value) { return value == values.front(); })) {
        put_byte(out, static_cast<std::uint8_t>(column::kind::same));
        put_text(out, values.front());
        return;
    }
    if (!put_decimals(out, values) && !put_spelled_times(out, values, beside) && !put_choices(out, values))
        put_texts(out, values);
}

column::column(byte_source& source, std::size_t count, time_columns beside)
    : count_{count}, kind_{source.byte()} {
    switch (kind_) {
    case kind::same: texts_.push_back(source.text()); break;
    case kind::decimal: read_decimals(source); break;
    case kind::time: read_spelled_times(source, beside); break;
    case kind::choice: read_choices(source); break;
    case kind::text: read_texts(source); break;
    default: source.fail();
    }
}

void column::read_decimals(byte_source& source) {
    scale_ = source.byte();
    min_decimals_ = source.byte();
    if (scale_ > max_digits || (min_decimals_ != decimals_listed && min_decimals_ > scale_))
        return source.fail();
    if (min_decimals_ == decimals_listed) {
        decimals_ = source.bytes(count_);
        if (std::ranges::any_of(decimals_,
                                [this](char count) { return static_cast<unsigned char>(count) > scale_; }))
            return source.fail();
    }
    integers_ = read_integers(source, count_);
}

void column::read_spelled_times(byte_source& source, time_columns beside) {
    time_style_ = source.byte();
    if (!is_time_style(time_style_))
        return source.fail();
    integers_ = read_times(source, count_, beside);
    if (!std::ranges::all_of(integers_, is_calendar_time))
        source.fail();
}

void column::read_choices(byte_source& source) {
    texts_.resize(source.count(max_choices));
    for (std::string_view& choice : texts_)
        choice = source.text();
    indices_ = source.bytes(count_);
    if (std::ranges::any_of(indices_,
                            [this](char i) { return static_cast<unsigned char>(i) >= texts_.size(); }))
        source.fail();
}

void column::read_texts(byte_source& source) {
    std::vector<std::size_t> lengths;
    lengths.reserve(count_);
    for (std::size_t i = 0; i < count_ && !source.failed(); ++i)
        lengths.push_back(static_cast<std::size_t>(source.varint()));
    texts_.reserve(lengths.size());
    for (const std::size_t length : lengths)
        texts_.push_back(source.bytes(length));
}

std::string_view column::text_at(std::size_t index) const {
    switch (kind_) {
    case kind::same: return texts_.front();
    case kind::choice: return texts_[static_cast<unsigned char>(indices_[index])];
    default: return texts_[index];
    }
}

void column::append_to(std::string& out, std::size_t index) const {
    switch (kind_) {
    case kind::decimal: {
        const unsigned decimals = min_decimals_ == decimals_listed
                                      ? static_cast<unsigned char>(decimals_[index])
                                      : scale_ - trailing_zeros(integers_[index], scale_ - min_decimals_);
        append_number(out, {integers_[index] / power_of_ten(scale_ - decimals), decimals});
        break;
    }
    case kind::time: append_time(out, {integers_[index], time_style_}); break;
    default: out += text_at(index);
    }
}

std::optional<double> column::number(std::size_t index) const {
    if (kind_ == kind::decimal)
        return static_cast<double>(integers_[index]) / static_cast<double>(power_of_ten(scale_));
    if (kind_ == kind::time)
        return std::nullopt;
    return number_of(text_at(index));
}

} // namespace breakwater::storage::blocks
