#pragma once

#include "api/dto/alert_dto.hpp"
#include "api/dto/webhook_dto.hpp"
#include "api/schema/schema.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace breakwater::app {

/// Rows as a JSON array on standard output, a line each, in the form that the API gives them.
template <class Domain>
void print_json(const std::vector<Domain>& rows) {
    std::string out;
    for (const Domain& row : rows)
        out += (out.empty() ? "[\n  " : ",\n  ") + api::schema::to_json(api::dto::to_dto(row));
    fmt::print("{}\n", out.empty() ? "[]" : out + "\n]");
}

} // namespace breakwater::app
