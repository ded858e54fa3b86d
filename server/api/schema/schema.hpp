#pragma once

#include "api/schema/fields.hpp"
#include "base/result.hpp"
#include "http/route.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace breakwater::api::schema {

// What can be done with a described struct. The templates are defined in reflect.hpp and instantiated once,
// in dto/*.cpp: whoever includes this pays for none of the machinery. Any thread may call.

/// Reads a JSON body into a request. `invalid_input` names every bad field at once (`body.password`); no
/// message ever contains a value that was sent. Unknown members are ignored.
template <class T>
[[nodiscard]] result<T> parse(std::string_view body);

/// Reads an encoded query string (without its `?`). As above with `query.limit`; a repeated parameter is
/// refused, unknown ones are ignored. Booleans are true/false, 1/0, yes/no, on/off in either case.
template <class T>
[[nodiscard]] result<T> parse_query(std::string_view query);

/// Reads a decoded path segment: `schema::parse_path<uuid>("id", asked.path_parameters[0])`. For uuid and
/// std::int64_t (from 1 up); a bad one is `invalid_input` at `path.id`.
template <class T>
[[nodiscard]] result<T> parse_path(std::string_view name, std::string_view segment);

/// Appends a response as compact JSON, members in the order of their description. `T` may be a std::vector of
/// a response.
template <class T>
void write(std::string& out, const T& value);

template <class T>
[[nodiscard]] std::string to_json(const T& value) {
    std::string out;
    write(out, value);
    return out;
}

/// What `http::documentation::query` wants of a query struct. The views are of static storage.
template <class T>
[[nodiscard]] std::vector<http::parameter> query_parameters();

/// For `http::documentation::path`: an `{id}` that is a device's, and one that is a user's.
[[nodiscard]] http::parameter uuid_path_parameter(std::string_view name, std::string_view description);
[[nodiscard]] http::parameter integer_path_parameter(std::string_view name, std::string_view description);

} // namespace breakwater::api::schema
