#pragma once

#include "storage/sqlite/connection.hpp"

#include <filesystem>
#include <functional>

namespace breakwater::storage::sqlite {

/// As `database::backup`, over a connection of its own.
result<void> copy_database(const connection::settings& from, const std::filesystem::path& to,
                           std::move_only_function<void(std::size_t, std::size_t)> progress);

} // namespace breakwater::storage::sqlite
