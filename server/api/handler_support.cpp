#include "api/handler_support.hpp"

#include <fmt/format.h>

namespace breakwater::api {

void add_next_cursor(http::response& answer, const http::request& asked, const std::string& cursor) {
    // The same query with another cursor: its other parameters are kept as they were spelled.
    std::string query;
    std::string_view rest = asked.query;
    while (!rest.empty()) {
        const auto end = std::min(rest.find('&'), rest.size());
        const std::string_view pair = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (!pair.empty() && !pair.starts_with("cursor="))
            query += fmt::format("{}&", pair);
    }
    query += "cursor=" + cursor;
    answer.headers.emplace_back("X-Next-Cursor", cursor);
    answer.headers.emplace_back("Link", fmt::format(R"(<{}?{}>; rel="next")", asked.path, query));
}

} // namespace breakwater::api
