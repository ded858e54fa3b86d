#include "telemetry/csv_export.hpp"

#include <algorithm>

namespace breakwater::telemetry {

result<bool> csv_export::collect_columns() {
    for (std::size_t n = 0; n < max_rows_scanned; ++n) {
        auto row = range_.next();
        if (!row)
            return pass(std::move(row));
        if (*row == nullptr)
            return true;
        columns_.add_fields((*row)->payload);
        newest_ = std::max(newest_, (*row)->id);
    }
    return false;
}

result<bool> csv_export::next(std::string& out) {
    const std::size_t before = out.size();
    if (!has_columns_) {
        auto collected = collect_columns();
        if (!collected)
            return pass(std::move(collected));
        if (!*collected)
            return true;
        has_columns_ = true;
        range_ = reading_range{source_};
        columns_.append_header(out);
    }
    while (out.size() - before < export_piece_size) {
        auto row = range_.next();
        if (!row)
            return pass(std::move(row));
        if (*row == nullptr)
            break;
        if ((*row)->id <= newest_ && columns_.append_row(out, **row))
            ++rows_;
    }
    return out.size() > before;
}

} // namespace breakwater::telemetry
