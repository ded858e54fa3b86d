#include "app/commands/backup_command.hpp"

#include "app/commands/outcome.hpp"
#include "app/open_database.hpp"
#include "app/progress.hpp"

#include <fmt/format.h>

namespace breakwater::app {

namespace {

struct interrupted {};

} // namespace

int back_up(const std::filesystem::path& target) {
    return with_core(true, [&](core& parts) {
        const interruption handler;
        result<void> done;
        try {
            progress_line line{parts.time, "bytes:"};
            done = parts.store->backup(target, [&line](std::uint64_t copied, std::uint64_t total) {
                if (interruption::requested())
                    throw interrupted{}; // the only way to stop the copy, which then removes its file
                line.show(copied, total);
            });
        } catch (const interrupted&) {
            return refuse({.code = errc::bad_state, .detail = "Interrupted. No backup was created."});
        }
        if (!done)
            return refuse(done.error());
        std::error_code ignored;
        fmt::print("The backup of the database is in {} ({} bytes).\n", target.string(),
                   std::filesystem::file_size(target, ignored));
        remark("The backup contains no keys. Back up the environment or token-keys.json separately.");
        return exit_success;
    });
}

int restore(const std::filesystem::path& backup) {
    return with_config([&](const config& settings) {
        if (const auto restored = restore_database(settings, backup); !restored)
            return restored.error().code == errc::not_found || restored.error().code == errc::malformed
                       ? refuse(restored.error()) // the file is the cause, not the database
                       : refuse_database(settings, restored.error(), false);
        fmt::print("Restored {} into {}.\n", backup.string(), settings.database.shown());
        remark("The backup contains no keys. Restore the environment or token-keys.json separately.");
        return exit_success;
    });
}

} // namespace breakwater::app
