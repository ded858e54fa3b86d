#pragma once

#include <csignal>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>

namespace breakwater {

/// The signals that ask the whole process to end, stop or reload: SIGINT, SIGTERM, SIGHUP, SIGQUIT and
/// SIGTSTP.
[[nodiscard]] sigset_t process_signals() noexcept;

/// The scheduling priority under load. Many short tasks (uploads) must not wait for long ones. `normal` asks
/// the kernel for short time slices, so that the thread runs as soon as it has work (Linux 6.12 or newer;
/// older kernels ignore this). `background` adds 5 to the nice value, `long_running` adds 10.
enum class thread_priority : std::uint8_t { normal, background, long_running };

/// Starts `work` on a thread that debuggers and top show as `name` (its first 15 bytes). The thread blocks
/// the `process_signals`, so that they interrupt the thread that waits for them and never a write. An
/// exception from `work` ends the process. Throws std::system_error if no thread can be created.
[[nodiscard]] std::thread start_thread(std::string name, std::function<void()> work,
                                       thread_priority priority = thread_priority::normal);

} // namespace breakwater
