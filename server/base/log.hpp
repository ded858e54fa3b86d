#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace breakwater::log {

enum class level { debug, info, warning, error };

/// A name and its value; values are text already, and never a secret.
using field = std::pair<std::string_view, std::string>;

/// Call once at start-up. On a terminal lines are for reading, elsewhere each is one JSON object on standard
/// error; before the call nothing below a warning is written. Lines below `threshold` are dropped.
void start(level threshold, bool json_lines);

/// `log::write(log::level::info, "listening", {{"address", "127.0.0.1:8000"}});` Any thread may call.
void write(level at, std::string_view message, std::initializer_list<field> fields = {});

} // namespace breakwater::log
