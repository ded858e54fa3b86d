#pragma once

#include "base/errc.hpp"

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace breakwater {

/// One field of the input that was refused: where it is (`body.password`, `query.limit`) and why.
struct field_error {
    std::string loc;
    std::string msg;
};

/// An expected failure. `detail` is one human sentence that may be shown to whoever asked; whatever an
/// outsider must not learn goes into the log instead.
struct error {
    errc code = errc::internal;
    std::string detail;
    std::vector<field_error> fields{}; ///< set with `errc::invalid_input`: every bad field at once
    std::optional<std::chrono::seconds> retry_after{}; ///< set with `rate_limited` and `overloaded`
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
