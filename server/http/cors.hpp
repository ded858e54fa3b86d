#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace breakwater::http {

/// Whether `text` is an origin in the form that browsers send (RFC 6454 section 6.2): scheme and host in
/// lower case, the port unless it is the default of the scheme, no path.
[[nodiscard]] bool is_origin(std::string_view text) noexcept;

/// Decides which web pages may read the responses (Fetch standard, section 3.2).
class cors_policy {
public:
    /// `*`, or origins as browsers send them (`https://fleet.example.org`); compared byte for byte.
    explicit cors_policy(std::vector<std::string> origins);

    /// The value of Access-Control-Allow-Origin for that origin; empty if it is not allowed.
    [[nodiscard]] std::string_view allows(std::string_view origin) const noexcept;
    /// Whether the response depends on the origin, so that caches must store one per origin.
    [[nodiscard]] bool varies() const noexcept { return !any_ && !origins_.empty(); }

    /// Appends the response fields for a request from that origin (empty: none), each ending in CRLF.
    void append_fields(std::string_view origin, std::string& out) const;

    /// Additional field values of a preflight response.
    static constexpr std::string_view allow_headers = "Authorization, Content-Type, X-Request-Id";
    static constexpr std::string_view max_age_seconds = "600";

private:
    bool any_ = false;
    std::vector<std::string> origins_;
};

} // namespace breakwater::http
