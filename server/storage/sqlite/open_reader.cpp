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
        return {}; // to be made, or told by the open that follows
    std::array<char, magic.size()> header{};
    const auto got = ::pread(fd, header.data(), header.size(), 0);
    ::close(fd);
    if (got <= 0 || std::string_view{header.data(), static_cast<std::size_t>(got)} == magic)
        return {};
    return fail(errc::invalid_input, file.string() + " is not a SQLite database; it was left as it is.");
}

result<std::unique_ptr<connection>> open_reader(const connection::settings& chosen) {
    if (::access(chosen.file.c_str(), R_OK) != 0)
        return fail(errc::storage_unavailable,
                    "Can't open " + chosen.file.string() + ": " + std::strerror(errno) + '.');
    if (auto fits = refuse_other_files(chosen.file); !fits)
        return pass(std::move(fits));
    auto db = connection::open(chosen);
    if (!db)
        return db;
    if (auto fits = require_migrated(**db); !fits)
        return pass(std::move(fits));
    return db;
}

} // namespace breakwater::storage::sqlite
