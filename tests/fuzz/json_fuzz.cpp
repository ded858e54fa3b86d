// The JSON reader, beside another one that is less strict: it takes nothing that isn't JSON, and loses
// nothing.

#include "base/json_text.hpp"
#include "domain/field_name.hpp"
#include "fuzz.hpp"
#include "telemetry/payload_fields.hpp"

#include <boost/json.hpp>

#include <string>

using namespace breakwater;
using fuzz::require;

namespace {

constexpr std::size_t max_depth = 32;

void check_members(const json_document& document) {
    for (const json_document::member& each : document.members) {
        require(each.offset + each.length <= document.text.size(), "values lie within the text");
        const std::string_view spelled = document.value(each);
        require(!spelled.empty() && json_kind_of(spelled.front()) == each.kind, "values are of their kind");
        const auto read = read_json(spelled, max_depth);
        require(read && read->text == spelled, "values are JSON by themselves");
        std::string key;
        append_json_string(key, each.key);
        require(unescape_json_string(key) == each.key, "names can be written and read again");
        require(document.find(each.key) == &each, "no two have the same name");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::as_text(data, size);
    std::string quoted;
    append_json_string(quoted, text);
    const auto string = read_json(quoted, max_depth);
    require(string && string->kind == json_kind::string && string->text == quoted,
            "any text can be a string");

    const auto elements = split_json_array(text, 64);
    if (elements)
        for (const std::string_view each : *elements)
            require(fuzz::lies_within(each, text) && elements->size() <= 64, "elements are of the text");
    const auto document = read_json(text, max_depth);
    if (!document)
        return 0;
    require(document->text.size() <= text.size(), "only white space is left out");
    const auto again = read_json(document->text, max_depth);
    require(again && again->text == document->text && again->kind == document->kind,
            "it is read again as it is");
    check_members(*document);
    if (document->kind == json_kind::array && !elements)
        require(elements.error().code == errc::too_large, "an array can be split");
    if (document->kind == json_kind::object)
        telemetry::for_each_field(document->text, [&](const telemetry::payload_field& field) {
            require(fuzz::lies_within(field.value, document->text), "fields are of the text");
            const auto path = parse_field_name(field.name);
            require(path && write_field_name(*path) == field.name, "names are of the grammar");
        });

    boost::json::error_code failed;
    boost::json::parse_options options;
    options.max_depth = max_depth + 1;
    const auto other = boost::json::parse(document->text, failed, {}, options);
    if (failed == boost::json::error::exponent_overflow)
        return 0; // 0e99999999999 is zero to us, and to others
    require(!failed, "whoever reads JSON reads it");
    require(!other.is_object() || other.get_object().size() == document->members.size(),
            "with as many members");
    return 0;
}
