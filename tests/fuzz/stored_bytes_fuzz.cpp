// Readers of stored bytes must survive any bytes, because a disk may return damaged data. docs/storage.md
// describes the formats.

#include "base/calendar.hpp"
#include "fuzz.hpp"
#include "storage/blocks/block.hpp"
#include "storage/blocks/compression.hpp"
#include "storage/blocks/latest_values.hpp"
#include "storage/blocks/rollup.hpp"

#include <string>
#include <vector>

using namespace breakwater;
using namespace breakwater::storage::blocks;
using fuzz::require;

namespace {

/// Puts the content into a frame with a valid checksum, so that the decoder behind it is reached.
std::string framed(std::string_view content) {
    std::string out{'\x01'};
    append_compressed(out, content);
    return out;
}

void read_block(std::string_view bytes) {
    auto decoded = block::open(bytes);
    if (!decoded)
        return;
    require(!decoded->rows().empty() && decoded->rows().size() <= max_rows, "rows are bounded");
    std::vector<reading_id> ids;
    for (const row_head& row : decoded->rows()) {
        require(is_in_calendar(row.received_at), "received_at is in the calendar");
        require(!row.device_timestamp || is_in_calendar(*row.device_timestamp),
                "device_timestamp is in the calendar");
        ids.push_back(row.id);
    }
    if (decoded->read_payloads()) {
        std::vector<reading> readings;
        for (std::size_t row = 0; row < decoded->rows().size(); ++row)
            readings.push_back(decoded->row(row, {}));
        auto again = block::open(encode(readings));
        require(again && again->read_payloads() && again->rows().size() == readings.size(),
                "decoded readings can be encoded again");
        for (std::size_t row = 0; row < readings.size(); ++row) {
            const reading second = again->row(row, {});
            require(second.id == readings[row].id && second.received_at == readings[row].received_at &&
                        second.device_timestamp == readings[row].device_timestamp &&
                        second.simulated == readings[row].simulated &&
                        second.payload == readings[row].payload,
                    "and are unchanged");
        }
    }
    if (const auto fields = decoded->numbers_by_field(300))
        for (const block::field_numbers& field : *fields)
            for (const auto& [row, value] : field.numbers)
                require(row < decoded->rows().size(), "each number belongs to a row");
    (void)decoded->newest_rows(ids, timestamp{});
    if (std::ranges::is_sorted(ids))
        (void)roll_up({&*decoded, 1}, ids);
}

void read_rollup(std::string_view bytes) {
    for (const rollup_level level : rollup_levels) {
        const auto chunk = rollup_chunk::read(bytes, level, timestamp{});
        if (!chunk)
            continue;
        const std::string written = chunk->write(level, timestamp{});
        auto again = rollup_chunk::read(written, level, timestamp{});
        require(again && again->fields() == chunk->fields() && again->is_complete() == chunk->is_complete(),
                "a decoded chunk can be written again");
        require(again->write(level, timestamp{}) == written, "and is unchanged");
        for (int times = 0; times < 4; ++times)
            again->merge(rollup_chunk{*again});
    }
}

void read_latest(std::string_view bytes) {
    auto values = latest_values::read(bytes);
    if (!values)
        return;
    for (const bool simulated : {false, true})
        for (const auto& [name, value] : values->fields(simulated))
            require(is_in_calendar(value.measured_at), "measured_at is in the calendar");
    const std::string written = values->write();
    const auto again = latest_values::read(written);
    require(again && again->write() == written, "decoded values can be written again");
    values->merge(*again, timestamp{});
    require(values->write() == written, "merging the same values changes nothing");
}

} // namespace

/// The first byte selects the reader for the rest.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return 0;
    const std::string_view rest = fuzz::as_text(data + 1, size - 1);
    switch (data[0] % 5) {
    case 0: read_block(rest); break;
    case 1: read_block(framed(rest)); break;
    case 2: read_rollup(rest); break;
    case 3: read_rollup(framed(rest)); break;
    default: read_latest(rest);
    }
    return 0;
}
