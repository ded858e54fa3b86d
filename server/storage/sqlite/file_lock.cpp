#include "storage/sqlite/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

namespace breakwater::storage::sqlite {

namespace {

std::string holder_of(int fd) {
    std::array<char, 20> text{};
    const auto length = ::pread(fd, text.data(), text.size(), 0);
    std::string digits{text.data(), length > 0 ? static_cast<std::size_t>(length) : 0};
    digits.resize(std::min(digits.size(), digits.find_first_not_of("0123456789")));
    return digits.empty() ? digits : " (process " + digits + ")";
}

} // namespace

result<file_lock> file_lock::acquire(const std::filesystem::path& database) {
    auto path = database;
    path += ".lock";
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return fail(errc::storage_unavailable,
                    "Can't open " + path.string() + ": " + std::strerror(errno) + ".");
    file_lock held{fd};
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK)
            return fail(errc::storage_unavailable,
                        "Can't lock " + path.string() + ": " + std::strerror(errno) + ".");
        return fail(errc::storage_unavailable, "A Breakwater server" + holder_of(fd) + " is running on " +
                                                   database.string() +
                                                   ". Stop it first, or use its API instead.");
    }
    // The process id is needed only for the error above, so a failure to write it is ignored.
    const std::string holder = std::to_string(::getpid());
    if (::ftruncate(fd, 0) == 0)
        (void)!::pwrite(fd, holder.data(), holder.size(), 0);
    return held;
}

file_lock::~file_lock() {
    if (fd_ >= 0)
        ::close(fd_);
}

} // namespace breakwater::storage::sqlite
