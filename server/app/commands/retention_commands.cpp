#include "app/commands/retention_commands.hpp"

#include "app/commands/outcome.hpp"
#include "services/clock_watch.hpp"

namespace breakwater::app {

int release_retention() {
    return with_core(false, [](core& parts) {
        // As the server does at its start: a jump since it was stopped is on record before it is confirmed.
        services::clock_watch clocks{{*parts.store, *parts.audit, parts.time}};
        if (const auto started = clocks.start(); !started)
            return refuse(started.error());
        if (const auto done = clocks.release(operator_at_the_shell("retention release")); !done)
            return refuse(done.error());
        remark("The clock is confirmed: what is too old goes once the server runs.");
        return exit_success;
    });
}

} // namespace breakwater::app
