#include "app/terminal.hpp"

#include "base/thread.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <poll.h>
#include <pthread.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

namespace breakwater::app {

namespace {

constexpr std::size_t max_answer_bytes = 1024;

/// The length in bytes of an unsafe character at the front; 0 if that character is safe.
std::size_t unsafe_length(std::string_view text) {
    const auto first = static_cast<unsigned char>(text.front());
    if (first < 0x20 || first == 0x7f)
        return 1;
    if (first == 0xc2 && text.size() > 1 && static_cast<unsigned char>(text[1]) < 0xa0)
        return 2; // C1 controls
    for (const std::string_view mark : {"\u200e", "\u200f", "\u2028", "\u2029", "\u202a", "\u202b", "\u202c",
                                        "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"})
        if (text.starts_with(mark))
            return mark.size();
    return 0;
}

std::size_t width(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

/// Turns the echo of the terminal off. It delays signals that would end or stop the process until the echo is
/// on again. Other threads never receive these signals: see start_thread.
class quiet_terminal {
public:
    explicit quiet_terminal(bool secret) {
        const sigset_t delayed = process_signals();
        pthread_sigmask(SIG_BLOCK, &delayed, &previous_mask_);
        signals_ = ::signalfd(-1, &delayed, SFD_CLOEXEC);
        if (::tcgetattr(STDIN_FILENO, &attributes_) == 0 && secret) {
            termios no_echo = attributes_;
            no_echo.c_lflag &= ~static_cast<tcflag_t>(ECHO);
            quiet_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &no_echo) == 0;
        }
    }
    ~quiet_terminal() {
        if (quiet_) {
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &attributes_);
            (void)std::fputc('\n', stderr);
        }
        ::close(signals_);
        pthread_sigmask(SIG_SETMASK, &previous_mask_, nullptr); // pending signals now take effect
    }
    quiet_terminal(const quiet_terminal&) = delete;
    quiet_terminal& operator=(const quiet_terminal&) = delete;

    /// Waits for input. Returns false if a signal arrived.
    [[nodiscard]] bool wait() const {
        std::array<pollfd, 2> both{{{STDIN_FILENO, POLLIN, 0}, {signals_, POLLIN, 0}}};
        while (::poll(both.data(), both.size(), -1) < 0 && errno == EINTR) {
        }
        return both[1].revents == 0;
    }

private:
    int signals_ = -1; ///< polled but never read, so that the signal stays pending
    sigset_t previous_mask_{};
    termios attributes_{};
    bool quiet_ = false;
};

} // namespace

std::string printable(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t length = unsafe_length(text);
        out += length > 0 ? '?' : text.front();
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return out;
}

std::string as_table(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], width(row[i]));
    }
    std::string out;
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            out += row[i];
            if (i + 1 < row.size())
                out.append(widths[i] - width(row[i]) + 2, ' ');
        }
        out += '\n';
    }
    return out;
}

result<std::string> read_answer(std::string_view prompt, bool secret) {
    if (::isatty(STDIN_FILENO) == 0)
        return fail(errc::bad_state, "There is no terminal for the answer.");
    for (;;) {
        const quiet_terminal quiet{secret}; // before the prompt: it discards earlier input
        fmt::print(stderr, "{}", prompt);
        (void)std::fflush(stderr);
        if (!quiet.wait())
            continue; // after a stop and a continue, prompt again
        std::array<char, max_answer_bytes> line{};
        const auto count = ::read(STDIN_FILENO, line.data(), line.size()); // a terminal returns one line
        if (count <= 0 || line[static_cast<std::size_t>(count) - 1] != '\n')
            return fail(errc::bad_state, "No answer was given.");
        return std::string{line.data(), static_cast<std::size_t>(count) - 1};
    }
}

} // namespace breakwater::app
