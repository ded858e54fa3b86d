#include "telemetry/ndjson_export.hpp"

#include "base/time.hpp"

namespace breakwater::telemetry {

void append_reading_json(std::string& out, const reading& row) {
    out += R"({"id":)";
    out += std::to_string(row.id);
    out += R"(,"device_id":")";
    row.device_id.append_to(out);
    out += R"(","device_timestamp":)";
    if (row.device_timestamp) {
        out += '"';
        append_rfc3339(out, *row.device_timestamp);
        out += '"';
    } else {
        out += "null";
    }
    out += R"(,"received_at":")";
    append_rfc3339(out, row.received_at);
    out += R"(","simulated":)";
    out += row.simulated ? "true" : "false";
    out += R"(,"payload":)";
    out += row.payload; // compact, so it has no line break
    out += R"(,"payload_size":)";
    out += std::to_string(row.payload.size());
    out += '}';
}

result<bool> ndjson_export::next(std::string& out) {
    const std::size_t before = out.size();
    while (out.size() - before < export_piece_size) {
        auto row = range_.next();
        if (!row)
            return pass(std::move(row));
        if (*row == nullptr)
            break;
        append_reading_json(out, **row);
        out += '\n';
        ++rows_;
    }
    return out.size() > before;
}

} // namespace breakwater::telemetry
