#include "storage/sqlite/open_reader.hpp"

#include "storage/sqlite/migrations.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

namespace breakwater::storage::sqlite {

result<void> refuse_other_files(const std::filesystem::path& file) {
    constexpr std::string_view magic{"SQLite format 3\0", 16};
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return {}; // the file doesn't exist yet, or the following open reports the error
    std::array<char, magic.size()> header{};
    const auto length = ::pread(fd, header.data(), header.size(), 0);
    ::close(fd);
    if (length <= 0 || std::string_view{header.data(), static_cast<std::size_t>(length)} == magic)
        return {};
    return fail(errc::invalid_input, file.string() + " is not a SQLite database. It was not changed.");
}

result<std::unique_ptr<connection>> open_reader(const connection::settings& options) {
    if (::access(options.file.c_str(), R_OK) != 0)
        return fail(errc::storage_unavailable,
                    "Can't open " + options.file.string() + ": " + std::strerror(errno) + '.');
    if (auto checked = refuse_other_files(options.file); !checked)
        return pass(std::move(checked));
    auto db = connection::open(options);
    if (!db)
        return db;
    if (auto checked = require_migrated(**db); !checked)
        return pass(std::move(checked));
    return db;
}

} // namespace breakwater::storage::sqlite
