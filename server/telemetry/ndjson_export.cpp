#include "telemetry/ndjson_export.hpp"

#include "wire/reading_dto.hpp"

namespace breakwater::telemetry {

result<bool> ndjson_export::next(std::string& out) {
    const std::size_t before = out.size();
    while (out.size() - before < export_piece_size) {
        auto row = range_.next();
        if (!row)
            return pass(std::move(row));
        if (*row == nullptr)
            break;
        wire::schema::write(out, wire::to_export(**row)); // compact, so it has no line break
        out += '\n';
        ++rows_;
    }
    return out.size() > before;
}

} // namespace breakwater::telemetry
