#include "storage/postgres/connection_string.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <ranges>
#include <string_view>
#include <utility>
#include <vector>

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

/// Percent-encodes what is not unreserved (RFC 3986 section 2.3), nor in `also`.
std::string encoded(std::string_view text, std::string_view also) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const bool is_alphanumeric =
            (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (is_alphanumeric || std::string_view{"-._~"}.contains(c) || also.contains(c))
            out += c;
        else
            out.append({'%', digits[static_cast<std::uint8_t>(c) >> 4U], digits[c & 0xf]});
    }
    return out;
}

/// `text` separated by commas.
std::vector<std::string_view> items_of(std::string_view text) {
    std::vector<std::string_view> items;
    for (const auto item : std::views::split(text, ','))
        items.emplace_back(item);
    return items;
}

/// Hosts and ports as they stand in a URL, or nothing if they only fit into parameters.
std::optional<std::string> authority_of(std::string_view hosts, std::string_view ports) {
    const auto names = items_of(hosts);
    const auto numbers = items_of(ports);
    if (hosts.find_first_of("/@") != std::string_view::npos ||
        (!ports.empty() && names.size() != numbers.size()))
        return std::nullopt;
    std::string out;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const bool is_v6 = names[i].contains(':');
        out += i == 0 ? "" : ",";
        out += is_v6 ? "[" + std::string{names[i]} + "]" : encoded(names[i], "");
        if (!ports.empty() && !numbers[i].empty())
            out.append(":").append(numbers[i]);
    }
    return out;
}

/// The values of a parsed connection string.
class parsed_values {
public:
    explicit parsed_values(const PQconninfoOption* first) noexcept : first_{first} {}

    [[nodiscard]] std::string_view value(std::string_view keyword) const noexcept {
        for (const PQconninfoOption* next = first_; next->keyword != nullptr; ++next)
            if (next->keyword == keyword)
                return next->val == nullptr ? std::string_view{} : next->val;
        return {};
    }

    [[nodiscard]] std::string masked_url() const {
        std::string out = "postgresql://" + encoded(value("user"), "");
        if (!value("password").empty())
            out.append(":").append(mask);
        if (!value("user").empty() || !value("password").empty())
            out += '@';
        const auto authority = authority_of(value("host"), value("port"));
        out += authority.value_or("");
        if (!value("dbname").empty())
            out += "/" + encoded(value("dbname"), "");
        char separator = '?';
        for (const PQconninfoOption* next = first_; next->keyword != nullptr; ++next) {
            const std::string_view keyword = next->keyword;
            const bool is_shown = keyword == "user" || keyword == "password" || keyword == "dbname" ||
                                  (authority && (keyword == "host" || keyword == "port"));
            if (is_shown || next->val == nullptr || *next->val == '\0')
                continue;
            out += std::exchange(separator, '&');
            out.append(keyword).append("=");
            out += is_secret(*next) ? std::string{mask} : encoded(next->val, "/:,");
        }
        return out;
    }

private:
    /// libpq marks what a dialog must not show.
    static bool is_secret(const PQconninfoOption& option) noexcept {
        return std::string_view{option.dispchar}.starts_with('*');
    }

    const PQconninfoOption* first_;
};

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
    const parsed_values values{parsed.get()};
    // A password with an `@`, `:` or `/` that is not encoded ends too early, and an `@` in a parameter
    // without a path before it makes all of it a user.
    const std::string_view host = values.value("host");
    if (host.find('@', 1) != std::string_view::npos ||
        values.value("port").find_first_not_of("0123456789,") != std::string_view::npos ||
        (is_url && (values.value("dbname").contains('@') || values.value("user").contains('?'))))
        return invalid();
    const std::string_view address = values.value("hostaddr");
    const std::string_view mode = values.value("sslmode");
    const bool is_known = values.value("service").empty() && (!host.empty() || !address.empty());
    const bool may_leave = !is_known || !are_local(address.empty() ? host : address);
    return connection_string{.password = std::string{values.value("password")},
                             .shown = values.masked_url(),
                             .needs_tls = mode.empty() && may_leave,
                             .trusts_any_server = !mode.starts_with("verify-") && may_leave};
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
