#include "api/permissions_page.hpp"

#include "identity/authorizer.hpp"

#include <fmt/format.h>

namespace breakwater::api {

namespace {

using identity::principal;

/// A column of the table of permissions: somebody, and a resource to act on.
struct column {
    std::string_view title;
    principal who;
    identity::resource target;
};

constexpr user_id owner = 1;
constexpr user_id somebody = 2;

const std::vector<column>& columns() {
    static const std::vector<column> all{
        {"without a token", {}, {.owner = owner}},
        {"the device", {.kind = principal::kind::device, .user = owner}, {.owner = owner}},
        {"its owner", {.kind = principal::kind::person, .user = owner}, {.owner = owner}},
        {"another user", {.kind = principal::kind::person, .user = somebody}, {.owner = owner}},
        {"an administrator",
         {.kind = principal::kind::person, .user = somebody, .role = role::admin},
         {.owner = owner}},
    };
    return all;
}

std::string answer(const column& shown, identity::action what) {
    if (!may(shown.who, what, shown.target))
        return "no";
    identity::resource forbidden = shown.target;
    forbidden.permits_owner = false;
    return may(shown.who, what, forbidden) ? "yes" : "if permitted";
}

} // namespace

std::string permissions_page_of(const http::router& routes) {
    std::string page = R"(# Permissions

Who may do what. `breakwater permissions` prints this page from the table with which the server decides
(`identity/authorizer.cpp`), and from its table of routes (`api/routes.cpp`). Commands at the server's shell may do everything that
an administrator may do.

## Actions

| action |)";
    for (const column& shown : columns())
        page += fmt::format(" {} |", shown.title);
    page += " notes |\n| --- |";
    for (std::size_t i = 0; i < columns().size(); ++i)
        page += " --- |";
    page += " --- |\n";
    for (const identity::permission& row : identity::permissions()) {
        page += fmt::format("| {} |", row.name);
        for (const column& shown : columns())
            page += fmt::format(" {} |", answer(shown, row.what));
        page += fmt::format(" {} |\n", row.description);
    }
    page += R"(
## Calls

A call without its token gets 401. A call whose caller may not do the action gets 403, and the audit log records it.

| call | action |
| --- | --- |
)";
    for (const http::route& row : routes.table())
        page +=
            fmt::format("| `{} {}` | {} |\n", http::to_string(row.method), row.path,
                        identity::permission_of(static_cast<identity::action>(row.requirement.what)).name);
    return page;
}

} // namespace breakwater::api
