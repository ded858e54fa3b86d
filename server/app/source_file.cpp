#include "app/source_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace breakwater::app {

namespace {

constexpr std::size_t buffer_size = std::size_t{256} << 10;

std::span<const std::uint8_t> bytes_of(const char* begin, std::size_t count) noexcept {
    return {reinterpret_cast<const std::uint8_t*>(begin), count};
}

} // namespace

result<std::unique_ptr<source_file>> source_file::open(const std::string& path, std::string_view seed) {
    const int descriptor = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return fail(errc::bad_state, fmt::format("Can't read {}: {}.", path, std::strerror(errno)));
    return std::unique_ptr<source_file>{new source_file{descriptor, seed}};
}

source_file::source_file(int descriptor, std::string_view seed)
    : descriptor_{descriptor}, buffer_(buffer_size) {
    digest_.add(bytes_of(seed.data(), seed.size()));
    setg(buffer_.data(), buffer_.data(), buffer_.data());
}

source_file::~source_file() {
    if (descriptor_ != STDIN_FILENO)
        ::close(descriptor_);
}

std::span<const std::uint8_t> source_file::consumed() const noexcept {
    return bytes_of(eback(), static_cast<std::size_t>(gptr() - eback()));
}

std::uint64_t source_file::position() const noexcept {
    return before_ + consumed().size();
}

crypto::sha256_digest source_file::digest() const {
    return digest_.digest_with(consumed());
}

void source_file::skip_to(std::uint64_t offset) {
    while (position() < offset && underflow() != traits_type::eof()) {
        const auto buffered = static_cast<std::uint64_t>(egptr() - gptr());
        gbump(static_cast<int>(std::min(buffered, offset - position())));
    }
}

std::uint64_t source_file::size() const noexcept {
    struct stat file{};
    return ::fstat(descriptor_, &file) == 0 && S_ISREG(file.st_mode)
               ? static_cast<std::uint64_t>(file.st_size)
               : 0;
}

source_file::int_type source_file::underflow() {
    if (gptr() != egptr())
        return traits_type::to_int_type(*gptr());
    digest_.add(consumed());
    before_ += consumed().size();
    ssize_t count = 0;
    do
        count = ::read(descriptor_, buffer_.data(), buffer_.size());
    while (count < 0 && errno == EINTR);
    if (count < 0)
        failure_ = errno;
    setg(buffer_.data(), buffer_.data(), buffer_.data() + std::max<ssize_t>(count, 0));
    return count > 0 ? traits_type::to_int_type(*gptr()) : traits_type::eof();
}

} // namespace breakwater::app
