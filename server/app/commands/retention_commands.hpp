#pragma once

namespace breakwater::app {

/// Says that the clock is right, where retention waits for that because the clock jumped. It changes the
/// database and so needs it alone. The process's exit code.
int release_retention();

} // namespace breakwater::app
