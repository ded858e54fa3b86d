#include "app/database_url.hpp"

#include "storage/postgres/connection_string.hpp"

#include <utility>

namespace breakwater::app {

namespace {

constexpr std::string_view sqlite_scheme = "sqlite:///";

} // namespace

std::string database_url::shown() const {
    return is_postgres() ? masked_ : std::string{sqlite_scheme} + file_.string();
}

result<database_url> parse_database_url(std::string_view text) {
    if (text.starts_with("postgresql://") || text.starts_with("postgres://")) {
        std::string url{text};
        auto parsed = storage::postgres::parse_connection_string(url);
        if (!parsed)
            return fail(errc::invalid_input,
                        "must be a URL like postgresql://user:password@host/database, in "
                        "which special characters of the password are encoded as %XX");
        return database_url{std::move(url), std::move(parsed->shown), parsed->trusts_any_server};
    }
    if (!text.starts_with(sqlite_scheme) || text.size() == sqlite_scheme.size())
        return fail(errc::invalid_input,
                    "must be sqlite:/// and the path of a file, or start with postgresql://");
    return database_url{std::filesystem::path{text.substr(sqlite_scheme.size())}};
}

} // namespace breakwater::app
