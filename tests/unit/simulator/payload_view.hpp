#pragma once

#include "base/json_text.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::test {

/// Reads a payload as a client would. A missing member fails the test.
class payload_view {
public:
    explicit payload_view(std::string_view text) {
        auto parsed = read_json(text);
        EXPECT_TRUE(parsed) << text;
        if (parsed)
            document_ = std::move(*parsed);
    }

    [[nodiscard]] bool has(std::string_view key) const { return document_.find(key) != nullptr; }
    [[nodiscard]] std::string raw(std::string_view key) const {
        const auto* const member = document_.find(key);
        EXPECT_NE(member, nullptr) << key << " in " << document_.text;
        return member ? std::string{document_.value(*member)} : std::string{"null"};
    }
    [[nodiscard]] std::string text(std::string_view key) const {
        const std::string token = raw(key);
        EXPECT_TRUE(token.starts_with('"')) << key;
        return token.starts_with('"') ? unescape_json_string(token) : token;
    }
    [[nodiscard]] double number(std::string_view key) const {
        const auto* const member = document_.find(key);
        if (member == nullptr || member->kind != json_kind::number) {
            ADD_FAILURE() << key << " is not a number in " << document_.text;
            return 0;
        }
        return std::stod(std::string{document_.value(*member)});
    }
    [[nodiscard]] payload_view object(std::string_view key) const { return payload_view{raw(key)}; }
    [[nodiscard]] std::vector<std::string> keys() const {
        std::vector<std::string> all;
        for (const auto& member : document_.members)
            all.push_back(member.key);
        std::ranges::sort(all);
        return all;
    }
    [[nodiscard]] const std::string& document() const { return document_.text; }

private:
    json_document document_;
};

} // namespace breakwater::test
