#pragma once

#include "storage/sqlite/connection.hpp"

#include <filesystem>
#include <functional>

namespace breakwater::storage::sqlite {

/// Implements `database::backup` with a connection of its own.
result<void> copy_database(const connection::settings& source, const std::filesystem::path& target,
                           std::move_only_function<void(std::size_t, std::size_t)> progress);

} // namespace breakwater::storage::sqlite
