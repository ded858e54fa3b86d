#pragma once

#include "http/route.hpp"

#include <memory>
#include <string>
#include <vector>

namespace breakwater::http {

/// Finds the row for a request. Immutable once made, shared by all threads.
class router {
public:
    /// Throws std::logic_error where two rows collide.
    explicit router(std::vector<route> table);
    ~router();
    router(const router&) = delete;
    router& operator=(const router&) = delete;

    struct match {
        const route* row = nullptr; ///< none: 404 where `allow` is empty too, else 405
        std::string allow;          ///< the methods this path takes, for `Allow`; HEAD and OPTIONS included
        std::vector<std::string> parameters;
        std::string_view name{}; ///< `GET /devices/{id}`, for logs, metrics and audit
        std::size_t index = 0;   ///< of the row in the table
    };
    /// `path` is percent-encoded still and begins with `/`. HEAD finds the row of GET. An encoded slash, a
    /// NUL or text that isn't UTF-8 in a segment finds nothing.
    [[nodiscard]] match find(method verb, std::string_view path) const;

    [[nodiscard]] const std::vector<route>& table() const noexcept;
    /// `GET /devices/{id}` of the row with that index.
    [[nodiscard]] std::string_view name(std::size_t index) const noexcept;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace breakwater::http
