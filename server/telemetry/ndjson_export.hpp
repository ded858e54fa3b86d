#pragma once

#include "base/result.hpp"
#include "telemetry/reading_range.hpp"

#include <cstdint>
#include <string>

namespace breakwater::telemetry {

/// Exports readings as one JSON object per line, with the members of the API's reading and `simulated`.
/// Payloads keep their stored text. One pass, constant memory. One thread at a time.
class ndjson_export {
public:
    explicit ndjson_export(page_source source) : source_{std::move(source)} {}
    ndjson_export(const ndjson_export&) = delete;
    ndjson_export& operator=(const ndjson_export&) = delete;

    /// Appends the next piece, about 64 KiB, to `out`. Returns false and appends nothing at the end. Fails
    /// with the source's errors. Blocks as long as the source does.
    result<bool> next(std::string& out);
    /// Rows written so far.
    [[nodiscard]] std::int64_t rows() const noexcept { return rows_; }

private:
    const page_source source_;
    reading_range range_{source_};
    std::int64_t rows_ = 0;
};

} // namespace breakwater::telemetry
