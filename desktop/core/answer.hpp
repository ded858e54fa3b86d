#pragma once

#include <QString>

#include <expected>
#include <functional>

namespace breakwater::desktop {

/// Why a call failed.
struct ApiError {
    int status = 0;            ///< HTTP status; 0 if the server was unreachable or its response invalid
    QString detail;            ///< plain text for the user; from the server if it sent one
    int retryAfterSeconds = 0; ///< 0: the server sent none
    bool unreachable = false;  ///< a retry later may succeed

    /// Whether the server lacks this endpoint, as other server implementations may. Status 422: such a server
    /// parses the last path segment as an id.
    [[nodiscard]] bool isMissing() const { return status == 404 || status == 405 || status == 422; }
};

template <class T>
using Answer = std::expected<T, ApiError>;

template <class T>
using Done = std::function<void(Answer<T>)>;

} // namespace breakwater::desktop
