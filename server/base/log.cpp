#include "base/log.hpp"

#include "base/clock.hpp"
#include "base/json_text.hpp"
#include "base/time.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>

namespace breakwater::log {

namespace {

std::atomic<bool> as_json{false};

spdlog::logger& logger() {
    static spdlog::logger instance = [] {
        spdlog::logger configured{"breakwater", std::make_shared<spdlog::sinks::stderr_color_sink_mt>()};
        configured.set_pattern("%^%H:%M:%S %L%$ %v");
        configured.set_level(spdlog::level::warn);
        configured.flush_on(spdlog::level::info);
        return configured;
    }();
    return instance;
}

spdlog::level::level_enum to_spdlog(level at) {
    switch (at) {
    case level::debug: return spdlog::level::debug;
    case level::info: return spdlog::level::info;
    case level::warning: return spdlog::level::warn;
    case level::error: return spdlog::level::err;
    }
    return spdlog::level::err;
}

std::string_view name_of(level at) {
    switch (at) {
    case level::debug: return "debug";
    case level::info: return "info";
    case level::warning: return "warning";
    case level::error: return "error";
    }
    return "error";
}

} // namespace

void start(level threshold, bool json_lines) {
    as_json.store(json_lines, std::memory_order_relaxed);
    logger().set_level(to_spdlog(threshold));
    if (json_lines)
        logger().set_pattern("%v");
}

void write(level at, std::string_view message, std::initializer_list<field> fields) {
    if (!logger().should_log(to_spdlog(at)))
        return;
    std::string line;
    if (as_json.load(std::memory_order_relaxed)) {
        line += R"({"time":")";
        append_rfc3339(line, system_clock{}.now());
        line += R"(","level":")";
        line += name_of(at);
        line += R"(","message":)";
        append_json_string(line, message);
        for (const auto& [name, value] : fields) {
            line += ',';
            append_json_string(line, name);
            line += ':';
            append_json_string(line, value);
        }
        line += '}';
    } else {
        line = message;
        for (const auto& [name, value] : fields) {
            line += "  ";
            line += name;
            line += '=';
            // JSON quoting: a value from outside must not forge a line or control the terminal.
            append_json_string(line, value);
        }
    }
    logger().log(to_spdlog(at), line);
}

} // namespace breakwater::log
