#pragma once

#include "audit/recorder.hpp"
#include "base/clock.hpp"
#include "http/access.hpp"
#include "identity/authorizer.hpp"
#include "registry/device_registry.hpp"
#include "registry/user_registry.hpp"
#include "services/allowance.hpp"
#include "services/token_service.hpp"

#include <string_view>

namespace breakwater::api {

/// The requirement of a route whose handler does `what`.
[[nodiscard]] http::requirement needs(identity::action what);

/// The caller of an admitted request.
[[nodiscard]] inline identity::principal principal_of(const http::request& request) {
    return request.admission.as<identity::principal>();
}

/// The token of `Authorization: Bearer …` (RFC 6750 section 2.1); none if the header is missing.
[[nodiscard]] std::optional<std::string_view> bearer_token(const http::request& request) noexcept;

/// Verifies tokens against the registries and records every refusal in the audit log.
class access final : public http::access_policy {
public:
    struct dependencies {
        const services::token_service& tokens;
        const registry::user_registry& users;
        const registry::device_registry& devices;
        breakwater::audit::recorder& audit;
        const clock& time;
    };
    /// How many requests per minute an account may make, by its role; 0 for no limit.
    struct quotas {
        std::int64_t calls_of_user = 0;
        std::int64_t calls_of_admin = 0;
    };
    access(const dependencies& deps, const quotas& limits);

    result<http::admission> admit(const http::requirement& needed,
                                  const http::request& request) const override;
    /// The person whom an access token identifies; `unauthenticated` if the token is not valid.
    [[nodiscard]] result<identity::principal> authenticate_person(std::string_view token) const;
    /// Sets the holder of a genuine token, even an expired one, as the actor of the refusal.
    void attribute(security_event& refusal, std::string_view token) const;
    result<void> still_admitted(const http::admission& caller) const override;
    /// Whether the tokens of the principal are still valid.
    [[nodiscard]] result<void> still_admitted(const identity::principal& principal) const;
    void record_refusal(const http::request& request, const error& failure,
                        http::respond done) const override;
    void record_rejection(std::string_view client_address, std::string_view reason) const override;

private:
    [[nodiscard]] result<identity::principal> authenticate_device(std::string_view token) const;

    /// Counts the request; `rate_limited` if the account made too many.
    [[nodiscard]] result<void> count_call(const identity::principal& principal) const;

    dependencies deps_;
    mutable std::optional<services::allowance> calls_of_user_; ///< none: no limit
    mutable std::optional<services::allowance> calls_of_admin_;
};

} // namespace breakwater::api
