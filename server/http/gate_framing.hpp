#pragma once

#include "http/gate.hpp"

namespace breakwater::http {

/// The part of the gate that looks at the fields which say where the request ends and whom it is for: Host,
/// Content-Length, Transfer-Encoding, Connection, Expect.
class framing_fields {
public:
    /// `head` has its request line read already.
    explicit framing_fields(request_head& head) noexcept : head_{head} {}

    /// Takes the next field; others than those five pass.
    [[nodiscard]] verdict note(const request_head::field& field) noexcept;
    /// After the last one: do they make sense together?
    [[nodiscard]] verdict conclude(const gate_limits& limits) noexcept;

private:
    verdict note_host(std::string_view value) noexcept;
    verdict note_content_length(std::string_view value) noexcept;
    verdict note_transfer_encoding(std::string_view value) noexcept;
    void note_connection(std::string_view value) noexcept;
    verdict note_expect(std::string_view value) noexcept;

    request_head& head_;
    std::string_view host_{};
    bool has_host_ = false;
    bool has_length_ = false;
    bool has_coding_ = false;
    bool says_close_ = false;
    bool says_keep_alive_ = false;
};

} // namespace breakwater::http
