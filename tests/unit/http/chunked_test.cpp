#include "http/chunked.hpp"

#include <gtest/gtest.h>

namespace breakwater::http {
namespace {

struct decoded {
    verdict said;
    bool done = false;
    std::string body;
    std::string_view rest;
};

decoded decode(std::string_view bytes, std::size_t step = std::string_view::npos,
               std::size_t max_body = 100) {
    decoded result;
    chunked_decoder decoder{max_body};
    while (!bytes.empty() && !decoder.done() && !result.said.refused()) {
        std::string_view piece = bytes.substr(0, step);
        const std::size_t size = piece.size();
        result.said = decoder.feed(piece, result.body);
        bytes.remove_prefix(size - piece.size());
    }
    result.done = decoder.done();
    result.rest = bytes;
    return result;
}

TEST(chunked_decoder, joins_chunks_and_stops_behind_the_last) {
    for (const std::size_t step : {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::string_view::npos}) {
        const decoded result =
            decode("5\r\nhello\r\n00a;x=\"y\"\r\n, world...\r\n0\r\nT: v\r\nU:\r\n\r\nGET /", step);
        EXPECT_FALSE(result.said.refused()) << result.said.reason;
        EXPECT_TRUE(result.done);
        EXPECT_EQ(result.body, "hello, world...");
        EXPECT_EQ(result.rest, "GET /");
    }
    EXPECT_TRUE(decode("0\r\n\r\n").done);
}

// RFC 9112 section 7.1.1
TEST(chunked_decoder, reads_extensions_by_their_grammar) {
    for (const std::string_view good :
         {";a", ";a=b", ";a=\"\"", ";a=\"b;c\"", ";a=\"\\\"\"", ";a=\"\\\\\"", ";a;b=c;d=\"e\"", " ;a",
          "\t; a", ";a ;b", ";a =b", ";a = b", ";a= \"b\" ; c", ";a=\"\x80\"", ";!#$=~"}) {
        for (const std::size_t step : {std::size_t{1}, std::string_view::npos}) {
            const std::string bytes =
                "5" + std::string{good} + "\r\nhello\r\n0" + std::string{good} + "\r\n\r\n";
            const decoded result = decode(bytes, step);
            EXPECT_TRUE(result.done) << good << result.said.reason;
            EXPECT_EQ(result.body, "hello") << good;
        }
    }
    for (const std::string_view bad :
         {";",         " ",         "\t",      ";;a",    ";a;",    "; ",          ";a ",
          ";a=",       ";a==b",     ";a=b=c",  ";a=b c", ";a=b ",  ";=b",         ";a=\"b",
          ";a=\"b\"c", ";a=\"b\" ", ";a=\"\\", ";(a)",   ";a=(b)", ";a=\"\x7f\"", ";a=\"\n\"",
          ";a\n",      ";a,b",      ";\x80",   "=a",     ",a"}) {
        const std::string bytes = "5" + std::string{bad} + "\r\nhello\r\n0\r\n\r\n";
        const decoded result = decode(bytes);
        EXPECT_EQ(result.said.status, 400U) << bad;
        EXPECT_EQ(result.body, "") << bad;
    }
}

TEST(chunked_decoder, refuses_what_is_malformed) {
    for (const std::string_view bad : {"\r\n",
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
        const decoded result = decode(bad);
        EXPECT_EQ(result.said.status, 400U) << bad;
        EXPECT_FALSE(result.done) << bad;
    }
}

TEST(chunked_decoder, keeps_every_bound) {
    const std::string hundred(100, 'a');
    EXPECT_TRUE(decode("64\r\n" + hundred + "\r\n0\r\n\r\n").done);
    EXPECT_EQ(decode("65\r\n" + hundred).said.status, 413U);
    EXPECT_EQ(decode("64\r\n" + hundred + "\r\n1\r\n").said.status, 413U);
    EXPECT_EQ(decode("ffffffffffffffff\r\n").said.status, 413U);
    EXPECT_EQ(decode("1;" + std::string(5000, 'x')).said.status, 400U);
    EXPECT_EQ(decode("1" + std::string(5000, ' ')).said.status, 400U);
    EXPECT_EQ(decode("1;x=\"" + std::string(5000, ' ')).said.status, 400U);
    std::string dribble;
    for (int i = 0; i < 100; ++i)
        dribble += "1;" + std::string(50, 'x') + "\r\na\r\n";
    EXPECT_EQ(decode(dribble).said.status, 400U);
    EXPECT_EQ(decode("0\r\nT: " + std::string(5000, 'x')).said.status, 431U);
}

} // namespace
} // namespace breakwater::http
