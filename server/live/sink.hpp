#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace breakwater::live {

/// Why the server ends a live connection.
enum class close_reason : std::uint8_t {
    unauthenticated, ///< the credential is missing, invalid or revoked
    too_late,        ///< the first message did not arrive in time
    too_many,        ///< there are too many live connections
    unavailable,     ///< the server can't check the credential at the moment
    policy,          ///< the client sends too much or reads too little
};

/// The open connection of a live client, over any protocol. Use it on its I/O thread only.
class sink {
public:
    /// The bytes of a message, in pieces, and the objects that keep these bytes alive until they are sent.
    struct parts {
        std::vector<std::string_view> bytes;
        std::vector<std::shared_ptr<const void>> owners;
    };

    virtual ~sink() = default;
    /// Whether `send` may be called: the connection is open and no message is being sent.
    [[nodiscard]] virtual bool is_ready() const noexcept = 0;
    /// Sends the parts as one message, then calls `live_session::sent`. REQUIRES: `is_ready()`, and the parts
    /// together are valid UTF-8.
    virtual void send(parts message) = 0;
    /// Waits for the current message, then closes. `detail`: a sentence for the client; the client receives
    /// at most 123 bytes of it.
    virtual void close(close_reason reason, std::string_view detail) = 0;
};

} // namespace breakwater::live
