#include "http/chunked.hpp"

#include <gtest/gtest.h>

namespace breakwater::http {
namespace {

struct decoded {
    verdict outcome;
    bool done = false;
    std::string body;
    std::string_view rest;
};

decoded decode(std::string_view bytes, std::size_t step = std::string_view::npos,
               std::size_t max_body = 100) {
    decoded result;
    chunked_decoder decoder{max_body};
    while (!bytes.empty() && !decoder.done() && !result.outcome.refused()) {
        std::string_view piece = bytes.substr(0, step);
        const std::size_t size = piece.size();
        result.outcome = decoder.feed(piece, result.body);
        bytes.remove_prefix(size - piece.size());
    }
    result.done = decoder.done();
    result.rest = bytes;
    return result;
}

TEST(chunked_decoder, joins_chunks_and_stops_after_the_last) {
    for (const std::size_t step : {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::string_view::npos}) {
        const decoded result =
            decode("5\r\nhello\r\n00a;x=\"y\"\r\n, world...\r\n0\r\nT: v\r\nU:\r\n\r\nGET /", step);
        EXPECT_FALSE(result.outcome.refused()) << result.outcome.reason;
        EXPECT_TRUE(result.done);
        EXPECT_EQ(result.body, "hello, world...");
        EXPECT_EQ(result.rest, "GET /");
    }
    EXPECT_TRUE(decode("0\r\n\r\n").done);
}

// RFC 9112 section 7.1.1
TEST(chunked_decoder, validates_extensions) {
    for (const std::string_view valid :
         {";a", ";a=b", ";a=\"\"", ";a=\"b;c\"", ";a=\"\\\"\"", ";a=\"\\\\\"", ";a;b=c;d=\"e\"", " ;a",
          "\t; a", ";a ;b", ";a =b", ";a = b", ";a= \"b\" ; c", ";a=\"\x80\"", ";!#$=~"}) {
        for (const std::size_t step : {std::size_t{1}, std::string_view::npos}) {
            const std::string bytes =
                "5" + std::string{valid} + "\r\nhello\r\n0" + std::string{valid} + "\r\n\r\n";
            const decoded result = decode(bytes, step);
            EXPECT_TRUE(result.done) << valid << result.outcome.reason;
            EXPECT_EQ(result.body, "hello") << valid;
        }
    }
    for (const std::string_view invalid :
         {";",         " ",         "\t",      ";;a",    ";a;",    "; ",          ";a ",
          ";a=",       ";a==b",     ";a=b=c",  ";a=b c", ";a=b ",  ";=b",         ";a=\"b",
          ";a=\"b\"c", ";a=\"b\" ", ";a=\"\\", ";(a)",   ";a=(b)", ";a=\"\x7f\"", ";a=\"\n\"",
          ";a\n",      ";a,b",      ";\x80",   "=a",     ",a"}) {
        const std::string bytes = "5" + std::string{invalid} + "\r\nhello\r\n0\r\n\r\n";
        const decoded result = decode(bytes);
        EXPECT_EQ(result.outcome.status, 400U) << invalid;
        EXPECT_EQ(result.body, "") << invalid;
    }
}

TEST(chunked_decoder, refuses_malformed_bodies) {
    for (const std::string_view invalid : {"\r\n",
                                           "x\r\n",
                                           "5\nhello",
                                           "5 \r\nhello",
                                           " 5\r\nhello",
                                           "0x5\r\nhello",
                                           "-5\r\n",
                                           "5;a\nhello",
                                           "5\r\nhello0\r\n",
                                           "5\r\nhello\n0\r\n",
                                           "5\r\nhelloo\r\n",
                                           "0\r\n\n",
                                           "0\r\n\rx",
                                           "0\r\n T: v\r\n",
                                           "0\r\nT : v\r\n",
                                           "0\r\nT\r\n\r\n",
                                           "0\r\nT: v\n\r\n",
                                           "5;\x01\r\nhello",
                                           ";\r\n",
                                           "00000000000000000\r\n\r\n"}) {
        const decoded result = decode(invalid);
        EXPECT_EQ(result.outcome.status, 400U) << invalid;
        EXPECT_FALSE(result.done) << invalid;
    }
}

TEST(chunked_decoder, enforces_every_limit) {
    const std::string hundred_bytes(100, 'a');
    EXPECT_TRUE(decode("64\r\n" + hundred_bytes + "\r\n0\r\n\r\n").done);
    EXPECT_EQ(decode("65\r\n" + hundred_bytes).outcome.status, 413U);
    EXPECT_EQ(decode("64\r\n" + hundred_bytes + "\r\n1\r\n").outcome.status, 413U);
    EXPECT_EQ(decode("ffffffffffffffff\r\n").outcome.status, 413U);
    EXPECT_EQ(decode("1;" + std::string(5000, 'x')).outcome.status, 400U);
    EXPECT_EQ(decode("1" + std::string(5000, ' ')).outcome.status, 400U);
    EXPECT_EQ(decode("1;x=\"" + std::string(5000, ' ')).outcome.status, 400U);
    std::string small_chunks;
    for (int i = 0; i < 100; ++i)
        small_chunks += "1;" + std::string(50, 'x') + "\r\na\r\n";
    EXPECT_EQ(decode(small_chunks).outcome.status, 400U);
    EXPECT_EQ(decode("0\r\nT: " + std::string(5000, 'x')).outcome.status, 431U);
}

} // namespace
} // namespace breakwater::http
