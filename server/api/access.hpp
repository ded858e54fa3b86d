#pragma once

#include "audit/recorder.hpp"
#include "base/clock.hpp"
#include "http/access.hpp"
#include "identity/allowance.hpp"
#include "identity/authenticator.hpp"
#include "identity/authorizer.hpp"

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

/// Admits requests by their tokens, limits the calls of each account, and records every refusal in the audit
/// log.
class access final : public http::access_policy {
public:
    struct dependencies {
        const identity::authenticator& authenticator;
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
    result<void> still_admitted(const http::admission& caller) const override;
    void record_refusal(const http::request& request, const error& failure,
                        http::respond done) const override;
    void record_early_refusal(std::string_view client_address, std::string_view reason) const override;

private:
    /// Counts the request; `rate_limited` if the account made too many.
    [[nodiscard]] result<void> count_call(const identity::principal& principal) const;

    dependencies deps_;
    mutable std::optional<identity::allowance> calls_of_user_; ///< none: no limit
    mutable std::optional<identity::allowance> calls_of_admin_;
};

} // namespace breakwater::api
