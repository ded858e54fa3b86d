#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace breakwater::app {

/// Where an answer goes: standard output (`-`), a device or pipe that is there, or a new file of mode 0600
/// that appears under its name once it is whole, and not at all where it never was.
class output_file {
public:
    /// `bad_state` where the file exists and `overwrite` is not set, or can't be made.
    static result<output_file> open(const std::filesystem::path& to, bool overwrite);
    ~output_file();
    output_file(output_file&& other) noexcept;
    output_file(const output_file&) = delete;
    output_file& operator=(const output_file&) = delete;
    output_file& operator=(output_file&&) = delete;

    /// Whether something half-written would have to be taken away.
    [[nodiscard]] bool is_new_file() const noexcept { return !temporary_.empty(); }
    /// `storage_full` or `bad_state` with the reason.
    result<void> write(std::string_view text);
    /// Puts it on disk and gives it its name.
    result<void> finish();

private:
    output_file(int descriptor, std::filesystem::path to, std::string temporary, bool overwrite)
        : descriptor_{descriptor},
          to_{std::move(to)},
          temporary_{std::move(temporary)},
          overwrite_{overwrite} {}

    int descriptor_;
    std::filesystem::path to_;
    std::string temporary_; ///< empty: it is written to directly
    bool overwrite_;
};

} // namespace breakwater::app
