// The JSON reader: accepts only JSON, loses nothing, and agrees with Boost.JSON, which is less strict.

#include "base/json_text.hpp"
#include "domain/field_name.hpp"
#include "fuzz.hpp"
#include "telemetry/payload_fields.hpp"

#include <boost/json.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace breakwater;
using fuzz::require;

namespace {

constexpr std::size_t max_depth = 32;

void check_members(const json_document& document) {
    for (const json_document::member& member : document.members) {
        require(member.offset + member.length <= document.text.size(), "values lie within the text");
        const std::string_view value = document.value(member);
        require(!value.empty() && json_kind_of(value.front()) == member.kind,
                "a value begins as its kind requires");
        const auto parsed = read_json(value, max_depth);
        require(parsed && parsed->text == value, "a value is JSON by itself");
        std::string key;
        append_json_string(key, member.key);
        require(unescape_json_string(key) == member.key, "a key is unchanged when written and read again");
        require(document.find(member.key) == &member, "keys are unique");
    }
}

void check_fields(std::string_view payload) {
    std::vector<std::pair<std::string, std::string_view>> fields;
    telemetry::field_selection selection;
    telemetry::for_each_field(payload, [&](const telemetry::payload_field& field) {
        require(fuzz::lies_within(field.value, payload), "fields are views into the text");
        const auto path = parse_field_name(field.name);
        require(path && write_field_name(*path) == field.name, "field names follow the grammar");
        fields.emplace_back(field.name, field.value);
        selection.add(field.name);
    });
    std::size_t visited = 0;
    telemetry::for_each_field(payload, selection, [&](const telemetry::payload_field& field) {
        require(visited < fields.size() && field.name == fields[visited].first &&
                    field.value.data() == fields[visited].second.data(),
                "a selection of all fields visits all fields");
        ++visited;
    });
    require(visited == fields.size(), "a selection leaves out no selected field");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::as_text(data, size);
    std::string quoted;
    append_json_string(quoted, text);
    const auto string = read_json(quoted, max_depth);
    require(string && string->kind == json_kind::string && string->text == quoted,
            "any text can be written as a string");

    const auto elements = split_json_array(text, 64);
    if (elements)
        for (const std::string_view element : *elements)
            require(fuzz::lies_within(element, text) && elements->size() <= 64,
                    "elements are views into the text");
    const auto document = read_json(text, max_depth);
    if (!document)
        return 0;
    require(document->text.size() <= text.size(), "the reader only removes white space");
    const auto again = read_json(document->text, max_depth);
    require(again && again->text == document->text && again->kind == document->kind,
            "a document is unchanged when read again");
    check_members(*document);
    if (document->kind == json_kind::array && !elements)
        require(elements.error().code == errc::too_large, "an array can be split unless it is too large");
    if (document->kind == json_kind::object)
        check_fields(document->text);

    boost::json::error_code error;
    boost::json::parse_options options;
    options.max_depth = max_depth + 1;
    const auto value = boost::json::parse(document->text, error, {}, options);
    if (error == boost::json::error::exponent_overflow)
        return 0; // only Boost refuses 0e99999999999, which is zero
    require(!error, "Boost.JSON accepts the document");
    require(!value.is_object() || value.get_object().size() == document->members.size(),
            "both readers see the same number of members");
    return 0;
}
