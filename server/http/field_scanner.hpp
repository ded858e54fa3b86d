#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::http {

/// Scans a field value from left to right with the common grammar of RFC 9110 section 5.6: tokens, quoted
/// strings, parameters. Returned views point into the scanned text.
class field_scanner {
public:
    explicit field_scanner(std::string_view text) noexcept : rest_{text} {}

    [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }
    /// Skips optional white space (OWS, section 5.6.3).
    void skip_space() noexcept;
    /// Consumes `expected` if it is the next character.
    bool consume(char expected) noexcept;
    /// Consumes a token (section 5.6.2); empty if there is none.
    [[nodiscard]] std::string_view token() noexcept;
    /// Consumes a quoted string and returns it without quotes and escapes (section 5.6.4). Returns nothing if
    /// there is none or if it is not closed.
    [[nodiscard]] std::optional<std::string> quoted_string();
    /// A token or a quoted string.
    [[nodiscard]] std::optional<std::string> token_or_quoted_string();
    /// Skips to after the comma that ends this list element, or to the end of the text. Ignores commas in
    /// quoted strings.
    void skip_element() noexcept;

private:
    std::string_view rest_;
};

/// Whether `content_type` is the media type `type` (in lower case) with the charset UTF-8 or none (RFC 9110
/// section 8.3; JSON is always UTF-8, RFC 8259 section 8.1). Ignores other parameters, because recipients
/// must ignore unknown ones (RFC 2045 section 5.1). False for a malformed `content_type`.
[[nodiscard]] bool is_utf8_media_type(std::string_view content_type, std::string_view type);

/// The quoted opaque part of an entity tag, used for weak comparison (RFC 9110 section 8.8.3.2).
[[nodiscard]] std::string_view opaque_tag(std::string_view entity_tag) noexcept;

/// Whether an If-None-Match (RFC 9110 section 13.1.2) is `*` or contains the entity tag by weak comparison.
/// A malformed list matches nothing from the malformed element on.
[[nodiscard]] bool matches_entity_tag(std::string_view if_none_match, std::string_view entity_tag) noexcept;

/// Parses the weight of an element of Accept-Encoding or a similar list, in thousandths (RFC 9110
/// section 12.4.2). 1000 if `parameters` is empty; nothing if it is not a valid weight.
[[nodiscard]] std::optional<int> parse_weight(std::string_view parameters) noexcept;

} // namespace breakwater::http
