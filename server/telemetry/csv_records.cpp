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

/// Appends the cells of a record from `at` on. `open_quote` if the record continues on the next line.
/// `open`: `at` is inside the quotes of the last cell.
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

bool is_utf16(std::string_view text) noexcept {
    return text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff");
}

} // namespace

char separator_of(std::string_view header) noexcept {
    constexpr std::array separators{',', ';', '\t'};
    std::array<std::size_t, separators.size()> counts{};
    bool is_quoted = false;
    for (const char character : header) {
        is_quoted = is_quoted != (character == '"');
        const auto separator = std::ranges::find(separators, character);
        if (!is_quoted && separator != separators.end())
            ++counts[static_cast<std::size_t>(separator - separators.begin())];
    }
    return separators[static_cast<std::size_t>(std::ranges::max_element(counts) - counts.begin())];
}

std::optional<std::string_view> csv_records::read_line(std::string& line) {
    const auto end = read_bounded_line(input_, line, max_record_size, bytes_);
    if (!end)
        return std::nullopt;
    ++lines_;
    if (lines_ == 1 && line.starts_with(byte_order_mark))
        line.erase(0, byte_order_mark.size());
    return end;
}

void csv_records::skip(std::uint64_t lines) {
    for (std::string skipped; lines > 0 && read_line(skipped); --lines) {
    }
}

result<bool> csv_records::next(record& out) {
    std::optional<std::string_view> end;
    out.text.clear();
    do {
        end = read_line(out.text);
        if (!end)
            return false;
    } while (out.text.empty());
    out.line = lines_;
    out.is_terminated = !end->empty();
    if (lines_ == 1 && is_utf16(out.text))
        return fail(errc::malformed, "The file is UTF-16; save it as UTF-8.");
    if (!separator_)
        separator_ = separator_of(out.text);
    // A quoted cell may contain line breaks.
    out.cells.clear();
    ending state = split_cells(out.text, 0, false, *separator_, out.cells);
    for (std::string more; state == ending::open_quote && out.text.size() <= max_record_size;) {
        const auto next_end = read_line(more);
        out.is_terminated = next_end && !next_end->empty();
        if (!next_end)
            return fail(errc::malformed, "A quoted cell is not closed.");
        const std::size_t size = out.text.size();
        (out.text += *end) += more;
        end = next_end;
        state = split_cells(out.text, size, true, *separator_, out.cells);
    }
    if (out.text.size() > max_record_size) {
        if (state == ending::open_quote)
            skip_quoted_text();
        return fail(errc::too_large, "The record is too long; is a quote missing?");
    }
    if (state == ending::stray_quote)
        return fail(errc::malformed, "A quote is misplaced: quote whole cells, and double quotes in them.");
    if (const auto at = find_invalid_utf8(out.text))
        return fail(errc::malformed, fmt::format("Byte {} is not UTF-8.", *at + 1));
    if (out.text.find('\0') != out.text.npos)
        return fail(errc::malformed, "The record contains a zero byte; is the file UTF-16?");
    return true;
}

/// Skips the rest of an overlong quoted cell, so that its lines are not read as records.
void csv_records::skip_quoted_text() {
    std::vector<std::string> cells;
    for (std::string line; read_line(line);) {
        cells.assign(1, {});
        if (split_cells(line, 0, true, *separator_, cells) != ending::open_quote)
            return;
    }
}

} // namespace breakwater::telemetry
