#pragma once

#include "base/clock.hpp"
#include "http/access.hpp"
#include "services/allowance.hpp"
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
    /// Calls in a minute that an account may make, by its role; 0: as many as it likes.
    struct quotas {
        std::int64_t calls_of_user = 0;
        std::int64_t calls_of_admin = 0;
    };
    access(const parts& with, const quotas& chosen);

    result<http::principal> admit(http::credential needed, const http::request& asked) const override;
    /// The person of an access token.
    [[nodiscard]] result<http::principal> person(std::string_view token) const;
    /// Makes whom a genuine token was issued to the actor of the refusal, however old it is.
    void attribute(security_event& refusal, std::string_view token) const;
    result<void> still_admitted(const http::principal& who) const override;
    void refused(const http::request& asked, const error& why, http::respond done) const override;
    void turned_away(std::string_view client_address, std::string_view reason) const override;

private:
    [[nodiscard]] result<http::principal> device(std::string_view token) const;

    /// Counts the call; `rate_limited` where the account made too many.
    [[nodiscard]] result<void> count_call(const http::principal& who) const;

    parts with_;
    mutable std::optional<services::allowance> calls_of_user_; ///< none: no limit
    mutable std::optional<services::allowance> calls_of_admin_;
};

} // namespace breakwater::api
