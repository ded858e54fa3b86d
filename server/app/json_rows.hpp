#pragma once

#include "wire/alert_dto.hpp"
#include "wire/invitation_dto.hpp"
#include "wire/schema/schema.hpp"
#include "wire/webhook_dto.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace breakwater::app {

/// Prints rows as a JSON array on standard output, one per line, in the JSON format of the API.
template <class Domain>
void print_json(const std::vector<Domain>& rows) {
    std::string out;
    for (const Domain& row : rows)
        out += (out.empty() ? "[\n  " : ",\n  ") + wire::schema::to_json(wire::to_dto(row));
    fmt::print("{}\n", out.empty() ? "[]" : out + "\n]");
}

} // namespace breakwater::app
