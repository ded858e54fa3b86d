#include "app/commands/retention_commands.hpp"

#include "app/commands/outcome.hpp"
#include "services/clock_watch.hpp"

namespace breakwater::app {

int release_retention() {
    return with_core(false, [](core& parts) {
        // Like the server at its start, record a jump since the last run before confirming the clock.
        services::clock_watch clocks{{*parts.store, parts.audit, parts.time}};
        if (const auto started = clocks.start(); !started)
            return refuse(started.error());
        if (const auto done = clocks.release(operator_at_the_shell("retention release")); !done)
            return refuse(done.error());
        remark("The clock is confirmed. The server removes old data when it runs again.");
        return exit_success;
    });
}

} // namespace breakwater::app
