#pragma once

#include "base/json_schema.hpp"
#include "base/result.hpp"
#include "wire/schema/fields.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace breakwater::wire::schema {

// Parses and writes described structs. reflect.hpp defines the templates and *_dto.cpp instantiate them once,
// so that this header stays cheap to include. Any thread may call.

/// Parses a JSON body into a request. `invalid_input` names every invalid field at once (`body.password`); no
/// message contains a value from the request. Unknown members are ignored.
template <class T>
[[nodiscard]] result<T> parse(std::string_view body);

/// The decoded names and values of a query, in order.
using query_pairs = std::vector<std::pair<std::string, std::string>>;

/// Parses a query. Errors are as above, at `query.limit`. A repeated parameter is an error; unknown ones are
/// ignored. Booleans are true/false, 1/0, yes/no, on/off, t/f or y/n, in any case.
template <class T>
[[nodiscard]] result<T> parse_query(const query_pairs& pairs);

/// Parses a decoded path segment: `schema::parse_path<uuid>("id", request.path_parameters[0])`. For uuid and
/// std::int64_t (from 1 up); `invalid_input` at `path.id` otherwise.
template <class T>
[[nodiscard]] result<T> parse_path(std::string_view name, std::string_view segment);

/// Appends a response as compact JSON, with the members in the order of their description. `T` may be a
/// std::vector of a response.
template <class T>
void write(std::string& out, const T& value);

template <class T>
[[nodiscard]] std::string to_json(const T& value) {
    std::string out;
    write(out, value);
    return out;
}

/// For a struct that structs of other sources contain. Only its own source describes it. Specialise this
/// beside the struct, with the `name` of the component and with `append`, which appends the JSON of a value.
template <class T>
struct shared_component;

/// The parameters of a query struct. The views refer to static storage.
template <class T>
[[nodiscard]] std::vector<parameter_schema> query_parameters();

/// A path parameter that is a UUID, and one that is a number.
[[nodiscard]] parameter_schema uuid_path_parameter(std::string_view name, std::string_view description);
[[nodiscard]] parameter_schema integer_path_parameter(std::string_view name, std::string_view description);

} // namespace breakwater::wire::schema
