#pragma once

#include "base/clock.hpp"
#include "http/access.hpp"
#include "services/token_service.hpp"
#include "storage/audit_recorder.hpp"
#include "storage/device_registry.hpp"
#include "storage/user_registry.hpp"

#include <string_view>

namespace breakwater::api {

/// The token of `Authorization: Bearer …` (RFC 6750 section 2.1); nothing where there is no such field.
[[nodiscard]] std::optional<std::string_view> bearer_token(const http::request& asked) noexcept;

/// Tokens against the registries, and every refusal on record.
class access final : public http::access_policy {
public:
    struct parts {
        const services::token_service& tokens;
        const storage::user_registry& users;
        const storage::device_registry& devices;
        storage::audit_recorder& audit;
        const clock& time;
    };
    explicit access(const parts& with) : with_{with} {}

    result<http::principal> admit(http::credential needed, const http::request& asked) const override;
    /// The person of an access token.
    [[nodiscard]] result<http::principal> person(std::string_view token) const;
    result<void> still_admitted(const http::principal& who) const override;
    void refused(const http::request& asked, const error& why, http::respond done) const override;
    void turned_away(std::string_view client_address, std::string_view reason) const override;

private:
    [[nodiscard]] result<http::principal> device(std::string_view token) const;

    parts with_;
};

} // namespace breakwater::api
