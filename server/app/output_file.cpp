#include "app/output_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace breakwater::app {

namespace {

std::unexpected<error> cannot_write(const std::filesystem::path& path) {
    const int code = errno;
    return fail(code == ENOSPC || code == EDQUOT ? errc::storage_full : errc::bad_state,
                fmt::format("Can't write {}: {}.", path.string(),
                            std::error_code{code, std::generic_category()}.message()));
}

std::unexpected<error> already_exists(const std::filesystem::path& path) {
    return fail(errc::bad_state, fmt::format("{} already exists.", path.string()));
}

} // namespace

result<output_file> output_file::open(const std::filesystem::path& path, bool overwrite) {
    if (path == "-")
        return output_file{STDOUT_FILENO, "standard output", {}, false};
    std::error_code unknown;
    if (std::filesystem::is_other(std::filesystem::status(path, unknown))) {
        const int device = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
        if (device < 0)
            return cannot_write(path);
        return output_file{device, path, {}, false};
    }
    if (std::filesystem::is_directory(path, unknown))
        return fail(errc::bad_state, fmt::format("{} is a folder.", path.string()));
    if (!overwrite && std::filesystem::exists(std::filesystem::symlink_status(path, unknown)))
        return already_exists(path);
    std::string temporary = path.string() + ".XXXXXX";
    const int descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);
    if (descriptor < 0)
        return cannot_write(path);
    return output_file{descriptor, path, std::move(temporary), overwrite};
}

output_file::output_file(output_file&& other) noexcept
    : descriptor_{std::exchange(other.descriptor_, -1)},
      path_{std::move(other.path_)},
      temporary_{std::exchange(other.temporary_, {})},
      overwrite_{other.overwrite_} {}

output_file::~output_file() {
    if (descriptor_ > STDERR_FILENO)
        ::close(descriptor_);
    if (!temporary_.empty())
        ::unlink(temporary_.c_str());
}

result<void> output_file::write(std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(descriptor_, text.data(), text.size());
        if (written < 0 && errno != EINTR)
            return cannot_write(path_);
        text.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
    return {};
}

result<void> output_file::finish() {
    if (temporary_.empty())
        return {};
    if (::fsync(descriptor_) != 0)
        return cannot_write(path_);
    const unsigned flags = overwrite_ ? 0U : unsigned{RENAME_NOREPLACE};
    if (::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, path_.c_str(), flags) != 0) {
        if (errno == EEXIST)
            return already_exists(path_);
        return cannot_write(path_);
    }
    temporary_.clear();
    return {};
}

} // namespace breakwater::app
