#include "load/response_reader.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace breakwater::bench {
namespace {

using state = response_reader::state;

constexpr std::string_view whole =
    "HTTP/1.1 201 Created\r\nServer: x\r\nCONTENT-length: 5\r\nRetry-After: 7\r\n\r\nhello";

TEST(response_reader, reads_a_response_in_two_pieces) {
    for (std::size_t cut = 0; cut < whole.size(); ++cut) {
        response_reader reader;
        ASSERT_EQ(reader.feed(whole.substr(0, cut)), state::incomplete) << cut;
        ASSERT_EQ(reader.feed(whole.substr(cut)), state::complete) << cut;
        EXPECT_EQ(reader.status(), 201U);
        EXPECT_EQ(reader.body(), "hello");
        EXPECT_EQ(reader.retry_after(), 7U);
        EXPECT_TRUE(reader.keeps_alive());
    }
}

TEST(response_reader, reads_a_response_in_chunks) {
    constexpr std::string_view in_chunks =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\nA\r\nlo, world!\r\n0\r\n\r\n";
    for (std::size_t cut = 0; cut < in_chunks.size(); ++cut) {
        response_reader reader;
        ASSERT_EQ(reader.feed(in_chunks.substr(0, cut)), state::incomplete) << cut;
        ASSERT_EQ(reader.feed(in_chunks.substr(cut)), state::complete) << cut;
        EXPECT_EQ(reader.body(), "hello, world!");
        reader.reset();
        EXPECT_EQ(reader.feed(whole), state::complete);
        EXPECT_EQ(reader.body(), "hello");
    }
}

TEST(response_reader, is_reusable_and_detects_connection_close) {
    response_reader reader;
    ASSERT_EQ(reader.feed(whole), state::complete);
    reader.reset();
    ASSERT_EQ(reader.feed("HTTP/1.1 204 No Content\r\nConnection: Close\r\n\r\n"), state::complete);
    EXPECT_EQ(reader.status(), 204U);
    EXPECT_EQ(reader.body(), "");
    EXPECT_EQ(reader.retry_after(), 0U);
    EXPECT_FALSE(reader.keeps_alive());
}

TEST(response_reader, refuses_invalid_responses) {
    for (const std::string_view response : {
             "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
             "HTTP/1.1 2x0 OK\r\nContent-Length: 0\r\n\r\n",
             "HTTP/1.1 200 OK\r\n\r\n",
             "HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\n",
             "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc",
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nabc",
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffff\r\n",
             "HTTP/1.1 200 OK\r\nno colon\r\nContent-Length: 0\r\n\r\n",
             "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab",
         }) {
        response_reader reader;
        EXPECT_EQ(reader.feed(response), state::broken) << response;
    }
    response_reader endless;
    const std::string junk(response_reader::max_bytes, 'x');
    EXPECT_EQ(endless.feed(junk), state::incomplete);
    EXPECT_EQ(endless.feed("x"), state::broken);
}

} // namespace
} // namespace breakwater::bench
