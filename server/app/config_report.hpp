#pragma once

#include "app/config.hpp"
#include "base/random.hpp"

#include <filesystem>
#include <string>

namespace breakwater::app {

/// The settings and the problems that prevent a server from starting with them.
struct checked_config {
    config settings;
    std::vector<field_error> invalid;  ///< settings with invalid values; they keep their defaults
    std::vector<std::string> problems; ///< all problems of the settings, the keys and the certificate files
};

/// Checks a configuration without starting a server. Generates temporary keys from `random`.
[[nodiscard]] checked_config check_settings(const variables& environment, const variables& file,
                                            random_source& random);

struct config_report {
    std::string text;
    bool usable = true; ///< no problem was found that would prevent the start
};

/// A table of all settings with their values and sources (secrets masked), followed by all errors and
/// warnings. Generates temporary keys from `random`.
[[nodiscard]] config_report report_config(const variables& environment, const variables& file,
                                          random_source& random);

/// Settings that are allowed but unsafe, one sentence each.
[[nodiscard]] std::vector<std::string> warnings_of(const config& settings);

/// Files with secrets that other users of this machine can read: `env_file`, the database, key files. One
/// sentence each.
[[nodiscard]] std::vector<std::string> file_warnings(const config& settings,
                                                     const std::filesystem::path& env_file);

} // namespace breakwater::app
