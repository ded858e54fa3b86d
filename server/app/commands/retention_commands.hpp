#pragma once

namespace breakwater::app {

/// Confirms the clock after a jump paused retention. It changes the database and needs the server stopped.
/// Returns the exit code.
int release_retention();

} // namespace breakwater::app
