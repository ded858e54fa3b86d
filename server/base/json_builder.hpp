#pragma once

#include <string>
#include <string_view>

namespace breakwater {

/// Builds an object or an array from complete JSON values, for documents whose structure is not a struct.
class json_builder {
public:
    [[nodiscard]] static json_builder object() { return json_builder{'{', '}'}; }
    [[nodiscard]] static json_builder array() { return json_builder{'[', ']'}; }

    /// Adds an element to an array. REQUIRES: `value` is JSON.
    void add(std::string_view value);
    /// Adds a member to an object. REQUIRES: `value` is JSON.
    void add(std::string_view key, std::string_view value);
    [[nodiscard]] bool empty() const noexcept { return text_.size() == 1; }
    [[nodiscard]] std::string finish() &&;

private:
    json_builder(char open, char close) : text_{open}, close_{close} {}

    std::string text_;
    char close_;
};

/// `text` as a JSON string with quotes.
[[nodiscard]] std::string json_string(std::string_view text);

/// `json` with one member or element a line, indented by two spaces, and a line break at the end. Ignores
/// white space between the tokens. REQUIRES: `json` is valid.
[[nodiscard]] std::string indented_json(std::string_view json);

} // namespace breakwater
