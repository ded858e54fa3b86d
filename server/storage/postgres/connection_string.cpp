#include "storage/postgres/connection_string.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <memory>
#include <string_view>

namespace breakwater::storage::postgres {

namespace {

constexpr std::string_view mask = "***";

/// A host that the connection can't leave the machine for.
bool is_local(std::string_view host) noexcept {
    return host.empty() || host.starts_with('/') || host.starts_with('@') || host == "localhost" ||
           host == "::1" || host.starts_with("127.");
}

/// `hosts` are separated by commas. An empty one is the default: a socket.
bool are_local(std::string_view hosts) noexcept {
    for (;;) {
        const auto end = hosts.find(',');
        if (!is_local(hosts.substr(0, end)))
            return false;
        if (end == std::string_view::npos)
            return true;
        hosts.remove_prefix(end + 1);
    }
}

std::unexpected<error> invalid() {
    return fail(errc::invalid_input, "The connection string of the database is not valid. Encode special "
                                     "characters of the password as %XX.");
}

} // namespace

result<connection_string> parse_connection_string(const std::string& text) {
    const bool is_url = text.starts_with("postgresql://") || text.starts_with("postgres://");
    if (!is_url && !text.contains('=')) // libpq takes it for the name of a database
        return invalid();
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parsed{
        PQconninfoParse(text.c_str(), nullptr), &PQconninfoFree};
    if (parsed == nullptr)
        return invalid();
    const auto option = [&](std::string_view keyword) -> std::string_view {
        for (const PQconninfoOption* next = parsed.get(); next->keyword != nullptr; ++next)
            if (next->keyword == keyword)
                return next->val == nullptr ? std::string_view{} : next->val;
        return {};
    };
    // A password with an `@`, `:` or `/` that is not encoded ends too early.
    const std::string_view host = option("host");
    if (host.find('@', 1) != std::string_view::npos ||
        option("port").find_first_not_of("0123456789,") != std::string_view::npos ||
        (is_url && option("dbname").contains('@')))
        return invalid();
    const std::string_view address = option("hostaddr");
    const bool is_known = option("service").empty() && (!host.empty() || !address.empty());
    return connection_string{.password = std::string{option("password")},
                             .needs_tls = option("sslmode").empty() &&
                                          !(is_known && are_local(address.empty() ? host : address))};
}

std::string without_password(std::string message, const connection_string& from) {
    if (from.password.empty())
        return message;
    for (auto at = message.find(from.password); at != std::string::npos;
         at = message.find(from.password, at + mask.size()))
        message.replace(at, from.password.size(), mask);
    return message;
}

} // namespace breakwater::storage::postgres
