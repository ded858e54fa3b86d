#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace breakwater::app {

/// The output of a command: standard output (`-`), an existing device or pipe, or a new file of mode 0600.
/// The new file appears under its name only when it is complete.
class output_file {
public:
    /// `bad_state` if the file exists and `overwrite` is not set, or if it can't be created.
    static result<output_file> open(const std::filesystem::path& path, bool overwrite);
    ~output_file();
    output_file(output_file&& other) noexcept;
    output_file(const output_file&) = delete;
    output_file& operator=(const output_file&) = delete;
    output_file& operator=(output_file&&) = delete;

    /// Whether an incomplete file must be removed after a failure.
    [[nodiscard]] bool is_new_file() const noexcept { return !temporary_.empty(); }
    /// Errors: `storage_full` or `bad_state`, with the reason.
    result<void> write(std::string_view text);
    /// Syncs the file and gives it its name.
    result<void> finish();

private:
    output_file(int descriptor, std::filesystem::path path, std::string temporary, bool overwrite)
        : descriptor_{descriptor},
          path_{std::move(path)},
          temporary_{std::move(temporary)},
          overwrite_{overwrite} {}

    int descriptor_;
    std::filesystem::path path_;
    std::string temporary_; ///< name of the incomplete file; empty if the target is written directly
    bool overwrite_;
};

} // namespace breakwater::app
