#pragma once

#include <csignal>
#include <functional>
#include <string>
#include <thread>

namespace breakwater {

/// The signals that speak to the whole process and mean that it should end, stop or reload: SIGINT, SIGTERM,
/// SIGHUP, SIGQUIT and SIGTSTP.
[[nodiscard]] sigset_t process_signals() noexcept;

/// `background`: it gives way where the processors are short (nicer by 5), so that what is short and many,
/// the uploads, doesn't wait for what is long.
enum class thread_priority : bool { normal, background };

/// Starts `work` on a thread that debuggers and top show as `name` (its first 15 bytes). The
/// `process_signals` stay blocked on it, so that they interrupt the thread that waits for them and never one
/// in the midst of a write. What `work` throws ends
/// the process. Throws std::system_error where no thread can be had.
[[nodiscard]] std::thread start_thread(std::string name, std::function<void()> work,
                                       thread_priority priority = thread_priority::normal);

} // namespace breakwater
