#include "http/request_validator.hpp"

#include "http/characters.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace breakwater::http {
namespace {

using namespace std::string_literals;

constexpr request_limits limits{
    .max_header_bytes = 2048, .max_target_bytes = 512, .max_fields = 20, .max_body_bytes = 10'000};

struct validation {
    verdict outcome;
    bool complete = false;
    request_head head;
};

/// Validates raw bytes in the same way as the session.
validation validate(std::string_view bytes) {
    validation result;
    head_search search;
    result.outcome = find_head(bytes, limits, search);
    result.complete = search.end != 0;
    if (!result.outcome.refused() && result.complete)
        result.outcome =
            read_head(bytes.substr(search.begin, search.end - search.begin), limits, result.head);
    return result;
}

struct row {
    const char* name;
    std::string bytes;
    unsigned status; ///< 0: accepted
};

/// Requests, byte for byte, with the expected status.
std::vector<row> table() {
    const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n";
    const std::string post = "POST / HTTP/1.1\r\nHost: a\r\n";
    const auto host = [](const std::string& value) {
        return "GET / HTTP/1.1\r\nHost: " + value + "\r\n\r\n";
    };
    const auto target = [](const std::string& value) {
        return "GET " + value + " HTTP/1.1\r\nHost: a\r\n\r\n";
    };
    const auto field = [&](const std::string& line) { return get + line + "\r\n\r\n"; };
    const auto framed = [&](const std::string& lines) { return post + lines + "\r\n\r\n"; };
    std::string many = get;
    for (int i = 0; i < 19; ++i)
        many += "X: y\r\n";
    return {
        // RFC 9112 section 2.2: lines
        {"plain", get + "\r\n", 0},
        {"an empty line before", "\r\n" + get + "\r\n", 0},
        {"two empty lines before", "\r\n\r\n" + get + "\r\n", 400},
        {"bare LF after the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400},
        {"bare LF after a field", "GET / HTTP/1.1\r\nHost: a\n\r\n", 400},
        {"bare LF at the end", get + "\n", 400},
        {"bare LF before", "\n" + get + "\r\n", 400},
        {"bare CR in the request line", "GET /\r HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"bare CR in a value", field("X: a\rb"), 400},
        {"CR CR LF", get + "X: a\r\r\n\r\n", 400},
        {"bare CR before", "\r" + get + "\r\n", 400},
        {"white space before the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400},
        {"tab before the first field", "GET / HTTP/1.1\r\n\tX: y\r\nHost: a\r\n\r\n", 400},
        {"space before the request line", " " + get + "\r\n", 400},
        {"a TLS hello", "\x16\x03\x01\x02"s, 400},
        {"a NUL first", "\0GET"s, 400},

        // section 3: the request line
        {"no version", "GET /\r\nHost: a\r\n\r\n", 400},
        {"a method only", "GET\r\nHost: a\r\n\r\n", 400},
        {"two spaces before the target", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"two spaces before the version", "GET /  HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"a space after the version", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400},
        {"tabs for spaces", "GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"a space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"a method that is not a token", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"an unknown method", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 0},
        {"HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", 0},
        {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505},
        {"HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
        {"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
        {"HTTP/0.9", "GET / HTTP/0.9\r\nHost: a\r\n\r\n", 505},
        {"HTTP/1.10", "GET / HTTP/1.10\r\nHost: a\r\n\r\n", 400},
        {"http in lower case", "GET / http/1.1\r\nHost: a\r\n\r\n", 400},
        {"HTTP/1,1", "GET / HTTP/1,1\r\nHost: a\r\n\r\n", 400},
        {"HTTP/ x", "GET / HTTP/x.1\r\nHost: a\r\n\r\n", 400},

        // section 3.2: the target's forms
        {"a path and a query", target("/a/b?c=d&e=%20"), 0},
        {"no slash", target("a"), 400},
        {"a fragment", target("/a#b"), 400},
        {"a control character", target("/a\x01"), 400},
        {"beyond ASCII", target("/\xc3\xbc"), 400},
        {"a NUL", target("/a\0b"s), 400},
        {"a quote", target("/\"a"), 400},
        {"a backslash", target("/\\a"), 400},
        {"absolute form", target("http://example.org:80/a?b"), 0},
        {"absolute form without a path", target("HTTPS://example.org"), 0},
        {"absolute form with a query only", target("http://example.org?a"), 0},
        {"absolute form without a host", target("http:///a"), 400},
        {"absolute form with user information", target("http://user:pw@example.org/"), 400},
        {"another scheme", target("ftp://example.org/"), 400},
        {"asterisk form", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 0},
        {"asterisk form with GET", target("*"), 400},
        {"authority form with GET", target("example.org:80"), 400},
        {"authority form", "CONNECT example.org:80 HTTP/1.1\r\nHost: a\r\n\r\n", 0},
        {"CONNECT with a path", "CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"the longest target", target("/" + std::string(511, 'a')), 0},
        {"a target too long", target("/" + std::string(512, 'a')), 414},
        {"a target much too long", target("/" + std::string(4000, 'a')), 414},
        {"a target too long, and no end", "GET /" + std::string(700, 'a'), 414},

        // section 3.2: Host
        {"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
        {"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400},
        {"two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400},
        {"a bad Host in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a b\r\n\r\n", 400},
        {"an empty Host", host(""), 400},
        {"a name and a port", host("fleet.example.org:8443"), 0},
        {"an empty port", host("a:"), 0},
        {"an IPv4 address", host("127.0.0.1:8000"), 0},
        {"an IPv6 address", host("[::1]"), 0},
        {"an IPv6 address and a port", host("[2001:db8::1]:8000"), 0},
        {"IPv6 without brackets", host("::1"), 400},
        {"IPv6 without an end", host("[::1"), 400},
        {"not IPv6", host("[::g]"), 400},
        {"IPv6 with a zone", host("[fe80::1%25eth0]"), 400},
        {"something after IPv6", host("[::1]a"), 400},
        {"a port that is not a number", host("a:b"), 400},
        {"a port too high", host("a:65536"), 400},
        {"the highest port", host("a:65535"), 0},
        {"two ports", host("a:1:2"), 400},
        {"user information", host("u@a"), 400},
        {"a path in Host", host("a/b"), 400},
        {"a list of hosts", host("a, b"), 400},
        {"a space in Host", host("a b"), 400},
        {"a name too long", host(std::string(256, 'a')), 400},
        {"a broken escape in Host", host("a%4"), 400},

        // sections 5.1 and 5.2: fields
        {"a space before the colon", field("X : y"), 400},
        {"a tab before the colon", field("X\t: y"), 400},
        {"no name", field(": y"), 400},
        {"no colon", field("X"), 400},
        {"a name that is not a token", field("X(Y): z"), 400},
        {"a name beyond ASCII", field("X\xc3\xbc: z"), 400},
        {"a NUL in a name", field("X\0: y"s), 400},
        {"a folded value", field("X: y\r\n z"), 400},
        {"a value folded by a tab", field("X: y\r\n\tz"), 400},
        {"an empty value", field("X:"), 0},
        {"tabs and spaces around a value", field("X: \t y z\t "), 0},
        {"a NUL in a value", field("X: a\0b"s), 400},
        {"a control character in a value", field("X: a\x07"), 400},
        {"DEL in a value", field("X: a\x7f"), 400},
        {"obs-text in a value", field("X: \xc3\xbc"), 0},
        {"a control character in a long value", field("X: abcdefgh\"ijklmnopqrs\x01tuvwxyz"), 400},
        {"a control character at the end of a long value", field("X: abcdefghijklmnopqrstuvw\x1f"), 400},
        {"quotes, a tab and obs-text in a long value", field("X: \"abcdef\\\"\t\xc3\xbc\"ghijklmnop"), 0},
        {"the maximum number of fields", many + "\r\n", 0},
        {"one field too many", many + "X: y\r\n\r\n", 431},
        {"a header too large", field("X: " + std::string(2048, 'a')), 431},
        {"a header too large, and no end", get + "X: " + std::string(2048, 'a'), 431},

        // section 6.1: Transfer-Encoding
        {"chunked", framed("Transfer-Encoding: chunked"), 0},
        {"Chunked", framed("transfer-encoding:  CHUNKED "), 0},
        {"chunked beside a length", framed("Transfer-Encoding: chunked\r\nContent-Length: 5"), 400},
        {"a length beside chunked", framed("Content-Length: 5\r\nTransfer-Encoding: chunked"), 400},
        {"gzip beside a length", framed("Content-Length: 5\r\nTransfer-Encoding: gzip"), 501},
        {"gzip", framed("Transfer-Encoding: gzip"), 501},
        {"identity", framed("Transfer-Encoding: identity"), 501},
        {"gzip, chunked", framed("Transfer-Encoding: gzip, chunked"), 501},
        {"chunked, identity", framed("Transfer-Encoding: chunked, identity"), 400},
        {"chunked, chunked", framed("Transfer-Encoding: chunked, chunked"), 400},
        {"chunked twice", framed("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"), 400},
        {"identity, then chunked", framed("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity"), 400},
        {"xchunked", framed("Transfer-Encoding: xchunked"), 501},
        {"chunked with a parameter", framed("Transfer-Encoding: chunked;q=1"), 400},
        {"chunked in quotes", framed("Transfer-Encoding: \"chunked\""), 400},
        {"chunked after a vertical tab",
         framed("Transfer-Encoding: \x0b"
                "chunked"),
         400},
        {"chunked and a comma", framed("Transfer-Encoding: chunked,"), 400},
        {"a comma and chunked", framed("Transfer-Encoding: ,chunked"), 400},
        {"no coding", framed("Transfer-Encoding:"), 400},
        {"chunked in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},

        // section 6.3: Content-Length
        {"a length", framed("Content-Length: 5"), 0},
        {"a length of zero", framed("Content-Length: 0"), 0},
        {"the largest body", framed("Content-Length: 10000"), 0},
        {"a body too large", framed("Content-Length: 10001"), 413},
        {"a body far too large", framed("Content-Length: 9999999999999999999"), 413},
        {"a length that overflows", framed("Content-Length: 18446744073709551621"), 400},
        {"the same length twice", framed("Content-Length: 5\r\nContent-Length: 5"), 400},
        {"two lengths", framed("Content-Length: 5\r\nContent-Length: 6"), 400},
        {"a list of lengths", framed("Content-Length: 5, 5"), 400},
        {"a sign", framed("Content-Length: +5"), 400},
        {"a negative length", framed("Content-Length: -5"), 400},
        {"a hexadecimal length", framed("Content-Length: 0x5"), 400},
        {"a length with a space", framed("Content-Length: 1 2"), 400},
        {"an empty length", framed("Content-Length:"), 400},
        {"a length in words", framed("Content-Length: five"), 400},

        // RFC 9110 section 5.3: singleton fields
        {"two Authorizations", field("Authorization: Bearer a\r\nAuthorization: Bearer b"), 400},
        {"the same Authorization twice", field("Authorization: Bearer a\r\nX: y\r\nauthorization: Bearer a"),
         400},
        {"two Content-Types", framed("Content-Type: application/json\r\nContent-Type: text/plain"), 400},
        {"two Content-Encodings", framed("Content-Encoding: gzip\r\nContent-Encoding: identity"), 400},
        {"two Origins", field("Origin: https://a\r\nOrigin: https://b"), 400},
        {"two Cookies", field("Cookie: a=b\r\nCookie: a=c"), 400},
        {"two keys", field("Sec-WebSocket-Key: a\r\nSec-WebSocket-Key: b"), 400},
        {"two versions", field("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 8"), 400},
        {"two methods in a preflight",
         field("Access-Control-Request-Method: GET\r\nAccess-Control-Request-Method: PUT"), 400},
        {"one of each",
         field("Authorization: a\r\nContent-Type: a\r\nContent-Encoding: a\r\nOrigin: a\r\nCookie: a"), 0},
        {"lists over several lines", field("Accept: a\r\nAccept: b\r\nConnection: a\r\nConnection: b"), 0},

        // RFC 9110 section 10.1.1: Expect
        {"100-continue", framed("Content-Length: 5\r\nExpect: 100-Continue"), 0},
        {"another expectation", framed("Expect: the unexpected"), 417},
    };
}

TEST(request_validator, returns_the_expected_status) {
    for (const row& entry : table()) {
        const validation result = validate(entry.bytes);
        EXPECT_EQ(result.outcome.status, entry.status) << entry.name << ": " << result.outcome.reason;
        EXPECT_TRUE(result.complete || entry.status != 0) << entry.name;
        EXPECT_EQ(result.outcome.reason.empty(), entry.status == 0) << entry.name;
    }
}

TEST(request_validator, returns_the_same_result_for_partial_input) {
    for (const row& entry : table()) {
        head_search search;
        verdict outcome;
        std::size_t length = 0;
        while (length < entry.bytes.size() && !outcome.refused() && search.end == 0)
            outcome = find_head(std::string_view{entry.bytes}.substr(0, ++length), limits, search);
        request_head head;
        if (!outcome.refused() && search.end != 0)
            outcome = read_head(std::string_view{entry.bytes}.substr(search.begin, search.end - search.begin),
                                limits, head);
        EXPECT_EQ(outcome.status != 0, entry.status != 0) << entry.name << ": " << outcome.reason;
    }
}

TEST(request_validator, waits_for_the_rest_of_a_valid_header) {
    const std::string whole = "\r\nPOST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const validation result = validate(std::string_view{whole}.substr(0, length));
        EXPECT_FALSE(result.outcome.refused()) << length << result.outcome.reason;
        EXPECT_FALSE(result.complete) << length;
    }
}

TEST(request_validator, parses_a_header) {
    const validation result = validate("PUT /a/b?c=d HTTP/1.1\r\nHoSt: h:1\r\nContent-Length: 0042\r\n"
                                       "X-Y:  z \r\nExpect: 100-continue\r\n\r\nrest");
    ASSERT_FALSE(result.outcome.refused()) << result.outcome.reason;
    const request_head& head = result.head;
    EXPECT_EQ(head.method, method::put);
    EXPECT_EQ(head.target, "/a/b?c=d");
    EXPECT_EQ(head.path, "/a/b");
    EXPECT_EQ(head.query, "c=d");
    EXPECT_EQ(head.host, "h:1");
    EXPECT_EQ(head.body, framing::length);
    EXPECT_EQ(head.content_length, 42U);
    EXPECT_TRUE(head.keep_alive);
    EXPECT_TRUE(head.expects_continue);
    ASSERT_EQ(head.fields.size(), 4U);
    EXPECT_EQ(head.fields[2].name, "X-Y");
    EXPECT_EQ(head.fields[2].value, "z");
}

TEST(request_validator, takes_the_host_from_the_absolute_form) {
    const validation result = validate("GET http://b:2?q HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(result.head.host, "b:2");
    EXPECT_EQ(result.head.path, "/");
    EXPECT_EQ(result.head.query, "q");
}

TEST(request_validator, determines_keep_alive) {
    const auto keeps_alive = [](const std::string& version, const std::string& fields) {
        return validate("GET / HTTP/" + version + "\r\nHost: a\r\n" + fields + "\r\n").head.keep_alive;
    };
    EXPECT_TRUE(keeps_alive("1.1", ""));
    EXPECT_FALSE(keeps_alive("1.1", "Connection: close\r\n"));
    EXPECT_FALSE(keeps_alive("1.1", "Connection: x, CLOSE\r\n"));
    EXPECT_FALSE(keeps_alive("1.1", "Connection: keep-alive\r\nConnection: close\r\n"));
    EXPECT_FALSE(keeps_alive("1.0", ""));
    EXPECT_TRUE(keeps_alive("1.0", "Connection: Keep-Alive\r\n"));
    EXPECT_FALSE(keeps_alive("1.0", "Connection: keep-alive, close\r\n"));
}

TEST(request_validator, ignores_the_expectation_of_an_http_1_0_client) {
    EXPECT_FALSE(validate("POST / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n").head.expects_continue);
}

TEST(request_validator, overwrites_the_previous_request) {
    request_head head;
    const std::string first =
        "POST http://b/ HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";
    const std::string second = "GET / HTTP/1.1\r\nHost: c\r\n\r\n";
    ASSERT_FALSE(read_head(first, limits, head).refused());
    ASSERT_FALSE(read_head(second, limits, head).refused());
    EXPECT_EQ(head.host, "c");
    EXPECT_EQ(head.body, framing::none);
    EXPECT_EQ(head.content_length, 0U);
    EXPECT_FALSE(head.expects_continue);
    EXPECT_EQ(head.fields.size(), 1U);
}

// Ten thousand mutated requests: every accepted request must be well-formed.
TEST(request_validator, accepts_only_well_formed_mutations) {
    std::mt19937 random{7};
    const auto entries = table();
    const std::string special_characters = "\r\n \t:,;/\0%\x7f\xff[]@#aH1"s;
    for (int round = 0; round < 10'000; ++round) {
        std::string bytes = entries[random() % entries.size()].bytes;
        for (unsigned i = random() % 4 + 1; i > 0; --i) {
            const std::size_t at = random() % bytes.size();
            switch (random() % 3) {
            case 0: bytes[at] = special_characters[random() % special_characters.size()]; break;
            case 1: bytes.insert(at, 1, special_characters[random() % special_characters.size()]); break;
            default: bytes.erase(at, random() % 3); break;
            }
            if (bytes.empty())
                bytes = "x";
        }
        const validation result = validate(bytes);
        if (result.outcome.refused() || !result.complete)
            continue;
        const request_head& head = result.head;
        EXPECT_TRUE(head.path.starts_with('/') || head.path == "*" || head.method_name == "CONNECT");
        EXPECT_TRUE(std::ranges::all_of(head.target, is_target_character));
        EXPECT_LE(head.content_length, limits.max_body_bytes);
        unsigned framings = 0;
        for (const auto& field : head.fields) {
            EXPECT_TRUE(!field.name.empty() && std::ranges::all_of(field.name, is_token_character));
            EXPECT_TRUE(std::ranges::all_of(field.value, is_value_character));
            framings +=
                equals_lower(field.name, "content-length") || equals_lower(field.name, "transfer-encoding");
        }
        EXPECT_EQ(framings, head.body == framing::none ? 0U : 1U);
    }
}

} // namespace
} // namespace breakwater::http
