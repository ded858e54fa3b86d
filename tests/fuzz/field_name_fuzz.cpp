// Field names: each name is the only name of its path, any key can be in a name, and a list is split only at
// unescaped commas.

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
        require(!path->empty() && path->size() <= max_field_steps, "the steps of a path are bounded");
        require(std::holds_alternative<std::string>(path->front()), "the first step is a key");
        for (const field_step& step : *path)
            if (const auto* index = std::get_if<std::size_t>(&step))
                require(*index < max_array_values, "an index is within the bounds");
        require(write_field_name(*path) == text, "a path has one name");
        require(split_field_names(text).size() == 1, "a name is not split");
    } else {
        require(path.error().detail.starts_with("At byte "), "the error names the byte");
    }
    std::string name;
    append_field_key(name, text);
    append_field_index(name, 7);
    append_field_key(name, text);
    require(parse_field_name(name) == field_path({std::string{text}, std::size_t{7}, std::string{text}}),
            "any key can be in a name");
    require(split_field_names(name + "," + name).size() == 2, "commas in keys are escaped");
    std::size_t length = 0;
    for (const std::string_view part : split_field_names(text)) {
        require(fuzz::lies_within(part, text), "names are views into the list");
        length += part.size() + 1;
    }
    require(length == text.size() + 1, "splitting removes only the commas");
    return 0;
}
