#pragma once

#include "api/error_mapping.hpp"
#include "api/schema/schema.hpp"
#include "http/message.hpp"
#include "services/caller.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace breakwater::api {

/// The three facts of where a call came from, for the audit log.
[[nodiscard]] inline call_origin origin_of(const http::request& asked) {
    return {asked.client_address, asked.request_id, std::string{asked.route}};
}

[[nodiscard]] inline services::caller caller_of(const http::request& asked) {
    return {.user = asked.principal.user,
            .administrator = asked.principal.administrator,
            .session_version =
                asked.principal.kind == http::principal::kind::person ? asked.principal.version : 0,
            .origin = origin_of(asked)};
}

template <class Dto>
[[nodiscard]] http::response json(const Dto& value, unsigned status = 200) {
    http::response answer;
    answer.status = status;
    schema::write(answer.body, value);
    return answer;
}

[[nodiscard]] inline http::response no_content() {
    http::response answer;
    answer.status = 204;
    answer.content_type.clear();
    return answer;
}

/// That a parameter of the query is wrong.
[[nodiscard]] error bad_query(std::string_view name, std::string sentence);

/// Where a list goes on: as a header of ours, and as RFC 8288 has it.
void add_next_cursor(http::response& answer, const http::request& asked, const std::string& cursor);

} // namespace breakwater::api
