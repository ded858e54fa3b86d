#include "telemetry/csv_export.hpp"

#include <algorithm>

namespace breakwater::telemetry {

result<bool> csv_export::learn_columns() {
    for (std::size_t n = 0; n < rows_learnt_at_once; ++n) {
        auto row = range_.next();
        if (!row)
            return pass(std::move(row));
        if (*row == nullptr)
            return true;
        columns_.learn((*row)->payload);
        newest_ = std::max(newest_, (*row)->id);
    }
    return false;
}

result<bool> csv_export::next(std::string& out) {
    const std::size_t before = out.size();
    if (!learnt_) {
        auto learnt = learn_columns();
        if (!learnt)
            return pass(std::move(learnt));
        if (!*learnt)
            return true;
        learnt_ = true;
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
