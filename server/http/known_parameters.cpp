#include "http/known_parameters.hpp"

#include "http/query.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace breakwater::http {

namespace {

constexpr std::size_t max_listed = 8;
constexpr std::size_t max_name_bytes = 64;

/// Shortens a long name between two characters.
std::string shortened(const std::string& name) {
    if (name.size() <= max_name_bytes)
        return name;
    std::size_t end = max_name_bytes;
    while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xc0U) == 0x80U)
        --end;
    return name.substr(0, end) + "…";
}

std::string list_of(std::span<const parameter_schema> known) {
    std::string names;
    for (const parameter_schema& parameter : known)
        (names += names.empty() ? "" : ", ") += parameter.name;
    return names;
}

} // namespace

std::optional<response> refuse_unknown_parameters(std::string_view query,
                                                  std::span<const parameter_schema> known) {
    if (query.empty())
        return std::nullopt;
    const auto pairs = parse_query(query);
    if (!pairs)
        return problem(422, pairs.error().detail);
    std::vector<std::string> unknown;
    for (const auto& [name, value] : *pairs)
        if (std::ranges::find(known, std::string_view{name}, &parameter_schema::name) == known.end() &&
            std::ranges::find(unknown, name) == unknown.end())
            unknown.push_back(name);
    if (unknown.empty())
        return std::nullopt;
    const std::string message = known.empty()
                                    ? std::string{"Unknown: this address takes no query parameters."}
                                    : "Unknown: the known query parameters are " + list_of(known) + ".";
    std::string names;
    std::vector<field_error> fields;
    for (const std::string& name : unknown) {
        if (fields.size() == max_listed)
            break;
        (names += names.empty() ? "" : ", ") += shortened(name);
        fields.push_back({"query." + shortened(name), message});
    }
    const std::string summary = unknown.size() == 1
                                    ? "1 query parameter is unknown: "
                                    : std::to_string(unknown.size()) + " query parameters are unknown: ";
    const std::string known_names =
        known.empty() ? "this address takes none." : "the known ones are " + list_of(known) + ".";
    return problem(422, summary + names + "; " + known_names, fields);
}

} // namespace breakwater::http
