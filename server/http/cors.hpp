#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace breakwater::http {

/// Whether a browser would send this as a page's origin (RFC 6454 section 6.2): scheme, host in lower case,
/// and a port where it isn't the scheme's own; no path.
[[nodiscard]] bool is_origin(std::string_view text) noexcept;

/// Which web pages may read our answers (the Fetch standard, section 3.2).
class cors_policy {
public:
    /// `*`, or origins as browsers send them (`https://fleet.example.org`); compared byte for byte.
    explicit cors_policy(std::vector<std::string> origins);

    /// What Access-Control-Allow-Origin answers to that origin; empty: nothing.
    [[nodiscard]] std::string_view allows(std::string_view origin) const noexcept;
    /// Whether the answer depends on the origin, so that caches must keep one for each.
    [[nodiscard]] bool varies() const noexcept { return !any_ && !origins_.empty(); }

    /// The fields of an answer to a request from that origin (empty: it named none), each ending in CRLF.
    void append_fields(std::string_view origin, std::string& out) const;

    /// The fields that answer a preflight, beside those.
    static constexpr std::string_view allow_headers = "Authorization, Content-Type, X-Request-Id";
    static constexpr std::string_view max_age_seconds = "600";

private:
    bool any_ = false;
    std::vector<std::string> origins_;
};

} // namespace breakwater::http
