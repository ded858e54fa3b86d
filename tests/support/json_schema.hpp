#pragma once

#include <boost/json.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace breakwater::test {

/// Checks values against the schemas of a document (`components.schemas`). It knows the keywords that the
/// server's documents use for the messages of the server, and is stricter than JSON Schema: an object with
/// `properties` has no others.
class json_schemas {
public:
    explicit json_schemas(const boost::json::value& document)
        : schemas_{document.at("components").at("schemas").as_object()} {}

    /// What is wrong with the message, with its place; empty if the schema `name` describes it.
    [[nodiscard]] std::string complaint(std::string_view name, const boost::json::value& message) const {
        return complaint(schemas_.at(name).as_object(), message, std::string{name});
    }

private:
    using object = boost::json::object;
    using value = boost::json::value;

    [[nodiscard]] std::string complaint(const object& schema, const value& item,
                                        const std::string& place) const {
        if (const auto* reference = schema.if_contains("$ref")) {
            const std::string_view target = reference->as_string();
            return complaint(schemas_.at(target.substr(target.rfind('/') + 1)).as_object(), item, place);
        }
        for (const std::string_view keyword : {"oneOf", "anyOf"})
            if (const auto* choices = schema.if_contains(keyword))
                if (std::string wrong = choose(choices->as_array(), item, place); !wrong.empty())
                    return wrong;
        if (const auto* type = schema.if_contains("type"); type != nullptr && !has_type(*type, item))
            return place + " is not of type " + boost::json::serialize(*type);
        if (const auto* only = schema.if_contains("const"); only != nullptr && *only != item)
            return place + " is not " + boost::json::serialize(*only);
        if (const auto* names = schema.if_contains("enum");
            names != nullptr && std::ranges::find(names->as_array(), item) == names->as_array().end())
            return place + " is none of " + boost::json::serialize(*names);
        if (const auto* elements = schema.if_contains("items"))
            for (const value& element : item.as_array())
                if (std::string wrong = complaint(elements->as_object(), element, place + "[]");
                    !wrong.empty())
                    return wrong;
        if (const auto* properties = schema.if_contains("properties"))
            return check_members(properties->as_object(), schema, item.as_object(), place);
        return {};
    }

    /// Complains of the alternative that comes nearest, if none fits.
    [[nodiscard]] std::string choose(const boost::json::array& choices, const value& item,
                                     const std::string& place) const {
        std::string all;
        for (const value& choice : choices) {
            const std::string wrong = complaint(choice.as_object(), item, place);
            if (wrong.empty())
                return {};
            all += (all.empty() ? "" : "; or ") + wrong;
        }
        return all;
    }

    [[nodiscard]] std::string check_members(const object& properties, const object& schema,
                                            const object& item, const std::string& place) const {
        if (const auto* required = schema.if_contains("required"))
            for (const value& name : required->as_array())
                if (!item.contains(name.as_string()))
                    return place + " has no " + std::string{name.as_string()};
        for (const auto& [name, member] : item) {
            const auto* described = properties.if_contains(name);
            if (described == nullptr)
                return place + " has the unknown member " + std::string{name};
            if (std::string wrong =
                    complaint(described->as_object(), member, place + '.' + std::string{name});
                !wrong.empty())
                return wrong;
        }
        return {};
    }

    static bool has_type(const value& type, const value& item) {
        if (const auto* several = type.if_array())
            return std::ranges::any_of(*several, [&](const value& each) { return has_type(each, item); });
        const std::string_view name = type.as_string();
        return (name == "object" && item.is_object()) || (name == "array" && item.is_array()) ||
               (name == "string" && item.is_string()) || (name == "boolean" && item.is_bool()) ||
               (name == "null" && item.is_null()) || (name == "number" && item.is_number()) ||
               (name == "integer" && (item.is_int64() || item.is_uint64()));
    }

    object schemas_;
};

} // namespace breakwater::test
