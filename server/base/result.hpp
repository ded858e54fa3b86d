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

/// One refused input field: its location (`body.password`, `query.limit`) and the reason.
struct field_error {
    std::string loc;
    std::string msg;
};

/// The limit that the client exceeded.
struct limit_info {
    std::string_view name; ///< in static storage: `readings`, `payload_bytes`
    std::int64_t quota = 0;
    std::int64_t remaining = 0;
    std::optional<std::chrono::seconds> window{}; ///< none: the quota applies to each call
};

/// An expected failure. `detail` is one sentence that the client may see. Information that clients must not
/// see goes into the log.
struct error {
    errc code = errc::internal;
    std::string detail;
    std::vector<field_error> fields{};                 ///< set with `errc::invalid_input`: all refused fields
    std::optional<std::chrono::seconds> retry_after{}; ///< set with `rate_limited` and `overloaded`
    std::optional<limit_info> limit{}; ///< set with `rate_limited`, `too_large` and exceeded quotas
};

template <class T>
using result = std::expected<T, error>;

/// `return fail(errc::not_found, "Device not found.");`
[[nodiscard]] inline std::unexpected<error> fail(errc code, std::string detail) {
    return std::unexpected(error{.code = code, .detail = std::move(detail)});
}

[[nodiscard]] inline std::unexpected<error> fail_with_retry(errc code, std::string detail,
                                                            std::chrono::seconds retry_after) {
    return std::unexpected(error{.code = code, .detail = std::move(detail), .retry_after = retry_after});
}

/// Converts a failed result into the failure of another result type.
template <class T>
[[nodiscard]] std::unexpected<error> pass(result<T>&& failure) {
    return std::unexpected(std::move(failure).error());
}

} // namespace breakwater
