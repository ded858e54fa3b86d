#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::http {

/// Reads a field's value from left to right by the grammar that structured fields share (RFC 9110
/// section 5.6): tokens, quoted strings, parameters. Views point into the text it was given.
class field_scanner {
public:
    explicit field_scanner(std::string_view text) noexcept : rest_{text} {}

    [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }
    /// OWS (section 5.6.3).
    void skip_space() noexcept;
    /// Takes that character where it is the next one.
    bool take(char wanted) noexcept;
    /// A token (section 5.6.2); empty where there is none.
    [[nodiscard]] std::string_view token() noexcept;
    /// A quoted string without its quotes and escapes (section 5.6.4); none where it isn't one, or isn't
    /// closed.
    [[nodiscard]] std::optional<std::string> quoted_string();
    /// A token or a quoted string.
    [[nodiscard]] std::optional<std::string> token_or_quoted_string();
    /// Past the comma that ends this element of a list, which is not one within a quoted string; to the end
    /// where there is none.
    void skip_element() noexcept;

private:
    std::string_view rest_;
};

/// Whether a Content-Type names that media type (in lower case), and UTF-8 where it names a charset (RFC 9110
/// section 8.3; JSON has no other, RFC 8259 section 8.1). Other parameters are ignored, for recipients must
/// ignore those that they don't know (RFC 2045 section 5.1); a malformed type is none.
[[nodiscard]] bool is_utf8_of(std::string_view content_type, std::string_view type);

/// An entity tag's opaque part with its quotes: what weak comparison compares (RFC 9110 section 8.8.3.2).
[[nodiscard]] std::string_view opaque_tag(std::string_view entity_tag) noexcept;

/// Whether an If-None-Match (RFC 9110 section 13.1.2) holds that entity tag, compared weakly, or is `*`. What
/// is malformed matches nothing.
[[nodiscard]] bool matches_entity_tag(std::string_view if_none_match, std::string_view entity_tag) noexcept;

/// The weight of an element of Accept-Encoding and its kin, in thousandths (RFC 9110 section 12.4.2); 1000
/// where it has none, and nothing where what follows isn't a weight.
[[nodiscard]] std::optional<int> weight_of(std::string_view parameters) noexcept;

} // namespace breakwater::http
