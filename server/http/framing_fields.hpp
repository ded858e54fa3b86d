#pragma once

#include "http/request_validator.hpp"

namespace breakwater::http {

/// The part of the request validator for the fields that define the length and the host of the request: Host,
/// Content-Length, Transfer-Encoding, Connection, Expect.
class framing_fields {
public:
    /// REQUIRES: the request line of `head` is parsed already.
    explicit framing_fields(request_head& head) noexcept : head_{head} {}

    /// Checks the next field. Accepts all fields but those five.
    [[nodiscard]] verdict check(const request_head::field& field) noexcept;
    /// Checks the fields against each other, after the last one.
    [[nodiscard]] verdict conclude(const request_limits& limits) noexcept;

private:
    verdict check_host(std::string_view value) noexcept;
    verdict check_content_length(std::string_view value) noexcept;
    verdict check_transfer_encoding(std::string_view value) noexcept;
    void read_connection(std::string_view value) noexcept;
    verdict check_expect(std::string_view value) noexcept;

    request_head& head_;
    std::string_view host_{};
    bool has_host_ = false;
    bool has_length_ = false;
    bool has_transfer_encoding_ = false;
    bool has_close_ = false;
    bool has_keep_alive_ = false;
};

} // namespace breakwater::http
