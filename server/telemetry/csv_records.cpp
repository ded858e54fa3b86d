#include "telemetry/csv_records.hpp"

#include "base/json_text.hpp"
#include "telemetry/bounded_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace breakwater::telemetry {

namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

enum class ending : std::uint8_t { complete, open_quote, stray_quote };

/// Adds the cells of a record from `at` on, or says that it goes on with the next line. `open`: `at` is
/// within the quotes of the last cell.
ending split_cells(std::string_view text, std::size_t at, bool open, char separator,
                   std::vector<std::string>& cells) {
    for (;; open = false) {
        std::string& cell = open ? cells.back() : cells.emplace_back();
        if (open || (at < text.size() && text[at] == '"')) {
            for (at += open ? 0 : 1;;) {
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
            if (at < text.size() && text[at] != separator)
                return ending::stray_quote;
        } else {
            const std::size_t end = std::min(text.find(separator, at), text.size());
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

bool is_utf16(std::string_view begin) noexcept {
    return begin.starts_with("\xff\xfe") || begin.starts_with("\xfe\xff");
}

} // namespace

char separator_of(std::string_view header) noexcept {
    constexpr std::array separators{',', ';', '\t'};
    std::array<std::size_t, separators.size()> counts{};
    bool quoted = false;
    for (const char each : header) {
        quoted = quoted != (each == '"');
        const auto found = std::ranges::find(separators, each);
        if (!quoted && found != separators.end())
            ++counts[static_cast<std::size_t>(found - separators.begin())];
    }
    return separators[static_cast<std::size_t>(std::ranges::max_element(counts) - counts.begin())];
}

std::optional<std::string_view> csv_records::read_line(std::string& line) {
    const auto end = read_bounded_line(from_, line, longest_record, bytes_);
    if (!end)
        return std::nullopt;
    ++lines_;
    if (lines_ == 1 && line.starts_with(byte_order_mark))
        line.erase(0, byte_order_mark.size());
    return end;
}

void csv_records::skip(std::uint64_t lines) {
    for (std::string passed_over; lines > 0 && read_line(passed_over); --lines) {
    }
}

result<bool> csv_records::next(record& into) {
    std::optional<std::string_view> end;
    into.text.clear();
    do {
        end = read_line(into.text);
        if (!end)
            return false;
    } while (into.text.empty());
    into.line = lines_;
    into.ended = !end->empty();
    if (lines_ == 1 && is_utf16(into.text))
        return fail(errc::malformed, "The file is UTF-16; save it as UTF-8.");
    if (!separator_)
        separator_ = separator_of(into.text);
    // A cell in quotes may hold line breaks.
    into.cells.clear();
    ending how = split_cells(into.text, 0, false, *separator_, into.cells);
    for (std::string more; how == ending::open_quote && into.text.size() <= longest_record;) {
        const auto next_end = read_line(more);
        into.ended = next_end && !next_end->empty();
        if (!next_end)
            return fail(errc::malformed, "A quote isn't closed.");
        const std::size_t known = into.text.size();
        (into.text += *end) += more;
        end = next_end;
        how = split_cells(into.text, known, true, *separator_, into.cells);
    }
    if (into.text.size() > longest_record) {
        if (how == ending::open_quote)
            pass_over_quote();
        return fail(errc::too_large, "The record is too long; is a quote missing?");
    }
    if (how == ending::stray_quote)
        return fail(errc::malformed, "A quote is out of place.");
    if (const auto at = first_not_utf8(into.text))
        return fail(errc::malformed, fmt::format("Byte {} is not UTF-8.", *at + 1));
    if (into.text.find('\0') != into.text.npos)
        return fail(errc::malformed, "There is a zero byte; is the file UTF-16?");
    return true;
}

/// What stands in quotes is no record of its own, however long it is.
void csv_records::pass_over_quote() {
    std::vector<std::string> cells;
    for (std::string line; read_line(line);) {
        cells.assign(1, {});
        if (split_cells(line, 0, true, *separator_, cells) != ending::open_quote)
            return;
    }
}

} // namespace breakwater::telemetry
