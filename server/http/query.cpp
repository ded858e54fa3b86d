#include "http/query.hpp"

#include "http/percent.hpp"

#include <fmt/format.h>

namespace breakwater::http {

namespace {

bool decode(std::string_view text, std::string& out) {
    return percent_decode(text, out, true) && is_utf8(out) && out.find('\0') == std::string::npos;
}

std::unexpected<error> not_encoded() {
    return fail(errc::invalid_input, "The query string is not percent-encoded UTF-8.");
}

} // namespace

result<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view query) {
    std::vector<std::pair<std::string, std::string>> pairs;
    while (!query.empty()) {
        const std::size_t end = query.find('&');
        const std::string_view pair = query.substr(0, end);
        query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
        if (pair.empty())
            continue;
        if (pairs.size() == max_query_pairs)
            return fail(errc::invalid_input,
                        fmt::format("The query string has more than {} parameters.", max_query_pairs));
        const std::size_t equals = pair.find('=');
        auto& [name, value] = pairs.emplace_back();
        if (!decode(pair.substr(0, equals), name))
            return not_encoded();
        if (equals != std::string_view::npos && !decode(pair.substr(equals + 1), value))
            return not_encoded();
    }
    return pairs;
}

} // namespace breakwater::http
