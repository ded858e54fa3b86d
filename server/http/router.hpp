#pragma once

#include "http/route.hpp"

#include <memory>
#include <string>
#include <vector>

namespace breakwater::http {

/// Finds the route for a request. Immutable; all threads may share it.
class router {
public:
    /// Throws std::logic_error if two rows have the same method and path, or if a path is malformed.
    explicit router(std::vector<route> table);
    ~router();
    router(const router&) = delete;
    router& operator=(const router&) = delete;

    struct match {
        const route* row = nullptr; ///< null: 404 if `allow` is empty, otherwise 405
        std::string allow;          ///< value of `Allow`: the path's methods, including HEAD and OPTIONS
        std::vector<std::string> parameters;
        std::string_view name{}; ///< `GET /devices/{id}`, for logs, metrics and audit
        std::size_t index = 0;   ///< of the row in the table
    };
    /// `path` is percent-encoded and begins with `/`. HEAD finds the row of GET. A segment with an encoded
    /// slash, a NUL or invalid UTF-8 matches nothing.
    [[nodiscard]] match find(method verb, std::string_view path) const;

    [[nodiscard]] const std::vector<route>& table() const noexcept;
    /// The name of the row with this index, such as `GET /devices/{id}`.
    [[nodiscard]] std::string_view name(std::size_t index) const noexcept;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace breakwater::http
