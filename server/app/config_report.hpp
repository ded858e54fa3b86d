#pragma once

#include "app/config.hpp"
#include "base/random.hpp"

#include <filesystem>
#include <string>

namespace breakwater::app {

/// Settings as they were read, and what keeps a server from starting with them.
struct checked_config {
    config settings;
    std::vector<field_error> refused;  ///< settings that can't be read; they keep their defaults
    std::vector<std::string> problems; ///< all that is wrong, of those and of the keys and certificate files
};

/// Everything that can be known of a server's configuration without starting it. `random` makes keys that are
/// thrown away.
[[nodiscard]] checked_config check_settings(const variables& environment, const variables& file,
                                            random_source& random);

struct config_report {
    std::string text;
    bool usable = true; ///< the server would start, as far as that shows without trying
};

/// Every setting with its value and where that comes from (secrets masked), then everything that is wrong,
/// and warnings of what is allowed and unwise. `random` makes keys that are thrown away.
[[nodiscard]] config_report report_config(const variables& environment, const variables& file,
                                          random_source& random);

/// What is allowed and unwise, a sentence each.
[[nodiscard]] std::vector<std::string> warnings_of(const config& chosen);

/// Files with secrets that others on this machine may read: `env_file`, the database, key files. A sentence
/// each.
[[nodiscard]] std::vector<std::string> file_warnings(const config& chosen,
                                                     const std::filesystem::path& env_file);

} // namespace breakwater::app
