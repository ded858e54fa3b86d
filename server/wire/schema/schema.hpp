#pragma once

#include "base/result.hpp"
#include "http/route.hpp"
#include "wire/schema/fields.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace breakwater::wire::schema {

// Parses and writes described structs. reflect.hpp defines the templates and *_dto.cpp instantiate them once,
// so that this header stays cheap to include. Any thread may call.

/// Parses a JSON body into a request. `invalid_input` names every invalid field at once (`body.password`); no
/// message contains a value from the request. Unknown members are ignored.
template <class T>
[[nodiscard]] result<T> parse(std::string_view body);

/// Parses an encoded query string (without its `?`). Errors are as above, at `query.limit`. A repeated
/// parameter is an error; unknown ones are ignored. Booleans are true/false, 1/0, yes/no, on/off, t/f or y/n,
/// in any case.
template <class T>
[[nodiscard]] result<T> parse_query(std::string_view query);

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

/// The value of `http::documentation::query` for a query struct. The views refer to static storage.
template <class T>
[[nodiscard]] std::vector<http::parameter> query_parameters();

/// Values of `http::documentation::path`: an `{id}` that is a UUID, and one that is a number.
[[nodiscard]] http::parameter uuid_path_parameter(std::string_view name, std::string_view description);
[[nodiscard]] http::parameter integer_path_parameter(std::string_view name, std::string_view description);

} // namespace breakwater::wire::schema
