#include "identity/token_cache.hpp"

#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

namespace breakwater::identity {
namespace {

class token_cache_test : public testing::Test {
protected:
    static std::string token(int i) {
        std::string text(40, 'x');
        return text + std::to_string(i);
    }
    test::seeded_random random_;
    token_cache<int> cache_{256, random_};
};

TEST_F(token_cache_test, finds_only_what_was_put) {
    cache_.put("one", 1);
    cache_.put(token(2), 2);
    EXPECT_EQ(cache_.find("one"), 1);
    EXPECT_EQ(cache_.find(token(2)), 2);
    EXPECT_EQ(cache_.find(token(3)), std::nullopt);
    EXPECT_EQ(cache_.find(""), std::nullopt);
    EXPECT_EQ(cache_.find("on"), std::nullopt);
    EXPECT_EQ(cache_.find("ones"), std::nullopt);
}

TEST_F(token_cache_test, tells_tokens_with_the_same_end_apart) {
    cache_.put('a' + token(1), 1);
    EXPECT_EQ(cache_.find('b' + token(1)), std::nullopt);
    cache_.put('b' + token(1), 2);
    EXPECT_EQ(cache_.find('a' + token(1)), 1);
    EXPECT_EQ(cache_.find('b' + token(1)), 2);
}

TEST_F(token_cache_test, keeps_the_newest_within_its_capacity) {
    for (int i = 0; i < 10'000; ++i) {
        cache_.put(token(i), i);
        EXPECT_EQ(cache_.find(token(i)), i);
    }
    int kept = 0;
    for (int i = 0; i < 10'000; ++i)
        if (cache_.find(token(i)))
            ++kept;
    EXPECT_LE(kept, 256);
    EXPECT_GT(kept, 200) << "the tokens spread over the sets";
}

TEST_F(token_cache_test, replaces_the_oldest_of_tokens_that_share_a_set) {
    // Only the last bytes of a token determine its set.
    for (int i = 0; i < 5; ++i)
        cache_.put(std::to_string(i) + token(0), i);
    EXPECT_EQ(cache_.find("0" + token(0)), std::nullopt);
    for (int i = 1; i < 5; ++i)
        EXPECT_EQ(cache_.find(std::to_string(i) + token(0)), i);
}

} // namespace
} // namespace breakwater::identity
