// Names of fields: what is read is the one spelling of its way, any key can be in one, and a list is parted
// at the commas that belong to no name.

#include "domain/field_name.hpp"
#include "fuzz.hpp"

#include <algorithm>
#include <string>
#include <variant>

using namespace breakwater;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::as_text(data, size);
    if (const auto path = parse_field_name(text)) {
        require(!path->empty() && path->size() <= max_field_steps, "a way has steps, and few");
        require(std::holds_alternative<std::string>(path->front()), "a payload is an object");
        for (const field_step& step : *path)
            if (const auto* index = std::get_if<std::size_t>(&step))
                require(*index < max_array_values, "an index is within the bounds");
        require(write_field_name(*path) == text, "a way has one name");
        require(split_field_names(text).size() == 1, "no name is a list");
    } else {
        require(path.error().detail.starts_with("At byte "), "a place is told");
    }
    std::string name;
    append_field_key(name, text);
    append_field_index(name, 7);
    append_field_key(name, text);
    require(parse_field_name(name) == field_path({std::string{text}, std::size_t{7}, std::string{text}}),
            "any key can be in a name");
    require(split_field_names(name + "," + name).size() == 2, "its commas are its own");
    std::size_t length = 0;
    for (const std::string_view each : split_field_names(text)) {
        require(fuzz::lies_within(each, text), "names are of the list");
        length += each.size() + 1;
    }
    require(length == text.size() + 1, "nothing is lost but the commas");
    return 0;
}
