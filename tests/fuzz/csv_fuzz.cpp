// CSV and lines of JSON as an import takes them: records come back as they were written, times are of the
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
#include <vector>

using namespace breakwater;
using namespace breakwater::telemetry;
using fuzz::require;

namespace {

void check(const import_row& row) {
    require(!row.has_arrival || is_in_calendar(row.what.received_at), "it arrived in the calendar");
    require(!row.what.device_timestamp || is_in_calendar(*row.what.device_timestamp),
            "and was measured there");
    const auto payload = read_json(row.what.payload);
    require(payload && payload->kind == json_kind::object && payload->text == row.what.payload,
            "payloads are compact objects");
}

/// Not to be told from what NUL is written as.
void without_nul(std::string& cell) {
    for (std::size_t at = cell.find('\0'); at != cell.npos; at = cell.find('\0', at))
        cell.replace(at, 1, "\xef\xbf\xbd");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text{fuzz::as_text(data, size)};
    if (const auto line = read_import_line(text))
        check(*line);

    std::istringstream from{text};
    csv_records records{from};
    csv_records::record each;
    std::optional<import_table> table;
    std::string written{
        "\xef\xbb\xbf"}; // a byte order mark of ours, or one in the first cell would be taken for it
    std::vector<std::vector<std::string>> read;
    for (std::uint64_t line = 0;;) {
        const auto next = records.next(each);
        if (next && !*next)
            break;
        require(records.bytes() <= text.size() + 1, "it reads no more than there is");
        require(each.line > line, "it goes on");
        line = each.line;
        if (!next)
            continue;
        require(!each.cells.empty(), "a record has cells");
        if (read.empty()) {
            if (auto made = import_table::of(each.cells))
                table = std::move(*made);
        } else if (table) {
            if (const auto row = table->read(each.cells))
                check(*row);
        }
        read.push_back(each.cells);
        for (bool first = true; const std::string& cell : each.cells) {
            if (!std::exchange(first, false))
                written += ',';
            if (each.cells.size() == 1 && cell.empty())
                written += "\"\""; // else it would be an empty line, which is no record
            append_csv_cell(written, cell);
        }
        written += "\r\n";
    }

    std::istringstream once_more{written};
    csv_records second{once_more};
    for (std::vector<std::string>& cells : read) {
        const auto next = second.next(each);
        require(next && *next, "what was written is read");
        std::ranges::for_each(cells, without_nul);
        require(each.cells == cells, "as it was");
    }
    const auto next = second.next(each);
    require(next && !*next, "and no more");
    return 0;
}
