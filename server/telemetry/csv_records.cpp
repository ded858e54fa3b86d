#include "telemetry/csv_records.hpp"

#include "telemetry/bounded_line.hpp"

#include <string_view>

namespace breakwater::telemetry {

namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

enum class ending : std::uint8_t { complete, open_quote, stray_quote };

/// The cells of a record, or that it goes on with the next line.
ending split_cells(std::string_view text, std::vector<std::string>& cells) {
    cells.clear();
    for (std::size_t at = 0;;) {
        std::string& cell = cells.emplace_back();
        if (at < text.size() && text[at] == '"') {
            for (++at;;) {
                const std::size_t quote = text.find('"', at);
                cell += text.substr(at, quote - at);
                if (quote == text.npos)
                    return ending::open_quote;
                at = quote + 1;
                if (at == text.size() || text[at] != '"')
                    break;
                cell += '"';
                ++at;
            }
            if (at < text.size() && text[at] != ',')
                return ending::stray_quote;
        } else {
            const std::size_t end = std::min(text.find(',', at), text.size());
            cell = text.substr(at, end - at);
            if (cell.find('"') != cell.npos)
                return ending::stray_quote;
            at = end;
        }
        if (at == text.size())
            return ending::complete;
        ++at;
    }
}

} // namespace

bool csv_records::read_line(std::string& line) {
    if (!read_bounded_line(from_, line, longest_record, bytes_))
        return false;
    ++lines_;
    if (lines_ == 1 && line.starts_with(byte_order_mark))
        line.erase(0, byte_order_mark.size());
    return true;
}

result<bool> csv_records::next(record& into) {
    into.text.clear();
    do {
        if (!read_line(into.text))
            return false;
    } while (into.text.empty() || into.text == "\r");
    into.line = lines_;
    // A cell in quotes may hold line breaks. The record is looked at anew with each line, so how many it may
    // have is bounded, too.
    constexpr std::uint64_t most_lines = 1000;
    for (std::string more;;) {
        if (into.text.size() > longest_record || lines_ - into.line >= most_lines)
            return fail(errc::too_large, "The record is too long; is a quote missing?");
        std::string_view content = into.text;
        if (content.ends_with('\r'))
            content.remove_suffix(1);
        switch (split_cells(content, into.cells)) {
        case ending::complete: into.text.resize(content.size()); return true;
        case ending::stray_quote: return fail(errc::malformed, "A quote is out of place.");
        case ending::open_quote: break;
        }
        if (!read_line(more))
            return fail(errc::malformed, "A quote isn't closed.");
        into.text += '\n';
        into.text += more;
    }
}

} // namespace breakwater::telemetry
