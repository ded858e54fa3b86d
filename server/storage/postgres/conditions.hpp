#pragma once

#include "storage/postgres/connection.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace breakwater::storage::postgres {

/// The WHERE clause of a query whose filters are known only at run time. The conditions are literals with a
/// `?` for each value; values are always bound, never inserted into the text.
class conditions {
public:
    using value = std::variant<std::int64_t, bool, std::string_view, uuid>;

    /// `values` must outlive the statement they are bound to.
    template <class... Values>
    void add(std::string_view condition, const Values&... values) {
        text_ += text_.empty() ? " WHERE " : " AND ";
        std::size_t number = values_.size();
        for (const char character : condition) {
            text_ += character == '?' ? '$' : character;
            if (character == '?')
                text_ += std::to_string(++number);
        }
        (values_.emplace_back(values), ...);
    }
    /// The parameter that follows those of the conditions, as `$4`.
    [[nodiscard]] std::string next_parameter() const { return '$' + std::to_string(values_.size() + 1); }
    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    /// Binds all values in order. Returns the number of the next parameter.
    int bind_to(statement& query) const {
        int at = 0;
        for (const value& bound : values_) {
            ++at;
            std::visit([&](const auto& alternative) { query.bind_one(at, alternative); }, bound);
        }
        return at + 1;
    }

private:
    std::string text_;
    std::vector<value> values_;
};

[[nodiscard]] inline std::int64_t micros(timestamp at) noexcept {
    return at.time_since_epoch().count();
}

} // namespace breakwater::storage::postgres
