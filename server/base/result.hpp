#pragma once

#include "base/errc.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace breakwater {

/// One field of the input that was refused: where it is (`body.password`, `query.limit`) and why.
struct field_error {
    std::string loc;
    std::string msg;
};

/// The limit that was hit, for whoever hit it.
struct limit_info {
    std::string_view name; ///< of static storage: `readings`, `payload_bytes`
    std::int64_t quota = 0;
    std::int64_t left = 0;
    std::optional<std::chrono::seconds> window{}; ///< in which the quota holds; none: of each call
};

/// An expected failure. `detail` is one human sentence that may be shown to whoever asked; whatever an
/// outsider must not learn goes into the log instead.
struct error {
    errc code = errc::internal;
    std::string detail;
    std::vector<field_error> fields{}; ///< set with `errc::invalid_input`: every bad field at once
    std::optional<std::chrono::seconds> retry_after{}; ///< set with `rate_limited` and `overloaded`
    std::optional<limit_info> limit{};                 ///< set with `rate_limited` and `too_large`
};

template <class T>
using result = std::expected<T, error>;

/// `return fail(errc::not_found, "Device not found.");`
[[nodiscard]] inline std::unexpected<error> fail(errc code, std::string detail) {
    return std::unexpected(error{.code = code, .detail = std::move(detail)});
}

[[nodiscard]] inline std::unexpected<error> fail_later(errc code, std::string detail,
                                                       std::chrono::seconds retry_after) {
    return std::unexpected(error{.code = code, .detail = std::move(detail), .retry_after = retry_after});
}

/// Passes the failure of one result on as the failure of another.
template <class T>
[[nodiscard]] std::unexpected<error> pass(result<T>&& failed) {
    return std::unexpected(std::move(failed).error());
}

} // namespace breakwater
