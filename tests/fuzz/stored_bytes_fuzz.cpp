// Readers of stored bytes, given what nobody stored: the disk lies. docs/storage.md describes the formats.

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

/// As it would be stored: with a frame whose checksum is right, so that the decoder behind it is reached.
std::string framed(std::string_view content) {
    std::string out{'\x01'};
    append_compressed(out, content);
    return out;
}

void read_block(std::string_view bytes) {
    auto opened = block::open(bytes);
    if (!opened)
        return;
    require(!opened->rows().empty() && opened->rows().size() <= max_rows, "rows are bounded");
    std::vector<reading_id> ids;
    for (const row_head& row : opened->rows()) {
        require(is_in_calendar(row.received_at), "rows arrived in the calendar");
        require(!row.device_timestamp || is_in_calendar(*row.device_timestamp), "and were measured there");
        ids.push_back(row.id);
    }
    if (opened->read_payloads()) {
        std::vector<reading> readings;
        for (std::size_t row = 0; row < opened->rows().size(); ++row)
            readings.push_back(opened->row(row, {}));
        auto again = block::open(encode(readings));
        require(again && again->read_payloads() && again->rows().size() == readings.size(),
                "what was read can be stored");
        for (std::size_t row = 0; row < readings.size(); ++row) {
            const reading second = again->row(row, {});
            require(second.id == readings[row].id && second.received_at == readings[row].received_at &&
                        second.device_timestamp == readings[row].device_timestamp &&
                        second.simulated == readings[row].simulated &&
                        second.payload == readings[row].payload,
                    "and comes back");
        }
    }
    if (const auto fields = opened->numbers_by_field(300))
        for (const block::field_numbers& field : *fields)
            for (const auto& [row, value] : field.numbers)
                require(row < opened->rows().size(), "each number is in a row");
    (void)opened->newest_rows(ids, timestamp{});
    if (std::ranges::is_sorted(ids))
        (void)roll_up({&*opened, 1}, ids);
}

void read_rollup(std::string_view bytes) {
    for (const rollup_level level : rollup_levels) {
        const auto chunk = rollup_chunk::read(bytes, level, timestamp{});
        if (!chunk)
            continue;
        const std::string written = chunk->write(level, timestamp{});
        auto again = rollup_chunk::read(written, level, timestamp{});
        require(again && again->fields() == chunk->fields() && again->is_complete() == chunk->is_complete(),
                "what was read can be stored");
        require(again->write(level, timestamp{}) == written, "and comes back");
        for (int times = 0; times < 4; ++times)
            again->merge(rollup_chunk{*again});
    }
}

void read_latest(std::string_view bytes) {
    auto values = latest_values::read(bytes);
    if (!values)
        return;
    for (const bool simulated : {false, true})
        for (const auto& [name, last] : values->of(simulated))
            require(is_in_calendar(last.measured_at), "values were measured in the calendar");
    const std::string written = values->write();
    const auto again = latest_values::read(written);
    require(again && again->write() == written, "what was read can be stored");
    values->merge(*again, timestamp{});
    require(values->write() == written, "and changes nothing beside itself");
}

} // namespace

/// The first byte says what the others are.
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
