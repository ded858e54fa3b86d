#include "api/handler_support.hpp"

#include "http/query.hpp"

#include <fmt/format.h>

namespace breakwater::api {

namespace {

/// Decodes the name first: `%63ursor` is also the cursor.
bool is_cursor(std::string_view pair) {
    const auto decoded = http::parse_query(pair.substr(0, pair.find('=')));
    return decoded && !decoded->empty() && decoded->front().first == "cursor";
}

} // namespace

result<wire::schema::query_pairs> decode_query(std::string_view query) {
    auto pairs = http::parse_query(query);
    if (pairs)
        return *std::move(pairs);
    std::string sentence = std::move(pairs.error().detail);
    std::vector<field_error> errors{{"query", sentence}};
    return std::unexpected(
        error{.code = errc::invalid_input, .detail = std::move(sentence), .fields = std::move(errors)});
}

error bad_query(std::string_view name, std::string sentence) {
    return {.code = errc::invalid_input,
            .detail = fmt::format("1 field is invalid: {}.", name),
            .fields = {{fmt::format("query.{}", name), std::move(sentence)}}};
}

void add_next_cursor(http::response& response, const http::request& request, const std::string& cursor) {
    // The next page has the same query with another cursor. The other parameters keep their spelling.
    std::string query;
    std::string_view rest = request.query;
    while (!rest.empty()) {
        const auto end = std::min(rest.find('&'), rest.size());
        const std::string_view pair = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (!pair.empty() && !is_cursor(pair))
            query += fmt::format("{}&", pair);
    }
    query += "cursor=" + cursor;
    response.headers.emplace_back("X-Next-Cursor", cursor);
    response.headers.emplace_back(
        "Link", fmt::format(R"(<{}{}?{}>; rel="next")", request.base_path, request.path, query));
}

} // namespace breakwater::api
