#pragma once

#include <csignal>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>

namespace breakwater {

/// The signals that speak to the whole process and mean that it should end, stop or reload: SIGINT, SIGTERM,
/// SIGHUP, SIGQUIT and SIGTSTP.
[[nodiscard]] sigset_t process_signals() noexcept;

/// Who gives way where the processors are short, so that what is short and many, the uploads, doesn't wait
/// for what is long: `background` is nicer by 5, `long_running` by 10.
enum class thread_priority : std::uint8_t { normal, background, long_running };

/// Starts `work` on a thread that debuggers and top show as `name` (its first 15 bytes). The
/// `process_signals` stay blocked on it, so that they interrupt the thread that waits for them and never one
/// in the midst of a write. What `work` throws ends
/// the process. Throws std::system_error where no thread can be had.
[[nodiscard]] std::thread start_thread(std::string name, std::function<void()> work,
                                       thread_priority priority = thread_priority::normal);

} // namespace breakwater
