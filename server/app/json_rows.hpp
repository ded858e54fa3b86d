#pragma once

#include "wire/alert_dto.hpp"
#include "wire/auth_dto.hpp"
#include "wire/invitation_dto.hpp"
#include "wire/schema/schema.hpp"
#include "wire/webhook_dto.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace breakwater::app {

/// Prints rows as a JSON array on standard output, one per line. `convert` turns a row into a struct of
/// `wire`.
template <class Domain, class Convert>
void print_json(const std::vector<Domain>& rows, const Convert& convert) {
    std::string out;
    for (const Domain& row : rows)
        out += (out.empty() ? "[\n  " : ",\n  ") + wire::schema::to_json(convert(row));
    fmt::print("{}\n", out.empty() ? "[]" : out + "\n]");
}

/// As above, in the JSON format of the API.
template <class Domain>
void print_json(const std::vector<Domain>& rows) {
    print_json(rows, [](const Domain& row) { return wire::to_dto(row); });
}

} // namespace breakwater::app
