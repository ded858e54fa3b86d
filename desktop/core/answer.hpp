#pragma once

#include <QString>

#include <expected>
#include <functional>

namespace breakwater::desktop {

/// Why a call failed, in a sentence for people.
struct ApiError {
    int status = 0;            ///< of HTTP; 0 where the server could not be reached or its answer not be read
    QString detail;            ///< plain text, of the server where it said something
    int retryAfterSeconds = 0; ///< 0: not said
    bool unreachable = false;  ///< trying again later may help

    /// The server has no such call, as one of another make hasn't. (Where it takes the last part of the
    /// address for an id, it calls that unprocessable.)
    [[nodiscard]] bool isMissing() const { return status == 404 || status == 405 || status == 422; }
};

template <class T>
using Answer = std::expected<T, ApiError>;

template <class T>
using Done = std::function<void(Answer<T>)>;

} // namespace breakwater::desktop
