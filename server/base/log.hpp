#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace breakwater::log {

enum class level { debug, info, warning, error };

/// A name and its value as text. The value must never be a secret.
using field = std::pair<std::string_view, std::string>;

/// Configures the log; call once at start-up. Lines go to standard error, as text for a terminal or (with
/// `json_lines`) as one JSON object each. Lines below `threshold` are dropped; before this call, lines below
/// `warning`.
void start(level threshold, bool json_lines);

/// `log::write(log::level::info, "listening", {{"address", "127.0.0.1:8000"}});` Any thread may call.
void write(level at, std::string_view message, std::initializer_list<field> fields = {});

} // namespace breakwater::log
