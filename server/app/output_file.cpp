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

std::unexpected<error> cannot_write(const std::filesystem::path& to) {
    const int why = errno;
    return fail(why == ENOSPC || why == EDQUOT ? errc::storage_full : errc::bad_state,
                fmt::format("Can't write {}: {}.", to.string(),
                            std::error_code{why, std::generic_category()}.message()));
}

std::unexpected<error> already_there(const std::filesystem::path& to) {
    return fail(errc::bad_state, fmt::format("{} exists already.", to.string()));
}

} // namespace

result<output_file> output_file::open(const std::filesystem::path& to, bool overwrite) {
    if (to == "-")
        return output_file{STDOUT_FILENO, "standard output", {}, false};
    std::error_code unknown;
    if (std::filesystem::is_other(std::filesystem::status(to, unknown))) {
        const int device = ::open(to.c_str(), O_WRONLY | O_CLOEXEC);
        if (device < 0)
            return cannot_write(to);
        return output_file{device, to, {}, false};
    }
    if (std::filesystem::is_directory(to, unknown))
        return fail(errc::bad_state, fmt::format("{} is a folder.", to.string()));
    if (!overwrite && std::filesystem::exists(std::filesystem::symlink_status(to, unknown)))
        return already_there(to);
    std::string temporary = to.string() + ".XXXXXX";
    const int descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);
    if (descriptor < 0)
        return cannot_write(to);
    return output_file{descriptor, to, std::move(temporary), overwrite};
}

output_file::output_file(output_file&& other) noexcept
    : descriptor_{std::exchange(other.descriptor_, -1)},
      to_{std::move(other.to_)},
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
            return cannot_write(to_);
        text.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
    return {};
}

result<void> output_file::finish() {
    if (temporary_.empty())
        return {};
    if (::fsync(descriptor_) != 0)
        return cannot_write(to_);
    const unsigned flags = overwrite_ ? 0U : unsigned{RENAME_NOREPLACE};
    if (::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, to_.c_str(), flags) != 0) {
        if (errno == EEXIST)
            return already_there(to_);
        return cannot_write(to_);
    }
    temporary_.clear();
    return {};
}

} // namespace breakwater::app
