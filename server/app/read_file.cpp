#include "app/read_file.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace breakwater::app {

namespace {

std::unexpected<error> cannot_read(const std::string& name) {
    const std::error_code reason{errno, std::generic_category()};
    return fail(errno == ENOENT ? errc::not_found : errc::bad_state,
                fmt::format("Can't read {}: {}.", name, reason.message()));
}

} // namespace

result<std::string> read_descriptor(int descriptor, std::size_t max_bytes, const std::string& name) {
    std::string text;
    std::array<char, 4096> buffer{};
    for (;;) {
        const auto count = ::read(descriptor, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return cannot_read(name);
        if (count == 0)
            return text;
        text.append(buffer.data(), static_cast<std::size_t>(count));
        if (text.size() > max_bytes)
            return fail(errc::too_large, fmt::format("{} has more than {} bytes.", name, max_bytes));
    }
}

result<std::string> read_file(const std::filesystem::path& file, std::size_t max_bytes) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return cannot_read(file.string());
    auto text = read_descriptor(descriptor, max_bytes, file.string());
    ::close(descriptor);
    return text;
}

} // namespace breakwater::app
