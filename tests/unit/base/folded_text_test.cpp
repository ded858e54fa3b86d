#include "base/folded_text.hpp"

#include <gtest/gtest.h>

namespace breakwater {
namespace {

TEST(folded_text, has_neither_case_nor_accents) {
    EXPECT_EQ(folded("Roof 7"), "roof 7");
    EXPECT_EQ(folded("Łódź"), "lodz");
    EXPECT_EQ(folded("ŻÓŁĆ"), "zolc");
    EXPECT_EQ(folded("Straße"), "strasse");
    EXPECT_EQ(folded("ÆØÅ"), "aeoa");
    EXPECT_EQ(folded("İzmir"), "izmir");
    EXPECT_EQ(folded("Ελλάδα"), folded("ΕΛΛΆΔΑ"));
    EXPECT_EQ(folded("\xef\xac\x81n"), "fin") << "a ligature";
    EXPECT_EQ(folded("e\xcc\x81"), folded("\xc3\xa9")) << "a combining accent and the precomposed letter";
    EXPECT_EQ(folded("東京 2"), "東京 2");
}

TEST(folded_text, folds_only_ascii_in_invalid_utf8) {
    EXPECT_EQ(folded("A\xff"), "a\xff");
    EXPECT_EQ(folded("A\xc5"), "a\xc5");
    EXPECT_EQ(folded(std::string("A\0B\xff", 4)), std::string("a\0b\xff", 4));
    EXPECT_EQ(folded(""), "");
}

} // namespace
} // namespace breakwater
