#include "telemetry/csv_export.hpp"

#include <algorithm>

namespace breakwater::telemetry {

result<void> csv_export::learn_columns() {
    for (reading_range range{source_};;) {
        auto row = range.next();
        if (!row)
            return pass(std::move(row));
        if (*row == nullptr)
            return {};
        columns_.learn((*row)->payload);
        newest_ = std::max(newest_, (*row)->id);
    }
}

result<bool> csv_export::next(std::string& out) {
    const std::size_t before = out.size();
    if (!learnt_) {
        if (auto learnt = learn_columns(); !learnt)
            return pass(std::move(learnt));
        learnt_ = true;
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
