// The import's CSV and JSON-lines readers: written records are read back unchanged, and all times are in the
// calendar.

#include "base/calendar.hpp"
#include "base/json_text.hpp"
#include "fuzz.hpp"
#include "telemetry/csv.hpp"
#include "telemetry/csv_records.hpp"
#include "telemetry/import_line.hpp"
#include "telemetry/import_table.hpp"

#include <algorithm>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

using namespace breakwater;
using namespace breakwater::telemetry;
using fuzz::require;

namespace {

void check(const import_row& row) {
    require(!row.has_arrival || is_in_calendar(row.reading.received_at), "received_at is in the calendar");
    require(!row.reading.device_timestamp || is_in_calendar(*row.reading.device_timestamp),
            "device_timestamp is in the calendar");
    const auto payload = read_json(row.reading.payload);
    require(payload && payload->kind == json_kind::object && payload->text == row.reading.payload,
            "payloads are compact objects");
}

/// Replaces each NUL by U+FFFD, as `append_csv_cell` does.
void replace_nul(std::string& cell) {
    for (std::size_t at = cell.find('\0'); at != cell.npos; at = cell.find('\0', at))
        cell.replace(at, 1, "\xef\xbf\xbd");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text{fuzz::as_text(data, size)};
    if (const auto row = read_import_line(text))
        check(*row);

    std::istringstream input{text};
    csv_records records{input};
    csv_records::record record;
    std::optional<import_table> table;
    // Starts with a byte order mark, so that one in the first cell is not skipped as the mark of the file.
    std::string written{"\xef\xbb\xbf"};
    std::vector<std::vector<std::string>> rows;
    for (std::uint64_t line = 0;;) {
        const auto next = records.next(record);
        if (next && !*next)
            break;
        require(records.bytes() <= text.size() + 1, "the reader counts at most the bytes of the input");
        require(record.line > line, "each record starts on a later line");
        line = record.line;
        if (!next)
            continue;
        require(!record.cells.empty(), "a record has cells");
        if (rows.empty()) {
            if (auto created = import_table::of(record.cells))
                table = std::move(*created);
        } else if (table) {
            if (const auto row = table->read(record.cells))
                check(*row);
        }
        rows.push_back(record.cells);
        for (bool first = true; const std::string& cell : record.cells) {
            if (!std::exchange(first, false))
                written += ',';
            if (record.cells.size() == 1 && cell.empty())
                written += "\"\""; // without the quotes it would be an empty line, which the reader skips
            append_csv_cell(written, cell);
        }
        written += "\r\n";
    }

    std::istringstream second_input{written};
    csv_records second{second_input};
    for (std::vector<std::string>& cells : rows) {
        const auto next = second.next(record);
        require(next && *next, "each written record is read back");
        std::ranges::for_each(cells, replace_nul);
        require(record.cells == cells, "its cells are unchanged");
    }
    const auto next = second.next(record);
    require(next && !*next, "no other record is read");
    return 0;
}
