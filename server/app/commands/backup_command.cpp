#include "app/commands/backup_command.hpp"

#include "app/commands/outcome.hpp"
#include "app/progress.hpp"

#include <fmt/format.h>

namespace breakwater::app {

namespace {

struct interrupted {};

} // namespace

int back_up(const std::filesystem::path& to) {
    return with_core(true, [&](core& parts) {
        const interruption polite;
        result<void> done;
        try {
            progress_line line{parts.time, "pages:"};
            done = parts.store->backup(to, [&line](std::size_t copied, std::size_t total) {
                if (interruption::asked())
                    throw interrupted{}; // the only way out of a copy; it takes its file away
                line.show(copied, total);
            });
        } catch (const interrupted&) {
            return refuse({.code = errc::bad_state, .detail = "Interrupted; there is no backup."});
        }
        if (!done)
            return refuse(done.error());
        std::error_code unknown;
        fmt::print("The database is backed up in {} ({} bytes).\n", to.string(),
                   std::filesystem::file_size(to, unknown));
        remark("It holds no keys: keep those of the environment, or token-keys.json, elsewhere.");
        return exit_success;
    });
}

} // namespace breakwater::app
